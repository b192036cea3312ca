import { useTranslation } from 'react-i18next';
import type { Connection } from '../../../main/contract/microsoft/connection.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Select } from '../../design/Select.tsx';
import { useForm } from '../../state/useForm.ts';
import css from '../infinity/Infinity.module.css';
import { AuthorityChoice } from '../settings/AuthorityChoice.tsx';
import { type ConnectForm, faultsOf, formOf, settingsOf } from './connectForm.ts';

const CLOUDS = ['worldwide', 'gcc-high', 'dod', 'china', 'other'] as const;

/** Which tenant, and as which app. */
export function ConnectDialog({ connection, onClose }: { connection: Connection | null; onClose(): void }) {
  const { t } = useTranslation(['signIn', 'common']);
  const { form, problem, set, fault, submit } = useForm({ first: () => formOf(connection), faultsOf, onClose });
  const error = (field: keyof ConnectForm) => {
    const found = fault(field);
    return found ? t(`fault.${found}`) : null;
  };
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('connect.title')}
      description={t('connect.means')}
      onSubmit={() => submit((wish) => call('microsoft.connect', settingsOf(wish)))}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit>
            {t('connect.save')}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      <div className={css.two}>
        <TextField
          label={t('connect.tenant')}
          value={form.tenant}
          mono
          onChange={(tenant) => set({ tenant })}
          hint={t('connect.tenantHint')}
          example={t('connect.tenantExample')}
          error={error('tenant')}
        />
        <TextField
          label={t('connect.client')}
          value={form.clientId}
          mono
          onChange={(clientId) => set({ clientId })}
          hint={t('connect.clientHint')}
          error={error('clientId')}
        />
        <Select
          label={t('connect.cloud')}
          value={form.cloud}
          choices={CLOUDS.map((value) => ({ value, label: t(`cloud.${value}`) }))}
          onChange={(cloud) => set({ cloud })}
        />
      </div>
      {form.cloud === 'other' && (
        <div className={css.two}>
          <TextField
            label={t('connect.authority')}
            value={form.authority}
            mono
            onChange={(authority) => set({ authority })}
            hint={t('connect.authorityHint')}
            error={error('authority')}
          />
          <TextField
            label={t('connect.graph')}
            value={form.graph}
            mono
            onChange={(graph) => set({ graph })}
            hint={t('connect.graphHint')}
            error={error('graph')}
          />
        </div>
      )}
      <Checkbox
        label={t('connect.selected')}
        hint={t('connect.selectedHint')}
        checked={form.selectedSites}
        onChange={(selectedSites) => set({ selectedSites })}
      />
      <AuthorityChoice ca={form.ca} onChange={(ca) => set({ ca })} hint={t('connect.caHint')} />
    </Dialog>
  );
}
