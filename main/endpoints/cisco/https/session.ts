/**
 * One session on a codec's web server: one login, requests strictly one after the other, and an end that is always told
 * to the codec, because sessions do not end by themselves and their number is limited.
 * Source: Cisco's API guide (session begin and end) and public clients.
 */
import { asOtjError, type ErrorCode, OtjError } from '../../../contract/errors.ts';
import { createRedactor } from '../../redact.ts';
import type { HttpLink, HttpReply } from '../../transports/http.ts';
import { NoLoginTried } from '../../transports/loginOutcome.ts';
import { type Ask, PatientSender, type WebTarget } from './sender.ts';
import { isPage, judgeFirstReading, judgeLogin, judgeReply } from './statuses.ts';

interface Options {
  /** Whether a session that is over may be begun anew: another login. */
  renew: boolean;
  /** Listens in on the link. */
  tap?: (link: HttpLink) => HttpLink;
}

/** Small, and there on every codec; it is told to whoever may use the API at all. */
const FIRST_READING: Ask = { method: 'GET', path: '/getxml?location=/Status/SystemUnit/ProductId', repeatable: true };

/** After these the next request can still go well. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['REFUSED', 'ODD_REPLY', 'REPLY_TOO_LARGE', 'NOT_ADMIN']);

export class WebSession {
  private readonly where: string;
  private readonly options: Options;
  private readonly sender: PatientSender;
  private readonly redactor = createRedactor();
  private cookie: string | null = null;
  private queue: Promise<unknown> = Promise.resolve();
  private gone: OtjError | null = null;

  private constructor(target: WebTarget, options: Options) {
    this.where = `${target.address}:${target.httpsPort}`;
    this.options = options;
    this.sender = new PatientSender(target, options.tap);
    this.redactor.add(target.password);
    this.redactor.add(`${target.username}:${target.password}`);
  }

  /**
   * One login try; where there are no sessions it takes one reading, a second later, to learn how it ends.
   * Throws OtjError LOGIN_REFUSED, ACCOUNT_LOCKED, ACCOUNT_EXPIRED, PASSPHRASE_CHANGE, SESSION_LIMIT, STARTING,
   * RATE_LIMITED, ODD_REPLY, CANCELLED and those of `HttpLink`; as `NoLoginTried` when nothing was sent.
   */
  static async begin(target: WebTarget, options: Options, signal: AbortSignal): Promise<WebSession> {
    if (signal.aborted) throw new NoLoginTried('CANCELLED');
    const session = new WebSession(target, options);
    const { promise: cancelled, reject } = Promise.withResolvers<never>();
    const cancel = () => {
      session.sender.hurry();
      reject(new OtjError('CANCELLED'));
    };
    signal.addEventListener('abort', cancel, { once: true });
    const login = session.login();
    try {
      await Promise.race([login, cancelled]);
      return session;
    } catch (thrown) {
      // A login under way may still make a session on the codec, which must not be left there.
      void login.catch(() => undefined).then(() => session.close());
      const { code, words, cause } = session.tell(thrown);
      throw session.sender.hasSent ? new OtjError(code, words, { cause }) : new NoLoginTried(code, words, { cause });
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** What is not safe about the connection, in words; null = nothing. */
  get weakness(): string | null {
    return this.sender.weakness;
  }

  /**
   * Sends when all requests before it are answered. @param ask called in the moment before it is sent.
   * @returns the body of a reply with status 200. Throws NOT_ADMIN, ODD_REPLY, REPLY_TOO_LARGE, and errors after which
   * the session answers nothing more.
   */
  ask(ask: () => Ask): Promise<string> {
    const turn = this.queue.then(() => this.take(ask()));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the session on the codec when all requests are answered; never throws. */
  async close(): Promise<void> {
    this.sender.hurry();
    const turn = this.queue.then(async () => {
      this.gone ??= new OtjError('CANCELLED', 'closed by us');
      await this.end();
      await this.sender.close();
    });
    this.queue = turn.catch(() => undefined);
    await this.queue;
  }

  private async take(ask: Ask): Promise<string> {
    if (this.gone) throw new OtjError(this.gone.code, this.gone.words);
    try {
      return await this.exchange(ask);
    } catch (thrown) {
      const error = this.tell(thrown);
      // It answered before: what is under way is cut off like a line that breaks.
      const code = error.code === 'UNREACHABLE' ? 'CONNECTION_LOST' : error.code;
      const told = new OtjError(code, error.words, { cause: error.cause });
      if (!PASSING.has(code)) this.gone = told;
      throw told;
    }
  }

  private async exchange(ask: Ask): Promise<string> {
    let reply = await this.sender.send(ask, this.cookie);
    if (this.isOver(reply) && this.options.renew) {
      // Whether the codec carried it out is for the next look at the room to find.
      if (!ask.repeatable) throw new OtjError('CONNECTION_LOST', 'the session on the codec was over');
      await this.end();
      await this.login();
      reply = await this.sender.send(ask, this.cookie);
    }
    return judgeReply(reply, { where: this.where, hasCookie: this.cookie !== null });
  }

  /** A page to sign in, with status 200, stands for a cookie that is no longer good. */
  private isOver({ status, text }: HttpReply): boolean {
    return this.cookie !== null && (status === 401 || (status === 200 && isPage(text)));
  }

  private async login(): Promise<void> {
    const reply = await this.sender.send({ method: 'POST', path: '/xmlapi/session/begin', repeatable: false }, null);
    this.cookie = judgeLogin(reply, this.where);
    this.redactor.add(this.cookie);
    // Without sessions the codec may have answered without looking at the password.
    if (this.cookie === null) judgeFirstReading(await this.sender.send(FIRST_READING, null), this.where);
  }

  private async end(): Promise<void> {
    const { cookie } = this;
    this.cookie = null;
    if (cookie !== null)
      await this.sender.sayGoodbye({ method: 'POST', path: '/xmlapi/session/end', repeatable: true }, cookie);
  }

  private tell(thrown: unknown): OtjError {
    const error = asOtjError(thrown);
    return new OtjError(error.code, error.words && this.redactor.clean(error.words), { cause: error.cause });
  }
}
