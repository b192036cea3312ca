/** Refusals in Entra's own shape: an OAuth error with a number, a sentence, and ids for the sign-in logs. */
import { randomUUID } from 'node:crypto';

/** What the lab can be told to refuse, and with which words. Numbers and sentences from Microsoft's public list of error codes. */
export const REFUSALS = {
  'consent-missing': {
    code: 65001,
    error: 'invalid_grant',
    text: 'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
    suberror: 'consent_required',
  },
  'admin-consent': {
    code: 90094,
    error: 'access_denied',
    text: 'An administrator of the tenant has to consent to the permissions that the application asks for.',
  },
  'user-declined': { code: 65004, error: 'access_denied', text: 'User declined to consent to access the app.' },
  'conditional-access': {
    code: 53003,
    error: 'invalid_grant',
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    suberror: 'message_only',
  },
  'mfa-needed': {
    code: 50076,
    error: 'invalid_grant',
    text: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    suberror: 'basic_action',
    claims: '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}',
  },
  'mfa-timeout': {
    code: 500121,
    error: 'access_denied',
    text: 'Authentication failed during strong authentication request.',
  },
  'wrong-tenant': {
    code: 50020,
    error: 'access_denied',
    text: 'User account from identity provider does not exist in tenant and cannot access the application in that tenant.',
  },
  'tenant-unknown': {
    code: 90002,
    error: 'invalid_tenant',
    text: 'Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.',
  },
  'app-unknown': {
    code: 700016,
    error: 'unauthorized_client',
    text: 'Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant.',
  },
  'public-client-off': {
    code: 7000218,
    error: 'invalid_client',
    text: 'The request body must contain the following parameter: client_assertion or client_secret.',
  },
  'account-disabled': { code: 50057, error: 'invalid_grant', text: 'The user account is disabled.' },
  'refresh-expired': {
    code: 700082,
    error: 'invalid_grant',
    text: 'The refresh token has expired due to inactivity.',
    suberror: 'bad_token',
  },
  'certificate-wrong': {
    code: 700027,
    error: 'invalid_client',
    text: 'Client assertion contains an invalid signature. The key was not found by thumbprint in the certificates of the application.',
  },
  'code-pending': {
    code: 70016,
    error: 'authorization_pending',
    text: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  },
  'code-expired': {
    code: 70020,
    error: 'expired_token',
    text: 'The provided value for the input parameter device_code is over.',
  },
  'code-declined': {
    code: 65004,
    error: 'authorization_declined',
    text: 'The end user denied the authorization request.',
  },
} as const satisfies Record<string, Refused>;

export type RefusalName = keyof typeof REFUSALS;

export interface Refused {
  code: number;
  error: string;
  text: string;
  suberror?: string;
  claims?: string;
}

/** @param correlation what the client calls its request, given back as Entra does */
export function refusalBody({ code, error, text, suberror, claims }: Refused, correlation: string | undefined) {
  const trace = randomUUID();
  const own = correlation || randomUUID();
  const at = new Date().toISOString().replace('T', ' ').replace(/\.\d+/, '');
  return {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${own} Timestamp: ${at}`,
    error_codes: [code],
    timestamp: at,
    trace_id: trace,
    correlation_id: own,
    ...(suberror ? { suberror } : {}),
    ...(claims ? { claims } : {}),
  };
}
