/** How a codec is brought back to what it was. Pure: the same facts give the same plan. */
import type { Baseline } from '../../../contract/device.ts';
import type { PlannedStep } from '../../../contract/plan.ts';
import type { Wish } from '../../driver.ts';
import type { SettingPath } from '../facts/settings.ts';
import type { CiscoFacts } from '../facts.ts';
import { hostsTaken, isOurAccount, settingBefore, wasActive } from './backup.ts';
import { NAMED, STEP, step } from './ids.ts';
import { macrosTaken } from './take.ts';
import { macroWords } from './words.ts';

/** Only what we changed is set again, and only what we took is put back. Meetings come with the old macro. */
export function planUndo(facts: CiscoFacts, wish: Wish, baseline: Baseline): PlannedStep[] {
  // The settings macro first, so that the other finds it when it starts.
  const taken = macrosTaken(baseline).reverse();
  const { username } = wish.login;
  return [
    step(STEP.undoFit, 'check', 'Check that the codec is fit for the undo'),
    // Before the macros, which call hosts as soon as they start.
    ...hostsBack(facts, hostsTaken(baseline)),
    ...settingBack(facts, baseline, 'HttpClient Mode'),
    ...taken.map((name) =>
      step(`${STEP.restoreMacro}${name}`, 'cutover', `Put macro ${name} back`, {
        setting: NAMED.macro(name),
        before: macroWords(facts, name),
        after: `as in the backup, ${wasActive(baseline, name) ? 'active' : 'inactive'}`,
      }),
    ),
    ...(taken.length > 0 ? [step(STEP.undoRuntime, 'cutover', 'Restart the macro runtime')] : []),
    // An account that we did not make stays.
    ...(isOurAccount(baseline, username)
      ? [
          step(STEP.removeAccount, 'cutover', `Remove account ${username}`, {
            setting: NAMED.user(username),
            before: 'Admin',
            after: null,
          }),
        ]
      : []),
    // At last: it may end the way on which everything else is done.
    ...settingBack(facts, baseline, 'NetworkServices HTTP Mode'),
    step(STEP.others, 'proof', 'Prove that all other macros, panels and settings are as before'),
  ];
}

function settingBack({ settings }: CiscoFacts, baseline: Baseline, path: SettingPath): PlannedStep[] {
  const before = settingBefore(baseline, path);
  if (before === null) return [];
  const change = { setting: path, before: settings[path], after: before };
  return [step(`${STEP.undoSetting}${path}`, 'cutover', `Set ${path} back to ${before}`, change)];
}

function hostsBack({ allowedHosts }: CiscoFacts, taken: readonly string[]): PlannedStep[] {
  if (taken.length === 0) return [];
  const present = new Set(allowedHosts?.map(({ expression }) => expression));
  const changes = taken.map((expression) => ({
    setting: NAMED.host(expression),
    before: present.has(expression) ? 'allowed' : null,
    after: 'allowed',
  }));
  return [step(STEP.undoHosts, 'cutover', 'Allow the hosts of the old macro again', ...changes)];
}
