/** Keeps what passes over a connection to a device, reading by reading. No password gets into what is kept. */
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpLink, HttpReply, HttpRequest } from '../transports/http.ts';
import type { Shell } from '../transports/ssh.ts';
import type { LinkTap } from '../transports/tap.ts';
import { type Exchange, type HttpExchange, PASSWORD_SENT, type ShellExchange } from './recording.ts';

/** How long a shell may take for its word on the last setting of a new session, which no client waits for. */
const OPENING_MS = 200;
const OPENING = 'open';

export class Wire implements LinkTap {
  readonly exchanges: Exchange[] = [];
  /** What is being read now. */
  private read = OPENING;
  private listening = true;
  private readonly since = performance.now();
  private shellUnder: Shell | null = null;
  private heard: () => void = () => undefined;

  /** From now on all that passes belongs to this reading. */
  begin(read: string): void {
    this.read = read;
    this.listening = true;
  }

  /** Once what the device says to a new session has come; what passes then is not kept until a reading begins. */
  async endOpening(): Promise<void> {
    if (this.shellUnder) await pause(OPENING_MS);
    this.pause();
  }

  /** Whether a shell is listened to, and not requests with their replies. */
  get isShell(): boolean {
    return this.shellUnder !== null;
  }

  /** What passes is not kept until the next reading begins. */
  pause(): void {
    this.listening = false;
  }

  /** Sends a line past the client; null over HTTPS. @returns resolves at the first word that comes, or after `waitMs` */
  async sayPlain(line: string, waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    this.heard = resolve;
    this.shellUnder?.write(`${line}\n`);
    await promise;
    clearTimeout(timer);
  }

  readonly shell = (shell: Shell, over: ShellExchange['over']): Shell => {
    const sending = (sent: string) =>
      this.note({ over, read: this.read, at: this.now, took: 0, sent, said: '', pieces: 0 });
    sending('');
    const tapped: Shell = {
      weakness: shell.weakness,
      clean: (words) => shell.clean(words),
      write: (text) => {
        // All that is written before the first reading is the login.
        sending(over === 'telnet' && this.read === OPENING ? PASSWORD_SENT : text);
        shell.write(text);
      },
      onText: (listener) =>
        shell.onText((text) => {
          this.hear(text);
          listener(text);
        }),
      onClose: (listener) => shell.onClose(listener),
      close: () => shell.close(),
    };
    this.shellUnder = tapped;
    return tapped;
  };

  readonly http = (link: HttpLink): HttpLink => ({
    get tls() {
      return link.tls;
    },
    get certificate() {
      return link.certificate;
    },
    request: async (request) => {
      const exchange = this.beginRequest(request);
      try {
        const reply = await link.request(request);
        exchange.reply = replyOf(reply);
        return reply;
      } finally {
        exchange.took = this.now - exchange.at;
      }
    },
    close: () => link.close(),
  });

  private beginRequest({ method, path, headers = {}, body }: HttpRequest): HttpExchange {
    const kept = body === undefined ? null : withoutLogin(body);
    const saysWho = 'authorization' in headers || kept !== (body ?? null);
    const login = saysWho ? 'password' : 'cookie' in headers ? 'cookie' : 'none';
    const when = { read: this.read, at: this.now, took: 0 };
    const exchange: HttpExchange = { over: 'https', ...when, method, path, login, body: kept, reply: null };
    this.note(exchange);
    return exchange;
  }

  private hear(text: string): void {
    const current: ShellExchange | undefined = this.exchanges.findLast((one) => one.over !== 'https');
    if (!this.listening || !current) return;
    current.said += text;
    current.pieces++;
    current.took = this.now - current.at;
    this.heard();
  }

  private note(exchange: Exchange): void {
    if (this.listening) this.exchanges.push(exchange);
  }

  private get now(): number {
    return Math.round(performance.now() - this.since);
  }
}

/** A body in JSON that holds a password, with nothing in place of it and of the user's name; any other as it is. */
export function withoutLogin(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return body;
  }
  if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, 'password')) return body;
  return JSON.stringify({ ...parsed, user: '', password: '' });
}

function replyOf({ status, headers, text, isUtf8 }: HttpReply): HttpExchange['reply'] {
  const kept = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { status, headers: Object.fromEntries(kept), said: text, isUtf8 };
}
