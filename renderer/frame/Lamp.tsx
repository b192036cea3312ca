import { Circle, CircleDashed, CircleOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Reach, ReachOne } from '../../main/contract/app.ts';
import { Button } from '../design/Button.tsx';
import { classes } from '../design/classes.ts';
import { Icon } from '../design/Icon.tsx';
import { Popover } from '../design/Popover.tsx';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { moment } from '../i18n/format.ts';
import css from './Lamp.module.css';

const SHAPES = { reached: Circle, away: CircleOff, unset: CircleDashed, unknown: CircleDashed };

/** One of the three worlds: whether it can be reached, and behind it what that means. */
export function Lamp({ world, reach }: { world: keyof Reach; reach: ReachOne }) {
  const { t } = useTranslation('frame');
  const { state, since, about, who, ended = false } = reach;
  const name = t(`reach.${world}`);
  // Whether somebody is signed in can be mended only where the service is reached.
  const hasEnded = ended && state === 'reached';
  const look = hasEnded ? 'away' : state;
  const word = t(hasEnded ? 'reach.ended' : `reach.state.${state}`);
  return (
    <Popover
      align="end"
      title={t('reach.lamp', { world: name, state: word })}
      trigger={
        <Button look="quiet">
          <span className={classes(css.lamp, css[look])}>
            <Icon icon={SHAPES[look]} size={12} />
          </span>
          {name}
          {look === 'away' ? <span className={css.word}>{word}</span> : <VisuallyHidden>{word}</VisuallyHidden>}
        </Button>
      }
    >
      <p>{t(`reach.means.${world}.${state}`)}</p>
      {who !== undefined && (
        <p dir="auto">{who === null ? t('reach.nobody') : t(ended ? 'reach.endedWho' : 'reach.who', { who })}</p>
      )}
      {about !== '' && (
        <p className={css.soft} dir="auto">
          {t('reach.about', { about })}
        </p>
      )}
      {state !== 'unknown' && <p className={css.soft}>{t('reach.since', { moment: moment(since) })}</p>}
    </Popover>
  );
}
