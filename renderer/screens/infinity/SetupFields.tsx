import { FileText } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetupOffer } from '../../../main/contract/infinity.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { TextField } from '../../design/Field.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { Select } from '../../design/Select.tsx';
import { listOf } from '../../i18n/format.ts';
import css from './Infinity.module.css';
import { type Kind, keyIn, type SetupForm, valuesOf } from './setupForm.ts';

const FIELDS = [
  'client_id',
  'oauth_token_url',
  'graph_api_domain',
  'request_quota',
  'service_account_username',
  'ews_url',
  'authentication_method',
  'kerberos_realm',
  'kerberos_kdc',
  'kerberos_exchange_spn',
  'find_items_request_quota',
  'client_email',
  'maximum_number_of_api_requests',
  'client_secret',
  'service_account_password',
  'private_key',
] as const;

export interface SetupFieldsProps {
  offer: SetupOffer;
  form: SetupForm;
  change(form: SetupForm): void;
}

export function SetupFields({ offer, form, change }: SetupFieldsProps) {
  const { t } = useTranslation('infinity');
  const set = (part: Partial<SetupForm>) => change({ ...form, ...part });
  const names = (all: readonly { name: string }[]) =>
    all.length > 0 ? t('setup.groupHint', { names: listOf(all.slice(0, 8).map(({ name }) => name)) }) : undefined;
  return (
    <>
      <div className={css.two}>
        <TextField
          label={t('setup.group')}
          value={form.group}
          onChange={(group) => set({ group })}
          hint={names(offer.groups)}
        />
        <TextField
          label={t('setup.profile')}
          value={form.profile}
          onChange={(profile) => set({ profile })}
          hint={names(offer.profiles)}
        />
        <Select
          label={t('setup.location')}
          value={form.location}
          choices={offer.locations.map((name) => ({ value: name, label: name }))}
          onChange={(location) => set({ location })}
          hint={t('setup.locationHint')}
        />
        <Select<Kind | 'none'>
          label={t('setup.calendar')}
          value={form.kind}
          choices={(['none', 'graph', 'exchange', 'google'] as const).map((kind) => ({
            value: kind,
            label: t(`setup.kind.${kind}`),
          }))}
          onChange={(kind) => set({ kind, secret: '' })}
        />
      </div>
      {form.kind !== 'none' && <CalendarFields offer={offer} form={form} change={change} />}
      <fieldset className={css.choices}>
        <legend className={css.heading}>{t('setup.rules')}</legend>
        {offer.rules.map(({ type, name }) => (
          <Checkbox
            key={type}
            label={name}
            checked={form.rules.includes(type)}
            onChange={(isChosen) =>
              set({ rules: isChosen ? [...form.rules, type] : form.rules.filter((one) => one !== type) })
            }
          />
        ))}
      </fieldset>
    </>
  );
}

function CalendarFields({ offer, form, change }: SetupFieldsProps) {
  const { t } = useTranslation('infinity');
  const calendar = offer.calendars.find(({ kind }) => kind === form.kind);
  const label = (field: string) => {
    const known = FIELDS.find((one) => one === field);
    return known ? t(`setup.field.${known}`) : field;
  };
  const values = valuesOf(form, offer);
  const type = (field: string, value: string) => change({ ...form, fields: { ...form.fields, [field]: value } });
  if (!calendar) return null;
  return (
    <div className={css.two}>
      <TextField
        label={t('setup.calendarName')}
        optional
        value={form.calendarName}
        onChange={(calendarName) => change({ ...form, calendarName })}
      />
      {calendar.fields.map(({ field, required, choices }) =>
        choices.length > 0 ? (
          <Select
            key={field}
            label={label(field)}
            value={values[field] ?? ''}
            choices={choices.map((choice) => ({ value: choice, label: choice }))}
            onChange={(value) => type(field, value)}
          />
        ) : (
          <TextField
            key={field}
            label={label(field)}
            mono
            optional={!required}
            value={values[field] ?? ''}
            onChange={(value) => type(field, value)}
          />
        ),
      )}
      {calendar.kind === 'google' ? (
        <KeyFile label={label(calendar.secret)} take={(secret) => change({ ...form, secret })} />
      ) : (
        <SecretField
          label={label(calendar.secret)}
          value={form.secret}
          onChange={(secret) => change({ ...form, secret })}
          hint={t('setup.secretHint')}
        />
      )}
    </div>
  );
}

/** A key of many lines comes from its file, so that nobody sees it and no line end is lost. */
function KeyFile({ label, take }: { label: string; take(secret: string): void }) {
  const { t } = useTranslation('infinity');
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState<string | null>(null);
  return (
    <div className={css.part}>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.pem,.key"
        aria-label={label}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          void file?.text().then((text) => {
            take(keyIn(text));
            setName(file.name);
          });
          target.value = '';
        }}
      />
      <p>{label}</p>
      <div>
        <Button icon={FileText} onClick={() => input.current?.click()}>
          {t('setup.keyFile')}
        </Button>
      </div>
      {name !== null && <p dir="auto">{t('setup.keyChosen', { name })}</p>}
      <p className={css.soft}>{t('setup.secretHint')}</p>
    </div>
  );
}
