/** Words for what the services tell as data: problems, states, steps. */
import i18next from 'i18next';
import type { Problem } from '../../main/contract/errors.ts';
import type { JobKind } from '../../main/contract/jobs.ts';
import type { ImportOutcome } from '../../main/contract/lists.ts';
import type { Family, RoomState } from '../../main/contract/plan.ts';

export interface ProblemText {
  /** What happened, one sentence. */
  happened: string;
  /** What to do next, in terms of this window. */
  todo: string;
}

export function problemText({ code }: Pick<Problem, 'code'>): ProblemText {
  return { happened: i18next.t(`errors:${code}.happened`), todo: i18next.t(`errors:${code}.todo`) };
}

/** What is wrong with a list, and what to write there. */
export function listProblemText({ code, details }: Pick<ImportOutcome['problems'][number], 'code' | 'details'>) {
  // Which details a text wants is known to the services; a default makes i18next's types ask no more.
  const options = { ...details, defaultValue: '' };
  return [i18next.t(`listProblems:${code}.message`, options), i18next.t(`listProblems:${code}.todo`, options)] as const;
}

/** Names of states as keys: without spaces. */
const STATE_KEYS = {
  'not started': 'notStarted',
  ready: 'ready',
  'in progress': 'inProgress',
  migrated: 'migrated',
  'awaiting sync': 'awaitingSync',
  'needs attention': 'needsAttention',
  undone: 'undone',
} as const satisfies Record<RoomState, string>;

/** All states in the order in which a room goes through them. */
export const STATES = Object.keys(STATE_KEYS) as readonly RoomState[];

/** `needs you` for `needs attention`; the others as they are called everywhere. */
export function stateWord(state: RoomState): string {
  return i18next.t(`states:${STATE_KEYS[state]}`);
}

/**
 * The title of a step in the chosen language.
 * @param step id of the step; behind the colon is a name
 * @param fallback the title that came with it, for steps of a later version
 */
export function stepTitle(step: string, fallback: string): string {
  const [kind = '', ...name] = step.split(':');
  const key = `steps:${kind}`;
  if (!i18next.exists(key)) return fallback;
  // The kind comes from data, so its key is no literal; that it exists was just seen.
  const title: unknown = i18next.t(key as 'steps:backup', { name: name.join(':') });
  return typeof title === 'string' ? title : fallback;
}

/** `Migrating`, `Dry run`: a job as a heading. */
export function jobWord(kind: JobKind): string {
  return i18next.t(`common:job.${kind}`);
}

const FAMILY_KEYS = {
  'cisco-roomos': 'cisco',
  'poly-videoos': 'poly',
  'poly-group': 'polyGroup',
  'poly-trio': 'polyTrio',
  'poly-hdx': 'polyHdx',
  'poly-debut': 'polyDebut',
} as const satisfies Record<Family, string>;

export function familyWord(family: Family | null): string {
  if (family === null) return i18next.t('common:family.unknown');
  return i18next.t(`common:family.${FAMILY_KEYS[family]}`);
}
