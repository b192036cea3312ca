/** The two calendar integrations beside Graph (Pexip's Terraform provider and the Management Node's schema page). */
import type { Field, Resource } from './fields.ts';

const text = (max: number, help: string, extra: Partial<Field> = {}): Field => ({
  type: 'string',
  max,
  help,
  ...extra,
});
const flag = (value: boolean, help: string): Field => ({ type: 'boolean', default: value, help });
/** @param max undefined = none is documented */
const quota = (value: number, max?: number): Field => ({
  type: 'integer',
  min: 10_000,
  ...(max === undefined ? {} : { max }),
  default: value,
  help: 'Requests in 24 hours.',
});
const required = { required: true } as const;
const secret = { secret: true } as const;
const name = text(250, 'The name.', { required: true, unique: true });
const description = text(250, 'A description.');
const members = (via: string): Field => ({
  type: 'to_many',
  related: 'mjx_integration',
  via,
  readonly: true,
  help: 'Members.',
});

const exchange: Resource = {
  name: 'mjx_exchange_deployment',
  fields: {
    name,
    description,
    service_account_username: text(100, 'The service account.', required),
    service_account_password: text(100, 'Its password.', { ...secret, ...required }),
    authentication_method: text(20, 'How it signs in.', {
      choices: ['BASIC', 'NTLM', 'KERBEROS', 'OAUTH'],
      default: 'BASIC',
    }),
    ews_url: text(255, 'The address of EWS.'),
    disable_proxy: flag(false, 'Whether to skip the web proxy.'),
    find_items_request_quota: quota(1_000_000, 10_000_000),
    kerberos_realm: text(250, 'The Kerberos realm.'),
    kerberos_kdc: text(255, 'The key distribution centre.'),
    kerberos_exchange_spn: text(255, 'The service principal name of Exchange.'),
    oauth_client_id: text(100, 'The application id.', { nullable: true }),
    oauth_refresh_token: text(4096, 'Set by the sign-in.', { nullable: true }),
    mjx_integrations: members('exchange_deployment'),
  },
};

const google: Resource = {
  name: 'mjx_google_deployment',
  fields: {
    name,
    description,
    client_email: text(256, 'The service account.', required),
    client_id: text(250, 'The client id.', { nullable: true }),
    client_secret: text(100, 'The client secret.', { nullable: true, secret: true }),
    private_key: text(12_288, 'The private key.', { ...secret, ...required }),
    use_user_consent: flag(false, 'Sign in as a user.'),
    auth_endpoint: text(255, 'Sign-in.', { default: 'https://accounts.google.com/o/oauth2/v2/auth' }),
    token_endpoint: text(255, 'Tokens.', { default: 'https://oauth2.googleapis.com/token' }),
    refresh_token: text(4096, 'Set by the sign-in.', { nullable: true }),
    maximum_number_of_api_requests: quota(900_000),
    mjx_integrations: members('google_deployment'),
  },
};

export const calendarDeployments: readonly Resource[] = [exchange, google];
