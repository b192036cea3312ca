/** What the facts about one device say together: its kind, with the reasons, and what the facts name in passing. Pure. */
import type { Fact } from '../contract/evidence.ts';
import type { Family } from '../contract/plan.ts';
import { KINDS, RULES, type Rule } from './rules.ts';
import { plain } from './words.ts';

const POINTS = { sure: 100, likely: 60, hint: 25 };
/** Each further sign of the same kind. */
const FURTHER = 5;
/** From here on a kind is named. */
const NAMED = 60;
/** A second kind so near to the first one is no slip: somebody has to look. */
const NEAR = 35;

export interface Verdict {
  /** Key of `kinds` in assets/device-fingerprints.json; null = not recognised. */
  kind: string | null;
  /** The driver for it. */
  family: Family | null;
  /** Whether it is a video system of a meeting room; null = not recognised. */
  ours: boolean | null;
  points: number;
  /** Why, the weightiest first. */
  reasons: string[];
  /** Another kind that is nearly as likely, in words. */
  rival: string | null;
}

/** What signs of one kind have in common. */
interface Case {
  points: number;
  reasons: string[];
}

export function judge(facts: readonly Fact[]): Verdict {
  const cases = [...casesOf(facts)].sort(([, a], [, b]) => b.points - a.points);
  const [first, second] = cases;
  if (!first || first[1].points < NAMED)
    return {
      kind: null,
      family: null,
      ours: null,
      points: first?.[1].points ?? 0,
      reasons: first?.[1].reasons ?? [],
      rival: null,
    };
  const [kind, { points, reasons }] = first;
  const { family = null, ours = false } = KINDS.get(kind) ?? {};
  const isNear = second !== undefined && second[1].points >= NAMED && points - second[1].points < NEAR;
  const rival = isNear ? `${nameOf(second[0])} (${second[1].reasons.join(', ')})` : null;
  // Where signs contradict each other no driver is chosen: a login would be tried on who knows what.
  return { kind, family: rival ? null : family, ours, points, reasons, rival };
}

/** For people, in English. */
export function nameOf(kind: string): string {
  return KINDS.get(kind)?.name ?? kind;
}

function casesOf(facts: readonly Fact[]): Map<string, Case> {
  const hits = RULES.filter((rule) => facts.some((fact) => matchOf(rule, fact))).sort(
    (a, b) => POINTS[b.weight] - POINTS[a.weight],
  );
  const cases = new Map<string, Case>();
  for (const { kind, weight, says } of hits) {
    const known = cases.get(kind);
    if (known) {
      known.points += FURTHER;
      known.reasons.push(says);
    } else cases.set(kind, { points: POINTS[weight], reasons: [says] });
  }
  return cases;
}

function matchOf({ source, fact: name, matches }: Rule, fact: Fact): RegExpExecArray | null {
  return fact.source === source && fact.name === name ? matches.exec(fact.value) : null;
}

const NAMED_IN_PASSING = ['model', 'software', 'serial', 'mac'] as const;

/** The model, software, serial number and MAC address that words of these facts hold, as facts of the same source. */
export function namedIn(facts: readonly Fact[]): Fact[] {
  return facts.flatMap((fact) =>
    RULES.flatMap((rule) => {
      const groups = matchOf(rule, fact)?.groups ?? {};
      return NAMED_IN_PASSING.flatMap((name) => {
        const value = groups[name];
        return value ? [{ source: fact.source, name, value: plain(value) }] : [];
      });
    }),
  );
}

/** One line of evidence for a person. @param where e.g. `HTTPS 443, SSH 22` */
export function evidenceOf(facts: readonly Fact[], { kind, reasons }: Verdict): string {
  const told = (name: string) => facts.find((fact) => fact.name === name)?.value;
  const model = [told('model'), told('software')].filter(Boolean).join(' ');
  const head = kind ? reasons[0] : reasons[0] ? `maybe: ${reasons[0]}` : unknownAs(facts);
  const named = facts.find(({ source, name }) => source === 'dns' && name === 'name')?.value;
  return [head, model, told('open'), named && `named ${named}`].filter(Boolean).join('; ');
}

function unknownAs(facts: readonly Fact[]): string {
  const told = ['trouble', 'title', 'server', 'banner', 'agent', 'subject']
    .map((name) => facts.find((fact) => fact.name === name)?.value)
    .find(Boolean);
  return told ? `not recognised (${told})` : 'not recognised';
}
