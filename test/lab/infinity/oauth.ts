import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto';

/**
 * Client-credentials tokens with a private-key JWT (RFC 7523, ES256), as the management API issues them.
 * https://docs.pexip.com/admin/managing_API_oauth.htm
 */
export class OAuth {
  readonly #clients = new Map<string, KeyObject>();
  readonly #usedIds = new Map<string, number>();
  readonly #tokens = new Map<string, number>();

  /** A new client; its private key is shown this once. */
  register(): { clientId: string; privateKey: string } {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const clientId = randomBytes(16).toString('hex');
    this.#clients.set(clientId, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })));
    return { clientId, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  /** Answers a form POST to the token URL. */
  token(
    form: URLSearchParams,
    tokenUrl: string,
    now = Math.floor(Date.now() / 1000),
  ): { status: number; body: unknown } {
    if (form.get('grant_type') !== 'client_credentials') return failure('unsupported_grant_type');
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      return failure('invalid_request');
    }
    if (!this.#accepts(form.get('client_assertion') ?? '', tokenUrl, now)) return failure('invalid_client', 401);
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, now + 3600);
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: 'Bearer' } };
  }

  holds(token: string, now = Math.floor(Date.now() / 1000)): boolean {
    return (this.#tokens.get(token) ?? 0) > now;
  }

  #accepts(assertion: string, tokenUrl: string, now: number): boolean {
    const [head = '', payload = '', signature = ''] = assertion.split('.');
    const header = decode(head);
    const claims = decode(payload);
    if (header?.alg !== 'ES256' || !claims) return false;
    const client = this.#clients.get(String(claims.iss));
    if (!client || claims.sub !== claims.iss || claims.aud !== tokenUrl) return false;
    if (typeof claims.exp !== 'number' || claims.exp <= now || Number(claims.iat ?? now) > now + 60) return false;
    if (typeof claims.jti !== 'string' || claims.jti === '') return false;
    for (const [id, expiry] of this.#usedIds) if (expiry <= now) this.#usedIds.delete(id);
    if (this.#usedIds.has(claims.jti)) return false;
    const signed = verify(
      'sha256',
      Buffer.from(`${head}.${payload}`),
      { key: client, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (signed) this.#usedIds.set(claims.jti, claims.exp);
    return signed;
  }
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const failure = (error: string, status = 400): { status: number; body: unknown } => ({ status, body: { error } });
