/**
 * A logged-in REST session with one Poly device, VideoOS or Group: login, cookies, one renewed login when it expires, logout.
 * Protocol facts: public clients of the Studio X family (AVI-SPL `dal-codecs-singlecodecs-polycom-videoos`) and the
 * cover and contents of Poly's VideoOS REST API Reference Guide.
 */
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { EndpointTarget } from '../../driver.ts';
import { createRedactor, type Redactor } from '../../redact.ts';
import type { HttpLink, HttpReply } from '../../transports/http.ts';
import { NoLoginTried } from '../../transports/loginOutcome.ts';
import type { LinkTap } from '../../transports/tap.ts';
import { openLink } from '../link.ts';
import { cookieIn, judgeLogin, type Parsed } from './replies.ts';

/** Largest reply read, bytes; an export of all settings stays far below. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Nobody waits longer than this for a goodbye, milliseconds. */
const LOGOUT_MS = 3_000;
const SESSION_PATH = '/rest/session';
const CURRENT_PATH = '/rest/current/session';
const SYSTEM_PATH = '/rest/system';
const UNFIT = 400;
const NO_API = 'no Poly REST API at this address';

/** One thing to ask of the device. With a `body` it is a POST of JSON, else a GET unless it says otherwise. */
export interface Ask {
  path: string;
  method?: 'DELETE';
  body?: unknown;
}

/** What to ask, and how its answer is read. */
export interface Question<T> {
  ask: Ask;
  parse: (text: string) => Parsed<T>;
}

export interface RestSession {
  /**
   * Asks and reads the answer.
   * @throws OtjError of the link; LOGIN_REFUSED or ACCOUNT_LOCKED from a renewed login; NOT_ADMIN; REFUSED for
   *   another 4xx; ODD_REPLY for anything that is not the known shape
   */
  read<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<T>;
  /**
   * As `read`, for a question that may be refused as unfit (HTTP 400): what such a refusal says in the known shape, or null.
   */
  readUnlessUnfit<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<{ value: T; isFit: boolean } | null>;
  /**
   * As `read`, for what is good to know and no more: null when this device does not offer the resource, does not let us
   * see it, or answers it with nothing, with an error or in a way that is not known. Throws RATE_LIMITED all the same.
   */
  readIfOffered<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<T | null>;
  /**
   * Two of these in one flight, where no answer has to carry a token on to the next request; else one after the other.
   * @param isOpen whether the answer to the first leaves the second to be asked, where they are not asked together
   */
  readTogether<A, B>(
    first: Question<A>,
    second: Question<B>,
    isOpen: (first: A | null) => boolean,
  ): Promise<[A | null, B | null]>;
  /**
   * As `readIfOffered`, for what a change depends on: null only where the device says that it does not offer it, or to us.
   * Any other failure is asked about once more, and is then the answer, in words.
   */
  readOrTell<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<{ value: T | null } | string>;
  readonly redactor: Redactor;
  /** What is not safe about the newest connection, in words; null = nothing. */
  readonly weakness: string | null;
  /** Logs out as far as the device still answers. Never throws. */
  close(): Promise<void>;
}

/**
 * Opens the link and logs in with exactly one password attempt.
 * @param tap listens in on the connection
 * @param askFirst asks without the password whether there is a REST API at all, for a device that has another way in
 * @throws OtjError LOGIN_REFUSED, ACCOUNT_LOCKED, SESSION_LIMIT, UNKNOWN_DEVICE, ODD_REPLY, and those of the link; with `askFirst`
 *   UNKNOWN_DEVICE as `NoLoginTried` where the password went nowhere
 */
export async function openSession(
  target: EndpointTarget,
  signal: AbortSignal,
  { askFirst = false, tap }: { askFirst?: boolean; tap?: LinkTap | undefined } = {},
): Promise<RestSession> {
  const session = new VideoOsSession(target, signal, tap);
  try {
    if (askFirst) await session.lookForApi();
    await session.login();
    session.settleIn();
    return session;
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

class VideoOsSession implements RestSession {
  readonly redactor = createRedactor();
  #signal: AbortSignal | undefined;
  readonly #target: EndpointTarget;
  readonly #link: HttpLink;
  #sessionId: string | undefined;
  #xsrf: string | undefined;
  #passwordExpired = false;
  /** Set once two questions in one flight did not both come back. */
  #isAlone = false;
  /** Set once a login fails: from then on no password is sent by this session. */
  #dead: OtjError | undefined;
  /** Paths that a fresh login may not use either; no further login is spent on them. */
  readonly #forbidden = new Set<string>();

  constructor(target: EndpointTarget, signal: AbortSignal, tap: LinkTap | undefined) {
    this.#target = target;
    this.#signal = signal;
    this.redactor.add(target.password);
    this.#link = openLink(target, MAX_BYTES, tap);
  }

  get weakness(): string | null {
    return this.#link.tls?.weakness ?? null;
  }

  /** From here on the caller decides where work may stop: a request under way, such as a write, is never cut off. */
  settleIn(): void {
    this.#signal = undefined;
  }

  /** Whoever has the API refuses this question for want of a login, or answers it. Throws NoLoginTried, those of the link. */
  async lookForApi(): Promise<void> {
    const { status } = await this.#send({ path: SYSTEM_PATH });
    if (status === 404) throw this.#die(new NoLoginTried('UNKNOWN_DEVICE', NO_API));
  }

  async login(): Promise<void> {
    if (this.#dead) throw this.#dead;
    const { username: user, password } = this.#target;
    const reply = await this.#send({ path: SESSION_PATH, body: { user, password, action: 'Login' } });
    const verdict = judgeLogin(reply.status, reply.text);
    switch (verdict.kind) {
      case 'in':
        this.#sessionId = verdict.sessionId;
        this.#passwordExpired = verdict.passwordExpired;
        this.redactor.add(verdict.sessionId);
        return;
      case 'active':
        return this.#adoptActive(reply);
      case 'locked':
        throw this.#die(new OtjError('ACCOUNT_LOCKED', this.#quote(reply)));
      case 'full':
        throw this.#die(new OtjError('SESSION_LIMIT', this.#quote(reply)));
      case 'refused':
        throw this.#die(new OtjError('LOGIN_REFUSED', this.#quote(reply)));
      case 'absent':
        throw this.#die(new OtjError('UNKNOWN_DEVICE', NO_API));
      case 'odd': {
        const odd = new OtjError('ODD_REPLY', `login: ${verdict.why}`);
        // A device that is still starting judged no password: it may be asked once more.
        throw reply.status >= 500 ? odd : this.#die(odd);
      }
    }
  }

  /**
   * "SessionAlreadyActive": public clients take it as logged in. It is believed only once the device answers to it;
   * another try with the password would count towards a lock-out for nothing.
   */
  async #adoptActive(reply: HttpReply): Promise<void> {
    this.#sessionId = cookieIn(reply.headers['set-cookie'], 'session_id') ?? this.#sessionId;
    this.redactor.add(this.#sessionId);
    const probe = await this.#send({ path: SYSTEM_PATH });
    if (probe.status === 200) return;
    this.#sessionId = undefined;
    throw this.#die(
      new OtjError('ODD_REPLY', 'SessionAlreadyActive: somebody is signed in from here; sign out there first'),
    );
  }

  async read<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<T> {
    return this.#understand(ask, await this.#work(ask), parse);
  }

  async readUnlessUnfit<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<{ value: T; isFit: boolean } | null> {
    const reply = await this.#work(ask);
    if (reply.status !== UNFIT) return { value: this.#understand(ask, reply, parse), isFit: true };
    const parsed = parse(reply.text);
    return parsed.ok ? { value: parsed.value, isFit: false } : null;
  }

  async readIfOffered<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<T | null> {
    return offeredIn(ask, await this.#work(ask), parse);
  }

  async readTogether<A, B>(
    first: Question<A>,
    second: Question<B>,
    isOpen: (first: A | null) => boolean,
  ): Promise<[A | null, B | null]> {
    if (this.#xsrf !== undefined || this.#isAlone || this.#dead) {
      const told = await this.readIfOffered(first.ask, first.parse);
      return [told, isOpen(told) ? await this.readIfOffered(second.ask, second.parse) : null];
    }
    const [one, two] = await Promise.allSettled([this.#sendOnce(first.ask), this.#sendOnce(second.ask)]);
    // A server that minds a question behind a question is asked anew, and one by one from then on.
    this.#isAlone = one.status === 'rejected' || two.status === 'rejected';
    return [await this.#taken(first, one), await this.#taken(second, two)];
  }

  /** The answer that came in a flight; asked for as ever where none did, or the session was not known any more. */
  async #taken<T>({ ask, parse }: Question<T>, came: PromiseSettledResult<HttpReply>): Promise<T | null> {
    return came.status === 'fulfilled' && !isUnauthorised(came.value)
      ? offeredIn(ask, came.value, parse)
      : this.readIfOffered(ask, parse);
  }

  async readOrTell<T>(ask: Ask, parse: (text: string) => Parsed<T>): Promise<{ value: T | null } | string> {
    for (let isSecond = false; ; isSecond = true) {
      const reply = await this.#work(ask);
      if (isUnauthorised(reply) || isAbsent(reply)) return { value: null };
      try {
        return { value: this.#understand(ask, reply, parse) };
      } catch (thrown) {
        const { code, words } = asOtjError(thrown);
        if (code === 'RATE_LIMITED') throw thrown;
        if (isSecond) return words ?? ask.path;
      }
    }
  }

  /** An expired session is renewed once; a refusal right after that is about rights, not about the session. */
  async #work(ask: Ask): Promise<HttpReply> {
    if (this.#dead) throw this.#dead;
    const reply = await this.#send(ask);
    if (!isUnauthorised(reply) || this.#forbidden.has(ask.path)) return reply;
    // The old session may still be open on the device, whose sessions are few.
    await this.#logout().catch(() => undefined);
    await this.login();
    const again = await this.#send(ask);
    if (isUnauthorised(again)) this.#forbidden.add(ask.path);
    return again;
  }

  #understand<T>({ path }: Ask, reply: HttpReply, parse: (text: string) => Parsed<T>): T {
    if (isUnauthorised(reply))
      throw new OtjError(this.#passwordExpired ? 'PASSPHRASE_CHANGE' : 'NOT_ADMIN', `${path}: ${this.#quote(reply)}`);
    if (reply.status === 429) throw new OtjError('RATE_LIMITED', path);
    if (reply.status >= 400 && reply.status < 500) throw new OtjError('REFUSED', `${path}: ${this.#quote(reply)}`);
    if (!isGood(reply)) throw new OtjError('ODD_REPLY', `${path}: ${this.#quote(reply)}`);
    const parsed = parse(reply.text);
    if (!parsed.ok) throw new OtjError('ODD_REPLY', this.redactor.clean(`${path}: ${parsed.why}`));
    return parsed.value;
  }

  /** Sends with the cookies of the session; a lost GET is asked once more, since it changes nothing. */
  async #send(ask: Ask, signal: AbortSignal | undefined = this.#signal): Promise<HttpReply> {
    try {
      return await this.#sendOnce(ask, signal);
    } catch (thrown) {
      const lost = thrown instanceof OtjError && thrown.code === 'CONNECTION_LOST';
      if (!lost || ask.body !== undefined || ask.method) throw thrown;
      return this.#sendOnce(ask, signal);
    }
  }

  async #sendOnce({ path, body, method: other }: Ask, signal = this.#signal): Promise<HttpReply> {
    const method = other ?? (body === undefined ? 'GET' : 'POST');
    const cookies = [
      ...(this.#sessionId ? [`session_id=${this.#sessionId}`] : []),
      ...(this.#xsrf ? [`XSRF-TOKEN=${this.#xsrf}`] : []),
    ];
    const reply = await this.#link.request({
      method,
      path,
      headers: {
        ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
        ...(this.#xsrf ? { 'x-xsrf-token': this.#xsrf } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    const token = cookieIn(reply.headers['set-cookie'], 'XSRF-TOKEN');
    if (token) {
      this.#xsrf = token;
      this.redactor.add(token);
    }
    return reply;
  }

  /** By either way that is known of: a session that is left open is missing to others. */
  async #logout(): Promise<void> {
    if (!this.#sessionId) return;
    // Its own clock: the work may have been cancelled, the goodbye must still go out.
    const signal = AbortSignal.timeout(Math.min(this.#target.timeoutMs, LOGOUT_MS));
    try {
      const reply = await this.#send({ path: SESSION_PATH, body: { action: 'Logout' } }, signal);
      // Who does not know the session any more has ended it.
      if (!isGood(reply) && reply.status !== 401) await this.#send({ path: CURRENT_PATH, method: 'DELETE' }, signal);
    } finally {
      this.#sessionId = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#logout().catch(() => undefined);
    await this.#link.close().catch(() => undefined);
  }

  #die(error: OtjError): OtjError {
    this.#dead = error;
    return error;
  }

  /** Status and, where the device used plain words or JSON, a little of them. */
  #quote(reply: HttpReply): string {
    const text = /^\s*</.test(reply.text) ? 'a web page' : reply.text;
    return this.redactor.clean(`HTTP ${reply.status} ${text}`, 200);
  }
}

/** See `RestSession.readIfOffered`. */
function offeredIn<T>({ path }: Ask, reply: HttpReply, parse: (text: string) => Parsed<T>): T | null {
  if (reply.status === 429) throw new OtjError('RATE_LIMITED', path);
  const parsed = isGood(reply) ? parse(reply.text) : null;
  return parsed?.ok ? parsed.value : null;
}

function isGood({ status }: HttpReply): boolean {
  return status >= 200 && status < 300;
}

/** The device's own word that there is no such resource. */
function isAbsent(reply: HttpReply): boolean {
  return [404, 405, 501].includes(reply.status) || (isGood(reply) && reply.text.trim() === '');
}

function isUnauthorised(reply: HttpReply): boolean {
  return reply.status === 401 || reply.status === 403;
}
