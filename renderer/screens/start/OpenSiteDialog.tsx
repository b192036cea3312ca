import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { FolderBrowser } from './FolderBrowser.tsx';

/** Chooses a site file where the host has no dialog of its own. */
export function OpenSiteDialog({ onClose, onOpen }: { onClose(): void; onOpen(path: string): void }) {
  const { t } = useTranslation(['start', 'common']);
  const [folder, setFolder] = useState<string | null>(null);
  const [path, setPath] = useState('');
  const open = (chosen: string) => {
    if (chosen.trim() === '') return;
    onClose();
    onOpen(chosen.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('choose.title')}
      description={t('choose.means')}
      onSubmit={() => open(path)}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit disabled={path.trim() === ''}>
            {t('choose.open')}
          </Button>
        </>
      }
    >
      <FolderBrowser
        folder={folder}
        onFolder={(to) => {
          setFolder(to);
          setPath('');
        }}
        chosen={path}
        onChoose={setPath}
        onOpen={open}
      />
      <TextField label={t('choose.path')} value={path} onChange={setPath} mono />
    </Dialog>
  );
}
