/** What to do on a codec, from what was read. Pure: the same facts give the same plan. */
import type { Baseline } from '../../contract/device.ts';
import type { ManualKind, PlannedStep } from '../../contract/plan.ts';
import type { Wish } from '../driver.ts';
import { isInCloud } from './facts/outside.ts';
import { troubleOf } from './facts/users.ts';
import type { CiscoFacts } from './facts.ts';
import { settingBefore } from './plan/backup.ts';
import { NAMED, STEP, step } from './plan/ids.ts';
import { macrosToTake } from './plan/take.ts';
import { tidyOf } from './plan/tidy.ts';
import { lifetimeWords, macroWords, managerWords, webexWords } from './plan/words.ts';

/**
 * The account comes before the old service is cut off; what can wait comes after it is, and the restart right behind the
 * removals, so that the room is without meetings as short as can be.
 */
export function plan(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): PlannedStep[] {
  const taken = macrosToTake(facts, wish, baseline);
  return [
    ...checks(facts),
    ...access(facts, wish, baseline),
    ...taken.map((name) =>
      step(`${STEP.removeMacro}${name}`, 'cutover', `Remove macro ${name}`, {
        setting: NAMED.macro(name),
        before: macroWords(facts, name),
        after: null,
        why: facts.judgements.find((one) => one.name === name)?.reasons.join('; ') || 'taken before, see the backup',
      }),
    ),
    ...(taken.length > 0 ? [step(STEP.runtime, 'cutover', 'Restart the macro runtime')] : []),
    ...tidying(facts, wish, baseline),
    ...(taken.length > 0 && wish.clearBookings
      ? [
          step(
            STEP.clearBookings,
            'cutover',
            'Take the old meetings off the codec (an undo brings them back only with the old macro)',
            { setting: 'Meetings', before: `${facts.bookings.ids.length}`, after: 'those that Infinity brings' },
          ),
        ]
      : []),
    step(STEP.others, 'proof', 'Prove that all other macros, panels and settings are as before'),
    step(STEP.meeting, 'proof', 'See meetings arrive from Infinity'),
  ];
}

/** What a person must do besides, whoever administers the codec from outside. */
export function manualSteps(facts: CiscoFacts): ManualKind[] {
  return [
    ...(facts.outside.manager === null ? [] : (['manager'] as const)),
    ...(isInCloud(facts.outside) ? (['webex-entry'] as const) : []),
    ...(!isInCloud(facts.outside) && facts.policy.lifetimeDays > 0 ? (['passphrase-end'] as const) : []),
  ];
}

function checks(facts: CiscoFacts): PlannedStep[] {
  const manager = managerWords(facts);
  const webex = webexWords(facts);
  const lifetime = isInCloud(facts.outside) ? null : lifetimeWords(facts);
  return [
    step(STEP.fit, 'check', 'Check that the codec is fit for the move'),
    step(STEP.call, 'check', 'Check that the codec is in no call'),
    step(STEP.clock, 'check', 'Check the clock of the codec'),
    ...(manager === null
      ? []
      : [notable(STEP.manager, `Ask about ${manager}, which may put macros, accounts, meetings and settings back`)]),
    ...(webex === null ? [] : [notable(STEP.webex, `Registered with Webex: ${webex}`)]),
    ...(lifetime === null ? [] : [notable(STEP.lifetime, `The passphrase of Infinity's account ends ${lifetime}`)]),
  ];
}

function notable(id: string, title: string): PlannedStep {
  return { ...step(id, 'check', title), notable: true };
}

/** Infinity does not sign in to a cloud codec: there it needs neither an account nor the web server. */
function access(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): PlannedStep[] {
  if (isInCloud(facts.outside)) return [];
  const { username } = wish.login;
  const user = facts.users?.find((one) => one.username === username);
  const mode = facts.settings['NetworkServices HTTP Mode'];
  const were = [mode, settingBefore(baseline, 'NetworkServices HTTP Mode')];
  const isPlain = wish.httpsOnly === true && were.includes('HTTP+HTTPS');
  return [
    ...(isPlain
      ? [
          step(STEP.httpMode, 'access', 'Leave only HTTPS on, without plain HTTP', {
            setting: 'NetworkServices HTTP Mode',
            before: mode,
            after: 'HTTPS',
          }),
        ]
      : []),
    ...(were.includes('Off') && !isPlain
      ? [
          step(STEP.httpMode, 'access', 'Switch the HTTPS service on, which Infinity needs', {
            setting: 'NetworkServices HTTP Mode',
            before: mode,
            after: mode === 'Off' ? 'HTTPS' : mode,
          }),
        ]
      : []),
    step(STEP.account, 'access', `Make account ${username} for Infinity and sign in as it`, {
      setting: NAMED.user(username),
      before: user ? [...user.roles, ...troubleOf(user)].join(', ') : null,
      after: 'Admin, active, passphrase sealed in the site file',
    }),
  ];
}

function tidying(facts: CiscoFacts, wish: Wish, baseline: Baseline | null): PlannedStep[] {
  const { httpClientOff, hosts } = tidyOf(facts, wish, baseline);
  const present = new Set(facts.allowedHosts?.map(({ expression }) => expression));
  return [
    // First: while it is on, an empty list would allow every host.
    ...(httpClientOff
      ? [
          step(STEP.httpClientOff, 'cutover', 'Switch HttpClient off, which no other macro uses', {
            setting: 'HttpClient Mode',
            before: facts.settings['HttpClient Mode'],
            after: 'Off',
          }),
        ]
      : []),
    ...(hosts.length > 0
      ? [
          step(
            STEP.allowedHosts,
            'cutover',
            'Take the hosts of the old macro off the list of allowed hosts',
            ...hosts.map((expression) => ({
              setting: NAMED.host(expression),
              before: present.has(expression) ? 'allowed' : null,
              after: null,
            })),
          ),
        ]
      : []),
  ];
}
