import { CircleCheck, CircleDashed, CircleX, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Check } from '../../main/contract/jobs.ts';
import css from './CheckBadge.module.css';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';

const ICONS = { pass: CircleCheck, warn: TriangleAlert, fail: CircleX, unchecked: CircleDashed };

/** Outcome of one line of a readiness list: shape, colour and word. */
export function CheckBadge({ status }: { status: Check['status'] }) {
  const { t } = useTranslation('common');
  return (
    <span className={classes(css.badge, css[status])}>
      <Icon icon={ICONS[status]} />
      {t(`check.${status}`)}
    </span>
  );
}
