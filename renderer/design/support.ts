/** What a technician sends to whoever helps. English always, because the helper need not read the chosen language. */
import type { Problem } from '../../main/contract/errors.ts';
import type { AppFacts } from '../state/model.ts';

/** What else helps to understand a failure. */
export interface SupportFacts {
  /** When it happened, ISO 8601. */
  at?: string;
  /** Kind, model, software, how it was spoken to: nothing that tells whose it is. */
  device?: readonly string[];
}

/** Holds what the services told, which is redacted already, and nothing of the site's settings or logins. */
export function supportText(
  problem: Problem,
  happened: string,
  app: AppFacts | null,
  { at, device }: SupportFacts = {},
): string {
  const lines = [
    `OTJ Migrator ${app?.version ?? '?'} (${app?.host ?? '?'}, ${app?.platform ?? '?'})`,
    ...(at ? [`at ${at}`] : []),
    ...(device && device.length > 0 ? [`device: ${device.join(', ')}`] : []),
    `${problem.code}: ${happened}`,
    ...(problem.words ? [`words: ${problem.words}`] : []),
    ...(problem.requestId ? [`request-id: ${problem.requestId}`] : []),
    ...(problem.effects ?? []).map(({ step, what, outcome }) => `${outcome}: ${what} [${step}]`),
  ];
  return `${lines.join('\n')}\n`;
}
