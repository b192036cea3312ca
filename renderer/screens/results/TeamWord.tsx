import { useTranslation } from 'react-i18next';
import type { TeamFlag } from '../../../main/contract/rooms.ts';
import { classes } from '../../design/classes.ts';
import { clock } from '../../i18n/format.ts';
import css from './Results.module.css';
import { stateText } from './stateText.ts';

/** What the team's list says of a room, in the few words that its row has place for. */
export function TeamWord({ team, className }: { team: TeamFlag; className: string | undefined }) {
  const { t } = useTranslation('results');
  const by = team.by.slice(0, 100) || t('flag.somebody');
  const word =
    team.kind === 'taken'
      ? t('flag.taken', { by, moment: clock(team.until) })
      : t('flag.elsewhere', { by, state: stateText(team.state) });
  return (
    <span className={classes(className, team.kind === 'taken' && css.flag)} title={word}>
      {word}
    </span>
  );
}
