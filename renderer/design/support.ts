/** What a technician sends to whoever helps. English always, because the helper need not read the chosen language. */
import type { Problem } from '../../main/contract/errors.ts';
import type { AppFacts } from '../state/model.ts';

/** Holds what the services told, which is redacted already, and nothing of the site's settings or logins. */
export function supportText(problem: Problem, happened: string, app: AppFacts | null): string {
  const lines = [
    `OTJ Migrator ${app?.version ?? '?'} (${app?.host ?? '?'}, ${app?.platform ?? '?'})`,
    `${problem.code}: ${happened}`,
    ...(problem.words ? [`words: ${problem.words}`] : []),
    ...(problem.effects ?? []).map(({ step, what, outcome }) => `${outcome}: ${what} [${step}]`),
  ];
  return `${lines.join('\n')}\n`;
}
