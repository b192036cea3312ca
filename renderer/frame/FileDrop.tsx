import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, type Offered, useStore } from '../state/store.ts';
import css from './FileDrop.module.css';
import { isOverlaid } from './overlays.ts';

/** A table has lines, or cells; a word that somebody pastes beside a field is none. */
const LIKE_A_TABLE = /[\n\t]/;

function offer(offered: Offered): void {
  useStore.setState({ offered });
  navigate('rooms');
}

/** What is dropped or pasted anywhere onto the window is taken as a room list; the Rooms screen asks on. */
export function FileDrop() {
  const { t } = useTranslation('frame');
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      // Else the browser would open the file in place of the window.
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      setOver(false);
      offer({ from: 'file', file });
    };
    const paste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || isField(event.target) || isOverlaid()) return;
      const [file] = event.clipboardData?.files ?? [];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (file) offer({ from: 'file', file });
      else if (LIKE_A_TABLE.test(text.trim())) offer({ from: 'text', text });
      else return;
      event.preventDefault();
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, []);
  if (!over) return null;
  return <div className={css.over}>{t('dropHere')}</div>;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
