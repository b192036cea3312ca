import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaceDevice, PlacesSettings } from '../../../main/contract/microsoft/places.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextArea } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useSaving } from '../../state/useForm.ts';
import css from '../results/Results.module.css';

const DEVICES = ['videoDeviceName', 'audioDeviceName', 'displayDeviceName'] as const satisfies readonly PlaceDevice[];

interface PlacesDialogProps {
  settings: PlacesSettings | null;
  usual: PlacesSettings;
  onClose(): void;
}

/** What is written to the places, and switching it on or off. */
export function PlacesDialog({ settings, usual, onClose }: PlacesDialogProps) {
  const { t } = useTranslation(['places', 'common']);
  const [devices, setDevices] = useState(settings?.devices ?? usual.devices);
  const [tags, setTags] = useState((settings?.tags ?? usual.tags).join('\n'));
  const { problem, save } = useSaving(onClose);
  const wanted = tags
    .split('\n')
    .map((tag) => tag.trim())
    .filter(Boolean);
  const keep = (wish: PlacesSettings | null) => save(() => call('places.set', wish));
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('set.title')}
      description={t('set.means')}
      onSubmit={() => keep({ devices, tags: wanted })}
      actions={
        <>
          {settings && <Button onClick={() => keep(null)}>{t('set.off')}</Button>}
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit disabled={devices.length + wanted.length === 0}>
            {t(settings ? 'set.save' : 'set.on')}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      <fieldset className={css.mapping}>
        <legend>{t('set.devices')}</legend>
        {DEVICES.map((name) => (
          <Checkbox
            key={name}
            label={t(`property.${name}`)}
            checked={devices.includes(name)}
            onChange={(on) => setDevices(DEVICES.filter((one) => (one === name ? on : devices.includes(one))))}
          />
        ))}
      </fieldset>
      <TextArea label={t('set.tags')} value={tags} onChange={setTags} hint={t('set.tagsHint')} rows={3} optional />
      <p className={css.soft}>{t('set.permission')}</p>
    </Dialog>
  );
}
