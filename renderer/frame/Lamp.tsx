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
  const { state, since, about, who } = reach;
  const name = t(`reach.${world}`);
  const word = t(`reach.state.${state}`);
  return (
    <Popover
      align="end"
      title={t('reach.lamp', { world: name, state: word })}
      trigger={
        <Button look="quiet">
          <span className={classes(css.lamp, css[state])}>
            <Icon icon={SHAPES[state]} size={12} />
          </span>
          {name}
          {state === 'away' ? <span className={css.word}>{word}</span> : <VisuallyHidden>{word}</VisuallyHidden>}
        </Button>
      }
    >
      <p>{t(`reach.means.${world}.${state}`)}</p>
      {who !== undefined && <p dir="auto">{who === null ? t('reach.nobody') : t('reach.who', { who })}</p>}
      {about !== '' && (
        <p className={css.soft} dir="auto">
          {t('reach.about', { about })}
        </p>
      )}
      {state !== 'unknown' && <p className={css.soft}>{t('reach.since', { moment: moment(since) })}</p>}
    </Popover>
  );
}
