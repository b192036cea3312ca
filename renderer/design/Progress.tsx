import { Progress as Base } from '@base-ui/react/progress';
import { useTranslation } from 'react-i18next';
import { count } from '../i18n/format.ts';
import { Elapsed } from './Elapsed.tsx';
import css from './Progress.module.css';

export interface ProgressProps {
  /** What goes on. */
  what: string;
  done: number;
  /** 0 = not known yet; then no bar pretends to know. */
  total: number;
  /** Since when; milliseconds since 1970 or ISO 8601. */
  since: number | string;
}

/** How far something has come, in numbers and as a bar; it never turns on the spot. */
export function Progress({ what, done, total, since }: ProgressProps) {
  const { t } = useTranslation('common');
  const text = total > 0 ? t('progress', { done: count(done), total: count(total) }) : count(done);
  return (
    <Base.Root
      className={css.root}
      value={total > 0 ? done : null}
      max={Math.max(total, 1)}
      getAriaValueText={() => text}
    >
      <Base.Label className={css.label}>{what}</Base.Label>
      <span className={css.numbers}>
        {text} <Elapsed since={since} />
      </span>
      <Base.Track className={css.track}>
        <Base.Indicator className={css.bar} />
      </Base.Track>
    </Base.Root>
  );
}
