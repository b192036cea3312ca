/**
 * The REST API of a Trio (UC Software): the login goes with every request, so there is no session to close on the device.
 * Protocol facts: Posh-UCS and public Trio clients. `factoryReset` and `configReset` exist and are never called.
 */
import { OtjError } from '../../../contract/errors.ts';
import type { EndpointTarget } from '../../driver.ts';
import { createRedactor, type Redactor } from '../../redact.ts';
import type { HttpLink, HttpReply } from '../../transports/http.ts';
import { authorization, type Challenge, challengesIn, pickChallenge } from '../../transports/httpLogin.ts';
import { loginRefused, NoLoginTried } from '../../transports/loginOutcome.ts';
import type { LinkTap } from '../../transports/tap.ts';
import { openLink } from '../link.ts';
import {
  BUSY,
  DEFAULT_PASSWORD,
  GOOD_STATUS,
  INVALID,
  NO_CALL,
  NOT_ALLOWED,
  NOT_SUPPORTED,
  parseEnvelope,
  statusWords,
} from './replies.ts';

const MAX_BYTES = 2 * 1024 * 1024;
/** What only a person can do about it. */
const REST_OFF = 'its REST API is off: set apps.restapi.enabled to 1 in the web pages or the provisioning file';

const CLOSED =
  'it refused before it was told a password: its web access is locked for a while, or closed to this computer';

export interface TrioSession {
  readonly redactor: Redactor;
  /** What is not safe about the newest connection, in words; null = nothing. */
  readonly weakness: string | null;
  /**
   * Asks with JSON where there is a body, and gives `Status` and `data`.
   * @throws OtjError of the link; LOGIN_REFUSED, ACCOUNT_LOCKED, REST_OFF, DEFAULT_PASSWORD; ODD_REPLY for another shape
   */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: string; data: unknown }>;
  /** As `ask`, for a status that must be good. Throws NOT_ADMIN, REFUSED as well. */
  read(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
  /** As `read`, for a question that may be refused as unfit: then the words of that refusal. */
  readUnlessUnfit(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ data: unknown } | string>;
  close(): Promise<void>;
}

/**
 * Opens the link. Nothing is sent before the first question, and the password not before the device asks for it.
 * @param tap listens in on the connection
 */
export function openTrio(target: EndpointTarget, signal: AbortSignal, tap?: LinkTap): TrioSession {
  return new Session(target, signal, tap);
}

class Session implements TrioSession {
  readonly redactor = createRedactor();
  readonly #target: EndpointTarget;
  readonly #link: HttpLink;
  #signal: AbortSignal | undefined;
  #challenge: Challenge | null = null;
  /** How often the nonce of the challenge was used. */
  #count = 0;
  /** Set once the login was refused: from then on no password is sent by this session. */
  #dead: OtjError | null = null;
  /** Whether the API has once said anything. */
  #hasAnswered = false;
  /** Whether the device has once taken the login. */
  #isIn = false;

  constructor(target: EndpointTarget, signal: AbortSignal, tap: LinkTap | undefined) {
    this.#target = target;
    this.#signal = signal;
    this.redactor.add(target.password);
    // Basic sends both in one word.
    this.redactor.add(Buffer.from(`${target.username}:${target.password}`, 'utf8').toString('base64'));
    this.#link = openLink(target, MAX_BYTES, tap);
  }

  get weakness(): string | null {
    return this.#link.tls?.weakness ?? null;
  }

  async ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: string; data: unknown }> {
    if (this.#dead) throw this.#dead;
    const reply = await this.#authorised(method, path, body);
    // From here on the caller decides where work may stop: a request under way, such as a write, is never cut off.
    this.#isIn = true;
    this.#signal = undefined;
    const parsed = parseEnvelope(reply.text);
    // One resource that is not there says nothing of an API that has answered.
    if (reply.status === 404 && !parsed.ok && !this.#hasAnswered) throw new OtjError('REST_OFF', REST_OFF);
    if (parsed.ok) this.#hasAnswered = true;
    else throw new OtjError('ODD_REPLY', this.redactor.clean(`${path}: HTTP ${reply.status}, ${parsed.why}`));
    const { status } = parsed.value;
    if (status === DEFAULT_PASSWORD) throw new OtjError('DEFAULT_PASSWORD', statusWords(status));
    if (reply.status >= 400 && status === GOOD_STATUS) throw new OtjError('ODD_REPLY', `${path}: HTTP ${reply.status}`);
    return parsed.value;
  }

  async read(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const { status, data } = await this.ask(method, path, body);
    this.#mustBeGood(status, path);
    return data;
  }

  async readUnlessUnfit(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ data: unknown } | string> {
    const { status, data } = await this.ask(method, path, body);
    if (status === INVALID) return statusWords(status);
    this.#mustBeGood(status, path);
    return { data };
  }

  #mustBeGood(status: string, path: string): void {
    if (status === GOOD_STATUS) return;
    const words = this.redactor.clean(`${path}: ${statusWords(status)}`);
    if (status === NOT_ALLOWED) throw new OtjError('NOT_ADMIN', words);
    if (status === NOT_SUPPORTED || status === NO_CALL) throw new OtjError('UNSUPPORTED', words);
    throw new OtjError(status === BUSY ? 'RATE_LIMITED' : 'REFUSED', words);
  }

  async close(): Promise<void> {
    await this.#link.close().catch(() => undefined);
  }

  /**
   * The password goes out once unproven. A refusal of a login that worked before is believed only for a new nonce: a
   * stale one is no wrong password.
   */
  async #authorised(method: 'GET' | 'POST', path: string, body: unknown): Promise<HttpReply> {
    const knew = this.#challenge !== null;
    const first = await this.#send(method, path, body);
    if (first.status !== 401) return this.#orForbidden(first);
    const challenge = pickChallenge(challengesIn(first.headers['www-authenticate']));
    if (knew && !(challenge?.scheme === 'digest' && this.#isIn)) throw this.#refused(first);
    if (!challenge) throw this.#die(new OtjError('UNSUPPORTED', 'it asks for a login in a way that is not known'));
    this.#challenge = challenge;
    this.#count = 0;
    const second = await this.#send(method, path, body);
    if (second.status === 401) throw this.#refused(second);
    return this.#orForbidden(second);
  }

  #orForbidden(reply: HttpReply): HttpReply {
    if (reply.status !== 403) return reply;
    const parsed = parseEnvelope(reply.text);
    // With a status of the API it is an answer; without one the login was not taken, if there was any.
    if (parsed.ok) return reply;
    if (this.#challenge === null) throw this.#die(new NoLoginTried('REFUSED', CLOSED));
    throw this.#refused(reply);
  }

  #refused(reply: HttpReply): OtjError {
    const { address, httpsPort } = this.#target;
    const said = /^\s*</.test(reply.text) ? '' : this.redactor.clean(reply.text, 200);
    return this.#die(loginRefused(said, `${address}:${httpsPort} HTTP ${reply.status}`));
  }

  #die(error: OtjError): OtjError {
    this.#dead = error;
    return error;
  }

  /** A lost GET is asked once more, since it changes nothing; not with a password that was never taken: that is a try. */
  async #send(method: 'GET' | 'POST', path: string, body: unknown): Promise<HttpReply> {
    try {
      return await this.#sendOnce(method, path, body);
    } catch (thrown) {
      const lost = thrown instanceof OtjError && thrown.code === 'CONNECTION_LOST';
      const isTry = this.#challenge !== null && !this.#isIn;
      if (!lost || isTry || method !== 'GET') throw thrown;
      return this.#sendOnce(method, path, body);
    }
  }

  #sendOnce(method: 'GET' | 'POST', path: string, body: unknown): Promise<HttpReply> {
    const { username, password } = this.#target;
    const challenge = this.#challenge;
    if (challenge) this.#count++;
    const login = challenge && authorization(challenge, { method, path, username, password }, this.#count);
    return this.#link.request({
      method,
      path,
      headers: {
        ...(login ? { authorization: login } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(this.#signal ? { signal: this.#signal } : {}),
    });
  }
}
