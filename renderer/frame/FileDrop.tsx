import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, useStore } from '../state/store.ts';
import css from './FileDrop.module.css';

/** A file that is dropped anywhere onto the window is taken as a room list; the Rooms screen asks on. */
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
      useStore.setState({ droppedFile: file });
      navigate('rooms');
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!over) return null;
  return <div className={css.over}>{t('dropHere')}</div>;
}
