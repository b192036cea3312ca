import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { FolderBrowser } from './FolderBrowser.tsx';

/** Chooses the folder of a new site file where the host has no dialog of its own. */
export function FolderDialog({
  start,
  onClose,
  onChoose,
}: {
  start: string;
  onClose(): void;
  onChoose(folder: string): void;
}) {
  const { t } = useTranslation(['start', 'common']);
  const [folder, setFolder] = useState(start);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('make.folderTitle')}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" onClick={() => onChoose(folder)}>
            {t('make.useFolder')}
          </Button>
        </>
      }
    >
      <FolderBrowser folder={folder} onFolder={setFolder} />
    </Dialog>
  );
}
