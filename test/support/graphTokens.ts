/** Access tokens for the lab's Graph where no sign-in is wanted: signed here, with a key that the lab is given. */
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import type { Tokens } from '../../main/microsoft/tokens.ts';

export interface TestTokens extends Tokens {
  /** What the lab checks tokens against. */
  readonly rules: { jwks: JSONWebKeySet; issuer: string; audience: string };
  /** Permissions that were granted; null = whatever is asked for. */
  granted: string[] | null;
  /** Seconds that the next tokens are good for; may be negative. */
  lifeS: number;
  /** What was asked for, the newest last. */
  readonly asked: { scopes: readonly string[]; claims: string | undefined; fresh?: true }[];
}

export async function testTokens(app = 'otj-migrator'): Promise<TestTokens> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'lab', alg: 'ES256' };
  const rules = {
    jwks: { keys: [jwk] },
    issuer: 'https://login.test.example/tenant',
    audience: 'https://graph.test.example',
  };
  const made = new Map<string, string>();
  const tokens: TestTokens = {
    rules,
    granted: null,
    lifeS: 3600,
    asked: [],
    async token(scopes, { claims, fresh = false } = {}) {
      tokens.asked.push({ scopes, claims, ...(fresh ? { fresh } : {}) });
      const scp = (tokens.granted ?? [...new Set(scopes)]).join(' ');
      const key = `${scp}\n${claims ?? ''}\n${tokens.lifeS}`;
      const before = made.get(key);
      if (before !== undefined && tokens.lifeS > 0 && !fresh) return before;
      const token = await new SignJWT({
        scp,
        appid: app,
        oid: 'technician',
        jti: crypto.randomUUID(),
        ...(claims === undefined ? {} : { claims }),
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'lab' })
        .setIssuer(rules.issuer)
        .setAudience(rules.audience)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + tokens.lifeS)
        .sign(privateKey);
      made.set(key, token);
      return token;
    },
  };
  return tokens;
}
