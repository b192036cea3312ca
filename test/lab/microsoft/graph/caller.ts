/** Who asks: the access token of a request, checked as Graph checks it. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';

export interface Caller {
  /** The app that the token was given to. */
  app: string;
  /** Object id or address of the person; empty for an app by itself. */
  person: string;
  /** `scp` for a person, `roles` for an app. */
  permissions: ReadonlySet<string>;
  delegated: boolean;
}

export interface TokenRules {
  jwks: JSONWebKeySet;
  issuer: string;
  audience: string;
}

export type CallerCheck = (authorization: string | undefined) => Promise<Caller | { refused: string }>;

export function callerCheck({ jwks, issuer, audience }: TokenRules): CallerCheck {
  const keys = createLocalJWKSet(jwks);
  const known = new Map<string, { caller: Caller; until: number }>();
  return async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return { refused: 'Access token is empty.' };
    const seen = known.get(token);
    if (seen && seen.until > Date.now()) return seen.caller;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience });
      const caller = callerOf(payload);
      known.set(token, { caller, until: (payload.exp ?? 0) * 1000 });
      return caller;
    } catch (thrown) {
      if (thrown instanceof errors.JWTExpired) return { refused: 'Lifetime validation failed, the token is expired.' };
      if (thrown instanceof errors.JOSEError) return { refused: `Access token validation failure. ${thrown.code}` };
      throw thrown;
    }
  };
}

function callerOf(payload: JWTPayload): Caller {
  const scp = typeof payload.scp === 'string' ? payload.scp.split(' ') : [];
  const roles = Array.isArray(payload.roles) ? payload.roles.map(String) : [];
  const delegated = scp.length > 0;
  return {
    app: String(payload.appid ?? payload.azp ?? payload.client_id ?? ''),
    person: delegated ? String(payload.oid ?? payload.sub ?? '') : '',
    permissions: new Set([...scp, ...roles].map(shortName)),
    delegated,
  };
}

/** A scope may be written with the host it is for. */
function shortName(scope: string): string {
  return scope.replace(/^https:\/\/[^/]+\//, '');
}
