import { Circle, CircleCheckBig, CircleHelp, type LucideIcon, UserCheck, UserX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../../design/classes.ts';
import { Icon } from '../../../design/Icon.tsx';
import css from './Macros.module.css';
import type { Ruling } from './rulings.ts';

const ICONS: Record<Ruling, LucideIcon> = {
  otj: CircleCheckBig,
  uncertain: CircleHelp,
  other: Circle,
  take: UserCheck,
  leave: UserX,
};

const CLASSES: Record<Ruling, string | undefined> = {
  otj: css.otj,
  uncertain: css.uncertain,
  other: css.other,
  take: css.otj,
  leave: css.other,
};

/** Shape, colour and word of what a macro is. */
export function RulingBadge({ ruling }: { ruling: Ruling }) {
  const { t } = useTranslation('room');
  return (
    <span className={classes(css.badge, CLASSES[ruling])}>
      <Icon icon={ICONS[ruling]} size={14} />
      {t(`macro.ruling.${ruling}`)}
    </span>
  );
}
