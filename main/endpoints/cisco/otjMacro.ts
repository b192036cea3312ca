/** Which macros of a codec are the Service's One-Touch Join, with a score and the reasons. Pure; the signs are data. */
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
const signaturesSchema = z.object({
  certain: z.number(),
  possible: z.number(),
  signs: z.array(signSchema),
  settingsOf: z.object({ points: z.number(), reason: z.string() }),
  never: z.array(z.object({ host: z.string(), reason: z.string() })),
});
type Sign = z.infer<typeof signSchema>;
const { certain, possible, signs, settingsOf, never } = signaturesSchema.parse(signatures);

/** @returns one judgement per macro, in the same order */
export function judgeMacros(macros: readonly Macro[]): Judgement[] {
  const first = macros.map(judge);
  const importers = macros.map(({ name }) => macros.flatMap((macro, at) => (imports(macro, name) ? [at] : [])));
  return first.map((judgement, at) => {
    const from = importers[at] ?? [];
    const onlyByOtj = from.length > 0 && from.every((importer) => first[importer]?.verdict === 'otj');
    return onlyByOtj ? add(judgement, settingsOf.points, settingsOf.reason) : judgement;
  });
}

function judge({ name, content }: Macro): Judgement {
  const lower = content.toLowerCase();
  const veto = never.find(({ host }) => callsHost(lower, host));
  const found = signs.filter((sign) => shows(sign, name.toLowerCase(), lower));
  const judged = found.reduce<Judgement>((sum, { points, reason }) => add(sum, points, reason), {
    name,
    verdict: 'other',
    score: 0,
    reasons: [],
  });
  if (!veto) return judged;
  // A macro of another product is not taken for a chance mention; if it calls the OTJ service as well, a person decides.
  return found.some((sign) => sign.host)
    ? { ...judged, verdict: 'uncertain', reasons: [...judged.reasons, veto.reason] }
    : { name, verdict: 'other', score: 0, reasons: [veto.reason] };
}

function add({ name, score, reasons }: Judgement, points: number, reason: string): Judgement {
  const total = score + points;
  const verdict = total >= certain ? 'otj' : total >= possible ? 'uncertain' : 'other';
  return { name, score: total, reasons: [...reasons, reason], verdict };
}

function shows(sign: Sign, name: string, content: string): boolean {
  const subject = sign.in === 'name' ? name : content;
  if (sign.host) return callsHost(subject, sign.host);
  if (sign.equals) return subject === sign.equals;
  if (sign.word) return subject.split(/[^a-z0-9]+/).includes(sign.word);
  return sign.text ? subject.includes(sign.text.toLowerCase()) : false;
}

/** Whether `host` or a name below it stands in the text as a whole host name. */
function callsHost(text: string, host: string): boolean {
  for (let at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + 1)) {
    const before = text[at - 1] ?? '';
    const after = text[at + host.length] ?? '';
    if (!/[a-z0-9-]/.test(before) && !/[a-z0-9-]/.test(after) && !/^\.[a-z0-9]/.test(text.slice(at + host.length)))
      return true;
  }
  return false;
}

/** Whether `macro` imports the macro called `name`: `from './name'`, `import('./name')` or `require('./name')`. */
function imports({ name: own, content }: Macro, name: string): boolean {
  if (own === name) return false;
  return ["'", '"', '`'].some((mark) =>
    [`./${name}`, `./${name}.js`].some((path) => content.includes(`${mark}${path}${mark}`)),
  );
}
