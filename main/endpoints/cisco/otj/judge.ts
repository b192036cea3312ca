/** Which macros of a codec are the Service's One-Touch Join, with a score and the reasons. Pure; the signs are data. */
import { TooTangled } from './budget.ts';
import { reachOf, type Value } from './flow.ts';
import { importsIn } from './imports.ts';
import { settledTraitsOf } from './settled.ts';
import { SIGNATURES } from './signatures.ts';
import { asciiLower } from './texts.ts';
import { CALLS, callsOut, type Finding, type Mark, type Traits } from './traits.ts';

export interface Macro {
  name: string;
  content: string;
  active: boolean;
}

export interface Judgement {
  name: string;
  verdict: 'otj' | 'uncertain' | 'other';
  score: number;
  reasons: string[];
  /** It shows that it is another product's: it is never taken, whatever anybody decides. */
  vetoed: boolean;
  /** Where in the content the signs stand, in its order. */
  marks: Mark[];
}

const { certain, possible, settingsOf, partnerOf, copyOf, siblingOf, doubts } = SIGNATURES;

/**
 * One judgement per macro, in the same order. Whether a macro is switched on is no matter. Never throws, whatever the
 * texts are; the time it takes grows with their length.
 */
export function judgeMacros(macros: readonly Macro[]): Judgement[] {
  return new Court(macros).judge();
}

/** A macro among the others. */
interface Case {
  macro: Macro;
  traits: Traits;
  findings: Finding[];
  /** The other macros that import it. */
  importers: Set<Case>;
  linked: boolean;
  /** Its program is too much to be followed: it is never certain. */
  tangled: boolean;
}

class Court {
  private readonly cases: Case[];
  private readonly certain = new Set<Case>();
  /** Imported by a macro that is not OTJ's: it would fail without. */
  private readonly shared = new Set<Case>();

  constructor(macros: readonly Macro[]) {
    this.cases = macros.map((macro) => {
      const traits = settledTraitsOf(macro.name, macro.content);
      const { linked, tangled } = traits;
      return { macro, traits, findings: [...traits.findings], importers: new Set(), linked, tangled };
    });
    const byName = Map.groupBy(this.cases, ({ macro }) => asciiLower(macro.name));
    for (const one of this.cases) {
      const { tangled, imports } = one.traits;
      const names = tangled ? importsIn(one.macro.content) : imports.map(({ name }) => name);
      for (const name of names) for (const other of byName.get(name) ?? []) if (other !== one) other.importers.add(one);
    }
    for (const one of this.cases) this.linkBy(one, byName);
  }

  judge(): Judgement[] {
    // What turns out to be shared is certain no more, and what hangs on it neither.
    do {
      this.certain.clear();
      for (const one of this.cases) if (this.isMain(one)) this.certain.add(one);
      for (let before = -1; before < this.certain.size; ) {
        before = this.certain.size;
        for (const one of this.cases) if (this.isPart(one) || this.isCopy(one)) this.certain.add(one);
      }
    } while (this.findShared());
    return this.cases.map((one) => this.judgementOf(one));
  }

  /** The macro has its host from one that it imports. */
  private linkBy(one: Case, byName: ReadonlyMap<string, readonly Case[]>): void {
    const { program } = one.traits;
    if (one.linked || !program || one.traits.imports.length === 0 || !callsOut(program)) return;
    try {
      const values: Value[] = [];
      for (const { name, values: valuesOf } of one.traits.imports)
        for (const other of byName.get(name) ?? [])
          if (other !== one) for (const value of valuesOf(other.traits.linkExports)) values.push(value);
      if (values.length === 0 || !reachOf(program, values, CALLS).used) return;
      one.linked = true;
      one.findings.push({ ...partnerOf, marks: [] });
    } catch (error) {
      if (!(error instanceof TooTangled)) throw error;
      // It has a link to the Service in hand; what it does with it is not known.
      one.tangled = true;
      one.findings.push({ points: possible, reason: doubts.tangled, marks: [] });
    }
  }

  private isMain(one: Case): boolean {
    const { writes, named, linkExports, veto } = one.traits;
    const linked = one.linked || (named && !writes && linkExports.size > 0);
    return (
      linked && !one.tangled && (writes || named) && !veto && !this.shared.has(one) && scoreOf(one.findings) >= certain
    );
  }

  /** What only the OTJ macro imports goes with it, unless it does something by itself. */
  private isPart(one: Case): boolean {
    return this.isTied(one) && (one.traits.passive || scoreOf(one.findings) >= possible);
  }

  private isTied(one: Case): boolean {
    const { importers, traits } = one;
    return (
      importers.size > 0 && !one.tangled && importers.isSubsetOf(this.certain) && !traits.veto && !this.shared.has(one)
    );
  }

  /** A second copy, with its own name: of any part that shows in its code what it is. */
  private isCopy(one: Case): boolean {
    const { veto, linkExports, writes, hinted } = one.traits;
    if (veto || one.tangled || this.shared.has(one) || !one.importers.isSubsetOf(this.certain)) return false;
    if (!(linkExports.size > 0 || writes || hinted)) return false;
    return this.likeCertain(one) !== null;
  }

  private likeCertain(one: Case): Finding | null {
    const { passive, linkExports, exportNames } = one.traits;
    const others = [...this.certain].filter((other) => other !== one);
    const text = plainOf(one.macro.content);
    if (others.some(({ macro }) => plainOf(macro.content) === text)) return { ...copyOf, marks: [] };
    const same = ({ traits }: Case) => traits.passive && traits.exportNames.join() === exportNames.join();
    const sibling = passive && linkExports.size > 0 && exportNames.length > 1 && others.some(same);
    return sibling ? { ...siblingOf, marks: [] } : null;
  }

  /** @returns whether there is one more */
  private findShared(): boolean {
    const before = this.shared.size;
    for (const one of this.certain) if (!one.importers.isSubsetOf(this.certain)) this.shared.add(one);
    return this.shared.size > before;
  }

  private judgementOf(one: Case): Judgement {
    const { veto, hinted, linked, writes } = one.traits;
    const { findings } = one;
    if (this.certain.has(one)) return told(one, 'otj', [...findings, ...this.tiesOf(one)]);
    if (veto) {
      // Another product's macro is not taken for a chance mention; if it may call the OTJ service too, a person decides.
      const mayBe = hinted || linked || writes;
      return mayBe ? told(one, 'uncertain', [...findings, veto]) : told(one, 'other', [veto]);
    }
    if (this.isTied(one)) return told(one, 'uncertain', [...findings, doubt(doubts.works)]);
    if (scoreOf(findings) < possible) return told(one, 'other', findings);
    return told(one, 'uncertain', [...findings, ...this.doubtsOf(one)]);
  }

  /** Why a macro is certain that is not so by itself. */
  private tiesOf(one: Case): Finding[] {
    if (this.isPart(one)) return [{ ...settingsOf, marks: [] }];
    return this.isMain(one) ? [] : [this.likeCertain(one) ?? []].flat();
  }

  private doubtsOf(one: Case): Finding[] {
    const { program, writes, named } = one.traits;
    if (one.tangled) return [doubt(doubts.tangled)];
    if (program === null) return [doubt(doubts.unreadable)];
    return [
      ...(one.linked ? [] : [doubt(doubts.link)]),
      ...(writes || named ? [] : [doubt(doubts.purpose)]),
      ...(this.shared.has(one) ? [doubt(doubts.shared)] : []),
    ];
  }
}

function doubt(reason: string): Finding {
  return { points: 0, reason, marks: [] };
}

function told(
  { macro: { name }, traits }: Case,
  verdict: Judgement['verdict'],
  findings: readonly Finding[],
): Judgement {
  const score = Math.max(scoreOf(findings), verdict === 'uncertain' ? possible : 0);
  const reasons = [...new Set(findings.map(({ reason }) => reason))];
  const marks = findings.flatMap((finding) => finding.marks).sort((a, b) => a.from - b.from || b.to - a.to);
  return { name, verdict, score, reasons, vetoed: traits.veto !== null, marks };
}

function scoreOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { points }) => sum + points, 0);
}

/** A text without what an editor adds or takes away unasked. */
function plainOf(content: string): string {
  const lines = content.replace(/^\ufeff/, '').split('\n');
  return lines.map(withoutEnd).join('\n').trim();
}

/** A line without one CR and then the blanks at its end; by hand, as a search is quadratic in long runs of blanks. */
function withoutEnd(line: string, at: number, { length }: readonly string[]): string {
  // The last line has no end.
  if (at === length - 1) return line;
  let end = line.endsWith('\r') ? line.length - 1 : line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  return line.slice(0, end);
}
