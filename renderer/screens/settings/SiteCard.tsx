import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../main/contract/site.ts';
import { TextField } from '../../design/Field.tsx';
import { SavedCard } from './SavedCard.tsx';
import { useDraft } from './useDraft.ts';

export function SiteCard({ settings: { name, technician } }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const saved = { name, technician };
  const { value, dirty, set, discard } = useDraft('site', saved);
  const [tried, setTried] = useState(false);
  const fits = value.name.trim() !== '';
  return (
    <SavedCard
      title={t('section.site')}
      dirty={dirty}
      change={fits ? { name: value.name.trim(), technician: value.technician.trim() } : null}
      before={saved}
      onTried={() => setTried(true)}
      onDiscard={() => {
        discard();
        setTried(false);
      }}
    >
      <TextField
        label={t('site.name')}
        value={value.name}
        onChange={(typed) => set({ name: typed })}
        example={t('site.nameExample')}
        hint={t('site.nameHint')}
        error={tried && !fits ? t('site.nameMissing') : null}
      />
      <TextField
        label={t('site.technician')}
        optional
        value={value.technician}
        onChange={(typed) => set({ technician: typed })}
        example={t('site.technicianExample')}
        hint={t('site.technicianHint')}
      />
    </SavedCard>
  );
}
