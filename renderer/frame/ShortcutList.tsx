import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../design/Dialog.tsx';
import { Kbd } from '../design/Kbd.tsx';
import css from './ShortcutList.module.css';
import { boundShortcuts, type Shortcut } from './shortcuts.ts';

/** All keys that do something at this moment. */
export function ShortcutList({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('palette');
  const [bound] = useState(boundShortcuts);
  // The list and not the cross: its tooltip would take the first Escape, and arrows scroll what has the focus.
  const list = useRef<HTMLDivElement>(null);
  const groups = [
    { title: t('onThisScreen'), shortcuts: bound.filter(({ global }) => !global) },
    { title: t('everywhere'), shortcuts: bound.filter(({ global }) => global) },
  ];
  return (
    <Dialog open onClose={onClose} title={t('shortcutsTitle')} size="l" initialFocus={list}>
      <div ref={list} tabIndex={-1} className={css.groups}>
        {groups
          .filter(({ shortcuts }) => shortcuts.length > 0)
          .map(({ title, shortcuts }) => (
            <Group key={title} title={title} shortcuts={shortcuts} />
          ))}
      </div>
    </Dialog>
  );
}

function Group({ title, shortcuts }: { title: string; shortcuts: readonly Shortcut[] }) {
  return (
    <section>
      <h3 className={css.title}>{title}</h3>
      <dl className={css.list}>
        {shortcuts.map(({ key, label }) => (
          <div key={`${key} ${label}`} className={css.pair}>
            <dt>
              <Kbd keys={key} />
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
