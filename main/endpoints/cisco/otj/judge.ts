/** Which macros of a codec are the Service's One-Touch Join, with a score and the reasons. Pure; the signs are data. */
import { reachOf } from './flow.ts';
import { SIGNATURES } from './signatures.ts';
import { asciiLower } from './texts.ts';
import { CALLS, callsOut, type Finding, type Mark, type Traits, traitsOf } from './traits.ts';

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
  /** Its content without what an editor adds or takes away unasked. */
  text: string;
  traits: Traits;
  findings: Finding[];
  /** The other macros that import it. */
  importers: Set<Case>;
  linked: boolean;
}

class Court {
  private readonly cases: Case[];
  private readonly certain = new Set<Case>();
  /** Imported by a macro that is not OTJ's: it would fail without. */
  private readonly shared = new Set<Case>();

  constructor(macros: readonly Macro[]) {
    this.cases = macros.map((macro) => {
      const traits = traitsOf(macro.name, macro.content);
      const { linked } = traits;
      const text = plainOf(macro.content);
      return { macro, text, traits, findings: [...traits.findings], importers: new Set(), linked };
    });
    const byName = Map.groupBy(this.cases, ({ macro }) => asciiLower(macro.name));
    for (const one of this.cases)
      for (const { name, values } of one.traits.imports)
        for (const other of byName.get(name) ?? []) {
          if (other === one) continue;
          other.importers.add(one);
          this.linkBy(one, values(other.traits.linkExports));
        }
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
  private linkBy(one: Case, values: ReturnType<Traits['imports'][number]['values']>): void {
    const { program } = one.traits;
    if (one.linked || !program || values.length === 0 || !callsOut(program)) return;
    if (!reachOf(program, values, CALLS).used) return;
    one.linked = true;
    one.findings.push({ ...partnerOf, marks: [] });
  }

  private isMain(one: Case): boolean {
    const { writes, named, linkExports, veto } = one.traits;
    const linked = one.linked || (named && !writes && linkExports.size > 0);
    return linked && (writes || named) && !veto && !this.shared.has(one) && scoreOf(one.findings) >= certain;
  }

  /** What only the OTJ macro imports goes with it, unless it does something by itself. */
  private isPart(one: Case): boolean {
    return this.isTied(one) && (one.traits.passive || scoreOf(one.findings) >= possible);
  }

  private isTied(one: Case): boolean {
    const { importers, traits } = one;
    return importers.size > 0 && importers.isSubsetOf(this.certain) && !traits.veto && !this.shared.has(one);
  }

  /** A second copy, with its own name: of any part that shows in its code what it is. */
  private isCopy(one: Case): boolean {
    const { veto, linkExports, writes, hinted } = one.traits;
    if (veto || this.shared.has(one) || !one.importers.isSubsetOf(this.certain)) return false;
    if (!(linkExports.size > 0 || writes || hinted)) return false;
    return this.likeCertain(one) !== null;
  }

  private likeCertain(one: Case): Finding | null {
    const { passive, linkExports, exportNames } = one.traits;
    const others = [...this.certain].filter((other) => other !== one);
    if (others.some(({ text }) => text === one.text)) return { ...copyOf, marks: [] };
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

function told({ macro: { name } }: Case, verdict: Judgement['verdict'], findings: readonly Finding[]): Judgement {
  const score = Math.max(scoreOf(findings), verdict === 'uncertain' ? possible : 0);
  const reasons = [...new Set(findings.map(({ reason }) => reason))];
  const marks = findings.flatMap((finding) => finding.marks).sort((a, b) => a.from - b.from || b.to - a.to);
  return { name, verdict, score, reasons, marks };
}

function scoreOf(findings: readonly Finding[]): number {
  return findings.reduce((sum, { points }) => sum + points, 0);
}

/** A text without what an editor adds or takes away unasked. */
function plainOf(content: string): string {
  return content
    .replace(/^\ufeff/, '')
    .replace(/[ \t]*\r?\n/g, '\n')
    .trim();
}
