/** The `Authorization` header of each request: a password as it is, or a token that is renewed before it ends. */
import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import type { HttpReply } from '../endpoints/transports/http.ts';
import { clockAhead } from './clock.ts';
import { fitKey, type InfinityLogin } from './login.ts';
import { problemOf } from './replies.ts';

export interface Authorizer {
  /**
   * Value of the header for the next request.
   * @throws OtjError INFINITY_LOGIN, CLOCK_SKEW, OAUTH_OFF, and what sending the question throws
   */
  header(): Promise<string>;
  /**
   * The node has answered 401 to this header, and so has not done what was asked.
   * @returns whether another header can be had, so that the request may be sent once more
   */
  refused(header: string): boolean;
  /** What must never be seen in words: the password, or the key. Tokens are added where they are sent. */
  readonly secrets: readonly string[];
}

/** Sends a form to the token URL and repeats it where that is of use; throws what `judge` finds wrong with the reply. */
export type AskToken = (path: string, form: string, judge: Judge) => Promise<HttpReply>;
export type Judge = (reply: HttpReply) => OtjError | null;

/** Path of the token service on the Management Node (Pexip's pexshell). */
const TOKEN_PATH = '/oauth/token/';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** How long an assertion holds, seconds: as in Pexip's pexshell. */
const ASSERTION_S = 3600;
/** Life of a token whose reply does not tell it, seconds: Pexip's default. */
const TOKEN_S = 3600;
/** A token is renewed when less than this is left of it, as in Pexip's pexshell; or half its life, if that is shorter. */
const EARLY_MS = 5 * 60_000;
/** `Date` has whole seconds, and the reply was on its way; less than this explains no refusal. */
const SKEW_MS = 60_000;

const TokenSchema = z.looseObject({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  // also written as a text; what is no number of seconds is read as not told
  expires_in: z.coerce.number().positive().nullish().catch(null),
});

type OAuthLogin = Extract<InfinityLogin, { kind: 'oauth2' }>;

/**
 * @param origin of the Management Node; the assertion is made out to exactly the URL that it is sent to
 * @throws OtjError USAGE when the user name cannot be sent (it holds a colon), KEY_UNFIT
 */
export function authorizerOf(login: InfinityLogin, origin: string, ask: AskToken): Authorizer {
  return login.kind === 'basic' ? basic(login.username, login.password) : new OAuth(login, origin, ask);
}

function basic(username: string, password: string): Authorizer {
  if (username.includes(':')) throw new OtjError('USAGE', 'an Infinity user name holds no colon');
  const value = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  return { header: async () => value, refused: () => false, secrets: [password] };
}

interface Token {
  header: Promise<string>;
  /** The same once it is there; null while it is fetched. */
  value: string | null;
  /** Milliseconds since 1970, by this computer's clock: time goes on while it sleeps. */
  renewAt: number;
}

class OAuth implements Authorizer {
  readonly secrets: readonly string[];
  readonly #login: OAuthLogin;
  readonly #key: KeyObject;
  readonly #audience: string;
  readonly #ask: AskToken;
  #token: Token | null = null;

  constructor(login: OAuthLogin, origin: string, ask: AskToken) {
    this.#login = login;
    this.#key = createPrivateKey(fitKey(login.privateKey));
    this.#audience = `${origin}${TOKEN_PATH}`;
    this.#ask = ask;
    this.secrets = [login.privateKey];
  }

  header(): Promise<string> {
    // whoever comes while it is fetched waits for the same one
    if (!this.#token || Date.now() >= this.#token.renewAt) this.#token = this.#renew();
    return this.#token.header;
  }

  refused(header: string): boolean {
    // of several requests that meet the end of a token only the first fetches another
    if (this.#token?.value === header) this.#token = null;
    return true;
  }

  #renew(): Token {
    const token: Token = {
      header: this.#fetch().then(({ access_token, expires_in }) => {
        const life = (expires_in ?? TOKEN_S) * 1000;
        token.renewAt = Date.now() + life - Math.min(EARLY_MS, life / 2);
        token.value = `Bearer ${access_token}`;
        return token.value;
      }),
      value: null,
      renewAt: Number.POSITIVE_INFINITY,
    };
    // a failure is told to those who wait for it, and the next request tries afresh
    token.header.catch(() => {
      if (this.#token === token) this.#token = null;
    });
    return token;
  }

  async #fetch(): Promise<z.infer<typeof TokenSchema>> {
    const { clientId, privateKey } = this.#login;
    const now = Math.floor(Date.now() / 1000);
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(this.#audience)
      .setIssuedAt(now)
      .setExpirationTime(now + ASSERTION_S)
      .setJti(randomUUID())
      .sign(this.#key);
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
    });
    const judge: Judge = (reply) => tokenProblem(reply, [privateKey, assertion]);
    return readToken((await this.#ask(TOKEN_PATH, form.toString(), judge)).text);
  }
}

function tokenProblem(reply: HttpReply, secrets: readonly string[]): OtjError | null {
  const { status } = reply;
  const problem = problemOf({ method: 'POST', path: TOKEN_PATH }, reply, secrets);
  if (!problem || problem.code === 'INFINITY_ODD') return problem;
  // the token service is there only where it was switched on (off on a new platform)
  if (status === 404) return new OtjError('OAUTH_OFF', problem.words);
  if (status !== 400 && status !== 401) return problem;
  const ahead = clockAhead(reply.headers.date);
  if (ahead === null || Math.abs(ahead) < SKEW_MS) return new OtjError('INFINITY_LOGIN', problem.words);
  const minutes = Math.round(Math.abs(ahead) / 6000) / 10;
  const words = `this computer is ${minutes} min ${ahead > 0 ? 'ahead of' : 'behind'} Infinity (${reply.headers.date})`;
  return new OtjError('CLOCK_SKEW', `${words}; ${problem.words}`);
}

function readToken(text: string): z.infer<typeof TokenSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const { data } = TokenSchema.safeParse(json);
  if (!data) throw new OtjError('INFINITY_ODD', `POST ${TOKEN_PATH}: the reply holds no token`);
  return data;
}
