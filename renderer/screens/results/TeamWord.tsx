import { useTranslation } from 'react-i18next';
import type { TeamFlag } from '../../../main/contract/team.ts';
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
  const by = team.by.slice(0, 100) || t('flag.somebody');
  const isTaken = team.kind === 'taken';
  const words = isTaken ? { by, moment: clock(team.until) } : { by, state: stateText(team.state) };
  const all = t(isTaken ? 'flag.taken' : 'flag.elsewhere', words);
  return (
    <span className={className} title={all}>
      <span className={isTaken ? css.flag : undefined}>
        {whole ? all : t(isTaken ? 'flag.takenShort' : 'flag.elsewhereShort', words)}
      </span>
    </span>
  );
}
