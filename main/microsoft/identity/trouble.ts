/**
 * Every way in which a sign-in fails, as one error of the catalogue whose words can be forwarded to the tenant's administrator:
 * what the service said, the ids by which it is found in the sign-in logs, and the permissions that were asked for.
 */
import { AuthError, ClientAuthError, ClientConfigurationError, InteractionRequiredAuthError } from '@azure/msal-node';
import { z } from 'zod';
import table from '../../../assets/microsoft/sign-in-errors.json' with { type: 'json' };
import { type ErrorCode, OtjError } from '../../contract/errors.ts';
import type { SignInWay } from '../../contract/microsoft/connection.ts';
import type { Refusal, Trouble } from './network.ts';

const codesSchema = z.array(z.number().int());
/** Codes of Entra (AADSTS) to ours. */
const ERRORS = z
  .object({
    codes: z.object({
      M365_CONSENT_NEEDED: codesSchema,
      M365_DECLINED: codesSchema,
      M365_POLICY: codesSchema,
      M365_MFA: codesSchema,
      M365_TENANT_UNKNOWN: codesSchema,
      M365_TENANT_WRONG: codesSchema,
      M365_APP_UNKNOWN: codesSchema,
      M365_ACCOUNT: codesSchema,
      M365_SIGN_IN_NEEDED: codesSchema,
      M365_CERTIFICATE: codesSchema,
      M365_CODE_EXPIRED: codesSchema,
      M365_UNREACHABLE: codesSchema,
    }),
    deviceCodeBlocked: codesSchema,
  })
  .parse(table);
const OURS = new Map<number, ErrorCode>(
  Object.entries(ERRORS.codes).flatMap(([ours, codes]) => codes.map((code) => [code, ours as ErrorCode] as const)),
);

/** OAuth's own words (RFC 6749, 8628; OpenID Connect Core) where no code of Entra says more. */
const OAUTH: Readonly<Record<string, ErrorCode>> = {
  access_denied: 'M365_DECLINED',
  authorization_declined: 'M365_DECLINED',
  consent_required: 'M365_CONSENT_NEEDED',
  expired_token: 'M365_CODE_EXPIRED',
  code_expired: 'M365_CODE_EXPIRED',
  interaction_required: 'M365_SIGN_IN_NEEDED',
  login_required: 'M365_SIGN_IN_NEEDED',
  invalid_grant: 'M365_SIGN_IN_NEEDED',
  invalid_tenant: 'M365_TENANT_UNKNOWN',
  unauthorized_client: 'M365_APP_UNKNOWN',
  temporarily_unavailable: 'M365_UNREACHABLE',
  server_error: 'M365_UNREACHABLE',
};

/** msal's own words. */
const MSAL: Readonly<Record<string, ErrorCode>> = {
  no_tokens_found: 'M365_SIGN_IN_NEEDED',
  no_account_found: 'M365_SIGN_IN_NEEDED',
  no_account_in_silent_request: 'M365_SIGN_IN_NEEDED',
  refresh_token_expired: 'M365_SIGN_IN_NEEDED',
  token_refresh_required: 'M365_SIGN_IN_NEEDED',
  consent_required: 'M365_CONSENT_NEEDED',
  user_timeout_reached: 'M365_CODE_EXPIRED',
  device_code_expired: 'M365_CODE_EXPIRED',
  device_code_polling_cancelled: 'CANCELLED',
  network_error: 'M365_UNREACHABLE',
  no_network_connectivity: 'M365_UNREACHABLE',
  // Where the network had no trouble, what came was not believed.
  endpoints_resolution_error: 'M365_ISSUER',
  openid_config_error: 'M365_UNREACHABLE',
  untrusted_authority: 'M365_ISSUER',
  issuer_validation_failed: 'M365_ISSUER',
  authority_uri_insecure: 'M365_ISSUER',
  state_mismatch: 'M365_SIGN_IN_REFUSED',
  nonce_mismatch: 'M365_SIGN_IN_REFUSED',
};

export interface Asked {
  way: SignInWay;
  tenant: string;
  scopes: readonly string[];
}

/** @param trouble what the network saw last */
export function signInError(thrown: unknown, trouble: Trouble | null, asked: Asked): OtjError {
  if (thrown instanceof OtjError) return thrown;
  if (trouble?.kind === 'failure') return trouble.error;
  // A poll that was not answered yet is no refusal.
  if (trouble?.kind === 'refusal' && trouble.refusal.error !== 'authorization_pending')
    return refused(trouble.refusal, asked);
  if (!(thrown instanceof AuthError))
    return new OtjError('INTERNAL', thrown instanceof Error ? thrown.name : 'sign-in');
  // What came by the browser, or what msal keeps of an answer of some moments ago.
  const told = `${thrown.errorCode} ${thrown.errorMessage}`;
  const heard: Refusal = {
    error: thrown.errorCode,
    error_description: thrown.errorMessage,
    error_codes: [...told.matchAll(/\bAADSTS(\d{4,10})\b/g)].map((match) => Number(match[1])),
    suberror: thrown.subError,
    trace_id: '',
    correlation_id: thrown.correlationId,
    claims: thrown instanceof InteractionRequiredAuthError ? thrown.claims : '',
  };
  const own = heard.error_codes.length > 0 ? undefined : MSAL[thrown.errorCode];
  if (own === 'CANCELLED') return new OtjError('CANCELLED');
  if (own) return new OtjError(own, wordsOf({ ...heard, error_description: '' }, asked));
  // Its text is msal's and not the service's; for a fault of the set-up the code alone tells.
  if (thrown instanceof ClientConfigurationError)
    return new OtjError('M365_ISSUER', wordsOf({ ...heard, error_description: '' }, asked));
  if (thrown instanceof ClientAuthError) return new OtjError('M365_SIGN_IN_REFUSED', wordsOf(heard, asked));
  return refused(heard, asked);
}

function refused(refusal: Refusal, asked: Asked): OtjError {
  return new OtjError(codeOf(refusal, asked), wordsOf(refusal, asked));
}

function codeOf({ error, error_codes, error_description, suberror }: Refusal, { way }: Asked): ErrorCode {
  const told = [...error_description.matchAll(/\bAADSTS(\d{4,10})\b/g)].map((match) => Number(match[1]));
  const codes = [...error_codes, ...told];
  if (way === 'device-code' && codes.some((code) => ERRORS.deviceCodeBlocked.includes(code)))
    return 'M365_DEVICE_CODE_BLOCKED';
  const known = codes.map((code) => OURS.get(code)).find((ours) => ours !== undefined);
  if (known) return known;
  if (suberror === 'consent_required') return 'M365_CONSENT_NEEDED';
  if (way === 'certificate' && (error === 'invalid_client' || error === 'invalid_grant')) return 'M365_CERTIFICATE';
  if (error === 'invalid_client') return 'M365_APP_UNKNOWN';
  return OAUTH[error] ?? 'M365_SIGN_IN_REFUSED';
}

const MOST_WORDS = 400;

/** One line, without control characters; the service's text is cut where its own ids begin, which follow in order. */
function wordsOf(refusal: Refusal, { tenant, scopes }: Asked): string {
  const said = inert(refusal.error_description || refusal.error).replace(/\s*Trace ID:.*$/i, '');
  return [
    said.slice(0, MOST_WORDS),
    `tenant ${tenant}`,
    scopes.length > 0 && `permissions asked for: ${scopes.join(', ')}`,
    refusal.trace_id && `trace id ${inert(refusal.trace_id).slice(0, 60)}`,
    refusal.correlation_id && `correlation id ${inert(refusal.correlation_id).slice(0, 60)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function inert(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
