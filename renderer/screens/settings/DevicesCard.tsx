import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../main/contract/site.ts';
import { Checkbox } from '../../design/Checkbox.tsx';
import { TextField } from '../../design/Field.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { tenths } from '../../i18n/format.ts';
import { BOUNDS, fitsAccount, fitsBounds, type NumberKey, type SwitchKey, settingsOf, shownOf } from './limits.ts';
import { SavedCard } from './SavedCard.tsx';
import css from './Settings.module.css';
import { useDraft } from './useDraft.ts';

/** How devices are worked at: account, what is tidied up, pace, ports, patience. */
export function DevicesCard({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const saved = shownOf(settings);
  const { value, dirty, set, discard } = useDraft('devices', saved);
  const [tried, setTried] = useState(false);
  const number = (key: NumberKey, label: string, hint: string) => {
    const [min, max] = BOUNDS[key];
    const isTime = key.endsWith('Ms');
    const bounds = { min: Number.isInteger(min) ? String(min) : tenths(min), max: String(max) };
    return (
      <NumberField
        label={label}
        hint={hint}
        value={value[key]}
        onChange={(typed) => set({ [key]: typed })}
        min={min}
        max={max}
        {...(isTime ? { unit: t('devices.seconds') } : {})}
        error={fitsBounds(key, value[key]) ? null : t('devices.outside', bounds)}
      />
    );
  };
  const toggle = (key: SwitchKey, label: string, hint: string) => (
    <Checkbox checked={value[key]} onChange={(on) => set({ [key]: on })} label={label} hint={hint} />
  );
  return (
    <SavedCard
      title={t('section.devices')}
      dirty={dirty}
      change={settingsOf(value)}
      before={settingsOf(saved) ?? {}}
      onTried={() => setTried(true)}
      onDiscard={() => {
        discard();
        setTried(false);
      }}
    >
      <TextField
        label={t('devices.account')}
        mono
        value={value.accountName}
        onChange={(typed) => set({ accountName: typed })}
        example={t('devices.accountExample')}
        hint={t('devices.accountHint')}
        error={(tried || dirty) && !fitsAccount(value.accountName) ? t('devices.accountOdd') : null}
      />
      {number('concurrency', t('devices.concurrency'), t('devices.concurrencyHint'))}
      {number('searchRate', t('devices.search'), t('devices.searchHint'))}
      <fieldset className={css.group}>
        <legend className={css.legend}>{t('devices.after')}</legend>
        {toggle('clearBookings', t('devices.clearBookings'), t('devices.clearBookingsHint'))}
        {toggle('httpsOnly', t('devices.httpsOnly'), t('devices.httpsOnlyHint'))}
        {toggle('tidyHttpClient', t('devices.tidyHttpClient'), t('devices.tidyHttpClientHint'))}
      </fieldset>
      <fieldset className={css.group}>
        <legend className={css.legend}>{t('devices.limits')}</legend>
        {number('timeoutMs', t('devices.timeout'), t('devices.timeoutHint'))}
        {number('proofMs', t('devices.proof'), t('devices.proofHint'))}
        {number('proofEveryMs', t('devices.proofEvery'), t('devices.proofEveryHint'))}
      </fieldset>
      <fieldset className={css.group}>
        <legend className={css.legend}>{t('devices.ports')}</legend>
        {number('sshPort', t('devices.ssh'), t('devices.sshHint'))}
        {number('httpsPort', t('devices.https'), t('devices.httpsHint'))}
      </fieldset>
    </SavedCard>
  );
}
