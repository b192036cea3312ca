import { ChevronDown, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../design/Button.tsx';
import { Icon } from '../../design/Icon.tsx';
import { Menu, type MenuAction } from '../../design/Menu.tsx';
import { count } from '../../i18n/format.ts';
import type { Asked } from './asked.ts';
import css from './SelectionBar.module.css';
import { prepareRooms } from './useWork.ts';

export interface SelectionBarProps {
  chosen: readonly number[];
  /** How many of them search and filters hide. */
  hidden: number;
  onAsk(asked: Asked): void;
  onClear(): void;
}

/** What can be done with the chosen rooms. Each button first says in numbers what it would do. */
export function SelectionBar({ chosen, hidden, onAsk, onClear }: SelectionBarProps) {
  const { t } = useTranslation('rooms');
  const amount = { count: chosen.length, formatted: count(chosen.length) };
  const entry = (what: 'undo' | 'tick'): MenuAction => ({
    id: what,
    label: t(`action.${what}`),
    run: () => onAsk({ what, rooms: chosen }),
  });
  const prepare = { id: 'prepare', label: t('action.prepare'), run: () => prepareRooms(chosen) };
  return (
    <section aria-label={t('chosen.label')} className={css.bar}>
      <span className={css.text} role="status">
        {t('chosen.rooms', amount)}
        {hidden > 0 && <span className={css.soft}>{t('chosen.hidden', { formatted: count(hidden) })}</span>}
      </span>
      <Button onClick={() => onAsk({ what: 'run', mode: 'plan', rooms: chosen })}>{t('action.dryRun')}</Button>
      <Button onClick={() => onAsk({ what: 'run', mode: 'run', rooms: chosen })}>{t('action.migrate')}</Button>
      <Menu
        align="end"
        trigger={
          <Button>
            {t('action.more')}
            <Icon icon={ChevronDown} size={14} />
          </Button>
        }
        groups={[[prepare, entry('tick')], [{ ...entry('undo'), danger: true }]]}
      />
      <IconButton icon={X} label={t('action.clear')} shortcut="Escape" onClick={onClear} />
    </section>
  );
}
