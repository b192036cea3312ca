import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto';

/**
 * Client-credentials tokens with a private-key JWT (RFC 7523, ES256), as the management API issues them.
 * https://docs.pexip.com/admin/managing_API_oauth.htm
 */
export class OAuth {
  readonly #clients = new Map<string, KeyObject>();
  readonly #usedIds = new Map<string, number>();
  readonly #tokens = new Map<string, { until: number; clientId: string }>();

  /** A new client; its private key is shown this once. */
  register(): { clientId: string; privateKey: string } {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const clientId = randomBytes(16).toString('hex');
    this.#clients.set(clientId, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })));
    return { clientId, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  /**
   * Answers a form POST to the token URL.
   * @param life of the token, seconds; null = an hour, and the reply does not tell it
   * @param now by the platform's clock, seconds since 1970
   */
  token(
    form: URLSearchParams,
    tokenUrl: string,
    life: number | null = 3600,
    now = Math.floor(Date.now() / 1000),
  ): { status: number; body: unknown } {
    if (form.get('grant_type') !== 'client_credentials') return failure('unsupported_grant_type');
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') {
      return failure('invalid_request');
    }
    const clientId = this.#accepts(form.get('client_assertion') ?? '', tokenUrl, now);
    if (clientId === undefined) return failure('invalid_client', 401);
    const token = randomBytes(32).toString('base64url');
    this.#tokens.set(token, { until: now + (life ?? 3600), clientId });
    const told = life === null ? {} : { expires_in: life };
    return { status: 200, body: { access_token: token, ...told, token_type: 'Bearer' } };
  }

  /** The client that holds this token; undefined when it is not valid any more. */
  holder(token: string, now = Math.floor(Date.now() / 1000)): string | undefined {
    const held = this.#tokens.get(token);
    return held && held.until > now ? held.clientId : undefined;
  }

  /** As when the platform restarts: every token is void. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  /** The client whose assertion it is. */
  #accepts(assertion: string, tokenUrl: string, now: number): string | undefined {
    const [head = '', payload = '', signature = ''] = assertion.split('.');
    const header = decode(head);
    const claims = decode(payload);
    if (header?.alg !== 'ES256' || !claims) return undefined;
    const clientId = String(claims.iss);
    const client = this.#clients.get(clientId);
    if (!client || claims.sub !== claims.iss || claims.aud !== tokenUrl) return undefined;
    if (typeof claims.exp !== 'number' || claims.exp <= now || Number(claims.iat ?? now) > now + 60) return undefined;
    if (typeof claims.jti !== 'string' || claims.jti === '') return undefined;
    for (const [id, expiry] of this.#usedIds) if (expiry <= now) this.#usedIds.delete(id);
    if (this.#usedIds.has(claims.jti)) return undefined;
    const signed = verify(
      'sha256',
      Buffer.from(`${head}.${payload}`),
      { key: client, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!signed) return undefined;
    this.#usedIds.set(claims.jti, claims.exp);
    return clientId;
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
