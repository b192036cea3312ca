/** What the words of a problem tell beyond its code. Pure; words of another kind tell nothing. */
import type { RoomDetail } from '../../../main/contract/rooms.ts';

export interface KeyChange {
  kind: 'ssh' | 'tls';
  /** SHA-256, lower-case hex. */
  known: string;
  shown: string;
}

/** The fingerprints that a TRUST_CHANGED tells of a device; none when the words are of another kind. */
export function keyChanges(words: string): KeyChange[] {
  const found = /^(ssh|tls): known ([0-9a-f]{64}), shown ([0-9a-f]{64})$/.exec(words.trim());
  const [, kind, known, shown] = found ?? [];
  return (kind === 'ssh' || kind === 'tls') && known && shown ? [{ kind, known, shown }] : [];
}

export interface DoubtfulMacro {
  name: string;
  score: number;
  reasons: string[];
}

/** The macros that a MACRO_UNCERTAIN names, in its order. */
export function doubtfulMacros(words: string): DoubtfulMacro[] {
  const said = words.matchAll(/(?:^|\. )([^\s](?:(?!\. ).)*?) \((\d+) points: (.*?)\)(?=\. |$)/gsu);
  return [...said].map(([, name = '', score, reasons = '']) => ({
    name,
    score: Number(score),
    reasons: reasons.split('; ').filter(Boolean),
  }));
}

/** The macros that a MACRO_IN_THE_WAY names; only those can be that were taken. */
export function macrosInTheWay({ problem, backup }: Pick<RoomDetail, 'problem' | 'backup'>): string[] {
  if (problem?.code !== 'MACRO_IN_THE_WAY') return [];
  const said = (problem.words ?? '').split(', ');
  const taken = backup.filter(({ kind, open }) => kind === 'taken' && open).map(({ name }) => name);
  return [...new Set(taken)].filter((name) => said.includes(name));
}
