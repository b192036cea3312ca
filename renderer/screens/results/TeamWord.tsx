import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { eachOf } from '../../../main/contract/agreed.ts';
import type { ItemFlag, TeamFlag } from '../../../main/contract/team.ts';
import { clock } from '../../i18n/format.ts';
import css from './Results.module.css';
import { stateText } from './stateText.ts';

interface TeamWordProps {
  team: TeamFlag;
  className?: string | undefined;
  /** Also until when, or by whom: where there is place for it. */
  whole?: boolean;
}

/** What the team's list says of a room, in the few words that its row has place for. */
export function TeamWord({ team, className, whole = false }: TeamWordProps) {
  const { t } = useTranslation('results');
  const all = eachOf(team)
    .map((flag) => itemText(flag, t, true))
    .join(' · ');
  return (
    <span className={className} title={all}>
      <span className={team.kind === 'taken' ? css.flag : undefined}>{whole ? all : itemText(team, t, false)}</span>
    </span>
  );
}

function itemText(flag: ItemFlag, t: TFunction<'results'>, whole: boolean): string {
  const by = flag.by.slice(0, 100) || t('flag.somebody');
  if (flag.kind === 'taken') return t(whole ? 'flag.taken' : 'flag.takenShort', { by, moment: clock(flag.until) });
  return t(whole ? 'flag.elsewhere' : 'flag.elsewhereShort', { by, state: stateText(flag.state) });
}
