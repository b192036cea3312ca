import { useTranslation } from 'react-i18next';
import type { JudgedMacro } from '../../../../main/contract/rooms.ts';
import { classes } from '../../../design/classes.ts';
import { bytes } from '../../../i18n/format.ts';
import { visible } from '../diff/lines.ts';
import css from './Macros.module.css';
import { RulingBadge } from './RulingBadge.tsx';
import type { Ruling } from './rulings.ts';

export interface MacroListProps {
  macros: readonly JudgedMacro[];
  /** Name of the one that is shown. */
  chosen: string;
  ruling(macro: JudgedMacro): Ruling;
  choose(name: string): void;
}

/** All macros of the codec with what each is. */
export function MacroList({ macros, chosen, ruling, choose }: MacroListProps) {
  const { t } = useTranslation('room');
  return (
    <nav className={css.list} aria-label={t('macro.all')}>
      <ul>
        {macros.map((macro) => {
          const { name, active } = macro;
          const isChosen = name === chosen;
          return (
            <li key={name}>
              <button
                type="button"
                className={classes(css.entry, isChosen && css.chosen)}
                aria-current={isChosen}
                onClick={() => choose(name)}
              >
                <span className={css.name} dir="auto" title={visible(name)}>
                  {visible(name)}
                </span>
                <RulingBadge ruling={ruling(macro)} />
                <span className={css.soft}>
                  {[bytes(macro.bytes), t(active ? 'macro.active' : 'macro.inactive')].join(' · ')}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
