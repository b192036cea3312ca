import { useTranslation } from 'react-i18next';
import type { ConnectionView, Feature, Permission } from '../../../main/contract/microsoft/connection.ts';
import { Checkbox } from '../../design/Checkbox.tsx';
import css from './SignIn.module.css';

const FEATURES = ['check', 'results', 'list', 'places'] as const;
/** The reasons in the language of the window; the data has them in English. */
const REASONS = {
  'User.Read.All': 'user',
  'MailboxSettings.Read': 'mailbox',
  'GroupMember.Read.All': 'group',
  'Place.Read.All': 'placeRead',
  'Place.ReadWrite.All': 'placeWrite',
  'Calendars.Read.Shared': 'calendar',
  'Calendars.ReadBasic.All': 'calendar',
  'Sites.ReadWrite.All': 'sites',
  'Sites.Selected': 'sites',
  'Sites.Manage.All': 'siteList',
} as const;

export interface FeaturesProps {
  permissions: ConnectionView['permissions'];
  chosen: readonly Feature[];
  /** Those that are switched off are not offered, and nothing is asked for them. */
  off: readonly Feature[];
  onChange(chosen: Feature[]): void;
}

/** What the sign-in is for: each feature asks for its own permissions, and each says why. */
export function Features({ permissions, chosen, off, onChange }: FeaturesProps) {
  const { t } = useTranslation('signIn');
  return (
    <fieldset className={css.features}>
      <legend>{t('features')}</legend>
      {FEATURES.filter((feature) => !off.includes(feature)).map((feature) => (
        <Checkbox
          key={feature}
          label={t(`feature.${feature}`)}
          checked={chosen.includes(feature)}
          onChange={(on) => onChange(FEATURES.filter((one) => (one === feature ? on : chosen.includes(one))))}
          hint={
            <ul className={css.scopes}>
              {permissions[feature].map((permission) => (
                <li key={permission.scope}>
                  <span className={css.scope}>{permission.scope}</span>
                  <Reason {...permission} />
                </li>
              ))}
            </ul>
          }
        />
      ))}
    </fieldset>
  );
}

function Reason({ scope, means }: Permission) {
  const { t } = useTranslation('signIn');
  return <div>{scope in REASONS ? t(`reason.${REASONS[scope as keyof typeof REASONS]}`) : means}</div>;
}
