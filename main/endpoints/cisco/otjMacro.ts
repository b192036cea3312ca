/** Which macros of a codec are the Service's One-Touch Join, with a score and the reasons. Pure; the signs are data. */
import { type Token, tokenizer } from 'acorn';
import { z } from 'zod';
import signatures from '../../../assets/macro-signatures.json' with { type: 'json' };

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
}

const signSchema = z.object({
  id: z.string(),
  in: z.enum(['name', 'content']),
  host: z.string().optional(),
  equals: z.string().optional(),
  word: z.string().optional(),
  text: z.string().optional(),
  points: z.number(),
  reason: z.string(),
});
const reasonSchema = z.object({ points: z.number(), reason: z.string() });
const signaturesSchema = z.object({
  certain: z.number(),
  possible: z.number(),
  signs: z.array(signSchema),
  mention: reasonSchema,
  settingsOf: reasonSchema,
  partnerOf: reasonSchema,
  never: z.array(z.object({ host: z.string(), reason: z.string() })),
});
type Sign = z.infer<typeof signSchema>;
type Reason = z.infer<typeof reasonSchema>;
const { certain, possible, signs, mention, settingsOf, partnerOf, never } = signaturesSchema.parse(signatures);

/** A macro as the signs see it, all in lower case. */
interface Subject {
  name: string;
  content: string;
  /** The texts within its code, comments left out; null when it is no JavaScript that can be read. */
  strings: string[] | null;
}

/** What is gathered on a macro. `evidence`: something in the code itself, without which nothing is certain. */
interface Case {
  name: string;
  score: number;
  reasons: string[];
  evidence: boolean;
  /** Another product's macro: at most uncertain. */
  veto: boolean;
}

/** @returns one judgement per macro, in the same order */
export function judgeMacros(macros: readonly Macro[]): Judgement[] {
  const subjects = macros.map(
    ({ name, content }): Subject => ({
      name: name.toLowerCase(),
      content: content.toLowerCase(),
      strings: stringsOf(content),
    }),
  );
  const alone = subjects.map((subject, at) => gather(subject, macros[at]?.name ?? ''));
  const certainAlone = alone.map((one) => verdictOf(one) === 'otj');
  return alone.map((one, at) => {
    const importers = subjects.flatMap((other, from) => (from !== at && imports(other, subjects[at]) ? [from] : []));
    const imported = subjects.flatMap((other, to) => (to !== at && imports(subjects[at], other) ? [to] : []));
    const settings = importers.length > 0 && importers.every((from) => certainAlone[from] || isOtjByPair(from));
    const partner = imported.some((to) => certainAlone[to]) && one.score >= possible;
    const told = [...(settings ? [settingsOf] : []), ...(partner ? [partnerOf] : [])];
    const whole = told.reduce((sum, reason) => add(sum, reason, true), one);
    return { name: one.name, verdict: verdictOf(whole), score: whole.score, reasons: whole.reasons };
  });

  /** The OTJ macro may know its hosts from its settings only: then the pair tells what it is. */
  function isOtjByPair(at: number): boolean {
    const one = alone[at];
    const tied = subjects.some((other, to) => to !== at && certainAlone[to] && imports(subjects[at], other));
    return one !== undefined && tied && one.score >= possible && verdictOf(add(one, partnerOf, true)) === 'otj';
  }
}

function gather(subject: Subject, name: string): Case {
  const veto = never.find(({ host }) => callsHost(subject.content, host));
  const empty: Case = { name, score: 0, reasons: [], evidence: false, veto: veto !== undefined };
  const found = signs.reduce((sum, sign) => weigh(sum, sign, subject), empty);
  if (!veto) return found;
  // A macro of another product is not taken for a chance mention; if it calls the OTJ service as well, a person decides.
  return found.evidence
    ? { ...found, score: Math.max(found.score, possible), reasons: [...found.reasons, veto.reason] }
    : { ...empty, reasons: [veto.reason] };
}

function weigh(sum: Case, sign: Sign, { name, content, strings }: Subject): Case {
  const { host } = sign;
  if (host) {
    // An address has no blanks; a sentence that is only shown or logged has.
    if (strings?.some((text) => !/\s/.test(text) && callsHost(text, host))) return add(sum, sign, true);
    if (!callsHost(content, host)) return sum;
    return add(sum, { points: mention.points, reason: `${mention.reason}: ${host}` });
  }
  const subject = sign.in === 'name' ? name : content;
  if (sign.equals) return subject === sign.equals ? add(sum, sign) : sum;
  if (sign.word) return subject.split(/[^a-z0-9]+/).includes(sign.word) ? add(sum, sign) : sum;
  return sign.text && subject.includes(sign.text.toLowerCase()) ? add(sum, sign) : sum;
}

function add(sum: Case, { points, reason }: Reason, evidence = false): Case {
  return { ...sum, score: sum.score + points, reasons: [...sum.reasons, reason], evidence: sum.evidence || evidence };
}

function verdictOf({ score, evidence, veto }: Case): Judgement['verdict'] {
  if (score >= certain && evidence && !veto) return 'otj';
  return score >= possible ? 'uncertain' : 'other';
}

/** Whether `host` or a name below it stands in the text as a whole host name. */
function callsHost(text: string, host: string): boolean {
  for (let at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + 1)) {
    const before = text[at - 1] ?? '';
    const rest = text.slice(at + host.length);
    if (!/[a-z0-9-]/.test(before) && !/^[a-z0-9-]|^\.[a-z0-9]/.test(rest)) return true;
  }
  return false;
}

/** Whether a macro imports another: `from './name'`, `import('./name')` or `require('./name')`. */
function imports(macro: Subject | undefined, other: Subject | undefined): boolean {
  return (
    other !== undefined &&
    (macro?.strings?.some((text) => text === `./${other.name}` || text === `./${other.name}.js`) ?? false)
  );
}

/** The string and template texts of a program, in lower case. */
function stringsOf(content: string): string[] | null {
  try {
    const options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true } as const;
    // Its types leave out the value that each token has.
    const tokens = [...tokenizer(content, options)] as (Token & { value: unknown })[];
    return tokens.flatMap(({ type, value }) => (TEXTS.has(type.label) ? [String(value).toLowerCase()] : []));
  } catch {
    return null;
  }
}

const TEXTS: ReadonlySet<string> = new Set(['string', 'template']);
