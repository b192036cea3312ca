import { useTranslation } from 'react-i18next';
import type { TeamFlag } from '../../../main/contract/rooms.ts';
import { clock } from '../../i18n/format.ts';
import css from './Results.module.css';
import { stateText } from './stateText.ts';

/** What the team's list says of a room, in the few words that its row has place for. */
export function TeamWord({ team, className }: { team: TeamFlag; className: string | undefined }) {
  const { t } = useTranslation('results');
  const by = team.by.slice(0, 100) || t('flag.somebody');
  const isTaken = team.kind === 'taken';
  const words = isTaken ? { by, moment: clock(team.until) } : { by, state: stateText(team.state) };
  return (
    <span className={className} title={t(isTaken ? 'flag.taken' : 'flag.elsewhere', words)}>
      <span className={isTaken ? css.flag : undefined}>
        {t(isTaken ? 'flag.takenShort' : 'flag.elsewhereShort', words)}
      </span>
    </span>
  );
}
