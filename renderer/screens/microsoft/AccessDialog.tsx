import { useTranslation } from 'react-i18next';
import type { AccessSettings } from '../../../main/contract/microsoft/access.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Select } from '../../design/Select.tsx';
import { useForm } from '../../state/useForm.ts';
import css from '../infinity/Infinity.module.css';
import { type AccessForm, faultsOf, formOf, settingsOf } from './accessForm.ts';

const SCOPES = ['policy', 'rbac'] as const;
const CLOUDS = ['worldwide', 'gcc-high', 'dod', 'china'] as const;

interface Props {
  settings: AccessSettings | null;
  cloud: AccessSettings['cloud'];
  onClose(): void;
}

/** App, group and the way in which the app is kept to the rooms. */
export function AccessDialog({ settings, cloud, onClose }: Props) {
  const { t } = useTranslation(['microsoft', 'common']);
  const { form, problem, set, fault, submit } = useForm({ first: () => formOf(settings, cloud), faultsOf, onClose });
  const error = (field: keyof AccessForm) => {
    const found = fault(field);
    return found ? t(`fault.${found}`) : null;
  };
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t('set.title')}
      description={t('set.means')}
      onSubmit={() => submit((wish) => call('microsoft.set', settingsOf(wish)))}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit>
            {t('set.save')}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      <div className={css.two}>
        <TextField
          label={t('set.app')}
          value={form.appId}
          mono
          onChange={(appId) => set({ appId })}
          hint={t('set.appHint')}
          example={t('set.appExample')}
          error={error('appId')}
        />
        <TextField
          label={t('set.group')}
          value={form.group}
          mono
          onChange={(group) => set({ group })}
          hint={t('set.groupHint')}
          example={t('set.groupExample')}
          error={error('group')}
        />
        <Select
          label={t('set.scope')}
          value={form.scope}
          choices={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))}
          onChange={(scope) => set({ scope })}
          hint={t(`scopeMeans.${form.scope}`)}
        />
        <Select
          label={t('set.cloud')}
          value={form.cloud}
          choices={CLOUDS.map((value) => ({ value, label: t(`cloud.${value}`) }))}
          onChange={(cloud) => set({ cloud })}
        />
        {form.scope === 'rbac' && (
          <TextField
            label={t('set.object')}
            value={form.objectId}
            mono
            onChange={(objectId) => set({ objectId })}
            hint={t('set.objectHint')}
            error={error('objectId')}
          />
        )}
        <TextField
          label={t('set.outside')}
          optional
          value={form.outside}
          mono
          onChange={(outside) => set({ outside })}
          hint={t('set.outsideHint')}
          error={error('outside')}
        />
        <TextField
          label={t('set.oldApp')}
          optional
          value={form.oldAppId}
          mono
          onChange={(oldAppId) => set({ oldAppId })}
          hint={t('set.oldAppHint')}
          error={error('oldAppId')}
        />
      </div>
    </Dialog>
  );
}
