/** Names of places and groups in the chosen language. */
import i18next from 'i18next';
import { familyWord, stateWord } from '../../i18n/words.ts';
import type { Group, Place } from './arrange.ts';

/** @param withBuilding false where all rooms are in one building */
export function placeName({ building, floor }: Place, withBuilding: boolean): string {
  const name = floor || i18next.t('rooms:unnamedFloor');
  return withBuilding ? `${building || i18next.t('rooms:unnamedBuilding')} · ${name}` : name;
}

export function groupName(group: Group, withBuilding: boolean): string {
  switch (group.by) {
    case 'floor':
      return placeName(group.place, withBuilding);
    case 'state':
      return stateWord(group.state);
    case 'family':
      return group.family === null ? i18next.t('rooms:group.unknownFamily') : familyWord(group.family);
  }
}
