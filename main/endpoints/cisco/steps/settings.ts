/** Settings and the list of allowed hosts: changed once the value before is saved, and set back from what was saved. */
import { OtjError } from '../../../contract/errors.ts';
import type { StepActions } from '../../driver.ts';
import type { SettingPath } from '../facts/settings.ts';
import { changedSetting, hostsTaken, settingBefore, takenHost } from '../plan/backup.ts';
import { NAMED } from '../plan/ids.ts';
import { tidyOf } from '../plan/tidy.ts';
import { holds, lacks, problem } from './seen.ts';
import type { Visit } from './visit.ts';

/** @param enough which values are good as they are */
export function change(
  visit: Visit,
  path: SettingPath,
  wanted: string,
  enough = (value: string) => value === wanted,
): Required<Pick<StepActions, 'inspect' | 'apply'>> {
  return {
    async inspect() {
      const value = await visit.setting(path);
      const words = `${path}: ${value ?? 'not told'}`;
      return value !== null && enough(value) ? holds(words) : lacks(words);
    },
    async apply() {
      const before = await visit.setting(path);
      if (before === null) throw new OtjError('REFUSED', `the codec does not tell ${path}`);
      await visit.support.addBackup(changedSetting(path, before));
      await visit.set(path, wanted);
    },
  };
}

export function changeBack(visit: Visit, path: SettingPath): StepActions {
  const before = settingBefore(visit.support.baseline, path);
  const endsItself = path === 'NetworkServices HTTP Mode' && visit.xapi.link.transport === 'https' && before === 'Off';
  return {
    async inspect() {
      const value = await visit.setting(path);
      const words = `${path}: ${value ?? 'not told'}`;
      if (value === before) return holds(words);
      return endsItself ? problem('NOT_CONFIRMED', `${words}; it was Off: undo over SSH to set it so`) : lacks(words);
    },
    async apply() {
      if (before === null) throw new OtjError('BACKUP_MISSING', path);
      if (endsItself) return;
      await visit.set(path, before);
    },
  };
}

export function disallowHosts(visit: Visit): StepActions {
  const { facts, wish, support } = visit;
  const wanted = new Set(tidyOf(facts, wish, support.baseline).hosts);
  const present = async () => (await visit.allowedHosts()).filter(({ expression }) => wanted.has(expression));
  return {
    async inspect() {
      const left = await present();
      return left.length === 0
        ? holds(`allowed: ${(await visit.allowedHosts()).length} others`)
        : lacks(`allowed: ${left.map(({ expression }) => expression).join(', ')}`);
    },
    async apply() {
      // Numbers may move with every removal, so each is looked up anew. As many turns as there are entries are enough.
      for (let turns = (await present()).length; turns > 0; turns--) {
        const [host] = await present();
        if (!host) return;
        await visit.support.addBackup(takenHost(host.expression));
        await visit.change('HttpClient Allow Hostname Remove', { Id: host.id });
      }
    },
  };
}

export function allowHostsAgain(visit: Visit): StepActions {
  const taken = hostsTaken(visit.support.baseline);
  const missing = async () => {
    const present = new Set((await visit.allowedHosts()).map(({ expression }) => expression));
    return taken.filter((expression) => !present.has(expression));
  };
  return {
    async inspect() {
      const left = await missing();
      return left.length === 0 ? holds(`allowed: ${taken.join(', ')}`) : lacks(`not allowed: ${left.join(', ')}`);
    },
    async apply() {
      for (const expression of await missing())
        await visit.change('HttpClient Allow Hostname Add', { Expression: expression });
    },
  };
}

/** Names of the hosts on a list, as plans name them. */
export function hostNames(hosts: readonly { expression: string }[] | null): string[] {
  return (hosts ?? []).map(({ expression }) => NAMED.host(expression));
}
