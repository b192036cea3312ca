/**
 * The xAPI over a codec's SSH shell: tagged commands that may be in flight together, length-prefixed bodies, a time limit
 * for each reply. Source of the protocol: Cisco jsxapi (src/backend/tsh.ts) and the xAPI guide.
 */
import { OtjError } from '../../../contract/errors.ts';
import type { Link } from '../../driver.ts';
import type { Shell } from '../../transports/ssh.ts';
import {
  commandLine,
  commandResult,
  configurationLine,
  confirmSet,
  isRecord,
  subtree,
  type Xapi,
  type XapiParams,
  type XapiValue,
} from '../xapi.ts';
import { startShell } from './start.ts';
import { type TshItem, TshReader } from './tshReader.ts';

type Waiting = {
  what: string;
  since: number;
  resolve: (reply: Record<string, unknown>) => void;
  reject: (error: OtjError) => void;
  /** When a reply that has not come is overdue, on the clock of `performance.now`. */
  due: number;
  /** Runs when a plain refusal may be the answer to this command. */
  doubt?: NodeJS.Timeout;
};

/** A reply that is arriving may take this many times the limit; one that has not begun may not. */
const MOST_WAITS = 10;
/** How long after a plain refusal, which names no command, its tagged reply may still come. */
const DOUBT_MS = 1000;
/** Replies to plain refusals: text without an id (recorded on codecs). */
const PLAIN_REFUSAL = /^(command not recognized|error:?\s)/i;
/** How terminal mode tags a reply: the shell did not take JSON mode. */
const TERMINAL_TAG = /^\*\* resultId: "(\d+)"/i;

export class Tsh implements Xapi {
  readonly link: Link;
  private readonly shell: Shell;
  private readonly timeoutMs: number;
  private readonly reader = new TshReader();
  private readonly waiting = new Map<string, Waiting>();
  private nextId = 1;
  private timer: NodeJS.Timeout | undefined;
  private gone: OtjError | null = null;
  private lastText = 0;
  private answered = false;
  private oddText: OtjError | null = null;

  private constructor(shell: Shell, timeoutMs: number) {
    this.shell = shell;
    this.timeoutMs = timeoutMs;
    this.link = { transport: 'ssh', weakness: shell.weakness };
  }

  /**
   * Waits for the banner, switches echo off and JSON on. The shell is closed when that fails.
   * Throws TIMEOUT, CONNECTION_LOST, CANCELLED, SESSION_LIMIT, DUPLICATE_SESSION, PASSPHRASE_CHANGE.
   */
  static async start(shell: Shell, timeoutMs: number): Promise<Tsh> {
    const tsh = new Tsh(shell, timeoutMs);
    try {
      await startShell(shell, timeoutMs, (text) => tsh.receive(text));
    } catch (thrown) {
      shell.close();
      throw thrown;
    }
    shell.onClose((reason) => tsh.fail(reason));
    // No reply is awaited: the JSON mode holds for all that follows (jsxapi does the same).
    shell.write('xpreferences outputmode json\n');
    return tsh;
  }

  async get(tree: 'Status' | 'Configuration', path: string): Promise<unknown> {
    const reply = await this.send(`${tree} ${path}`, (id) => oneLine(`x${tree} ${path} | resultId="${id}"`));
    return readable(subtree(reply, tree, path));
  }

  async command(path: string, params: XapiParams = {}, body?: string): Promise<Record<string, unknown>> {
    if (body !== undefined) mustFit(body);
    const reply = await this.send(path, (id) => {
      const line = oneLine(commandLine(path, params, id));
      if (body === undefined) return line;
      // The length-prefixed form survives lines with a lone dot, quotes and accents. The count is in UTF-8 bytes of
      // all that follows the first line.
      const rest = `${line}${body}\n`;
      return `{${Buffer.byteLength(rest)}} \n${rest}`;
    });
    return commandResult(reply, path);
  }

  async set(path: string, value: XapiValue): Promise<void> {
    const reply = await this.send(path, (id) => oneLine(configurationLine(path, value, id)));
    confirmSet(reply, path, value);
  }

  async close(): Promise<void> {
    if (!this.gone) this.shell.write('bye\n');
    this.shell.close();
  }

  private send(what: string, build: (id: string) => string): Promise<Record<string, unknown>> {
    if (this.gone) return Promise.reject(new OtjError(this.gone.code, this.gone.words));
    const id = String(this.nextId++);
    const text = build(id);
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const since = performance.now();
    this.waiting.set(id, { what, since, due: since + this.timeoutMs, resolve, reject });
    this.timer ??= setTimeout(this.seekOverdue, this.timeoutMs);
    this.shell.write(text);
    return promise;
  }

  /** One timer for all that is in flight: the first that is overdue ends the session for each of them. */
  private readonly seekOverdue = (): void => {
    const now = performance.now();
    const arriving = this.reader.isInside && now - this.lastText < this.timeoutMs;
    let next = Number.POSITIVE_INFINITY;
    for (const waiting of this.waiting.values()) {
      if (waiting.due <= now) {
        if (!arriving || now - waiting.since >= MOST_WAITS * this.timeoutMs) {
          // A session that missed a reply may take later commands for the body of this one: it is not used again.
          this.drop(this.oddText ?? new OtjError('TIMEOUT', waiting.what));
          return;
        }
        waiting.due = now + this.timeoutMs;
      }
      next = Math.min(next, waiting.due);
    }
    this.timer = setTimeout(this.seekOverdue, Math.ceil(next - now));
  };

  private receive(text: string): void {
    this.lastText = performance.now();
    for (const item of this.reader.push(text)) {
      if (this.gone) return;
      this.take(item);
    }
  }

  private take(item: TshItem): void {
    if (item.kind === 'object') {
      // An object without an id is feedback; one with an id that nobody waits for came too late.
      const id = item.value.ResultId;
      const waiting = typeof id === 'string' || typeof id === 'number' ? this.settle(String(id)) : undefined;
      if (waiting) this.answered = true;
      waiting?.resolve(item.value);
    } else if (item.kind === 'broken') {
      const odd = new OtjError(item.tooLarge ? 'REPLY_TOO_LARGE' : 'ODD_REPLY', this.shell.clean(item.text));
      // Before the first reply it may be the rest of an owner's welcome text.
      if (this.answered || item.tooLarge) this.drop(odd);
      else this.oddText = odd;
    } else if (PLAIN_REFUSAL.test(item.text)) this.doubtOldest(item.text);
    else if (this.waiting.has(TERMINAL_TAG.exec(item.text)?.[1] ?? ''))
      this.drop(new OtjError('UNSUPPORTED', 'the shell has no JSON output'));
  }

  /**
   * Plain text carries no id, and a device may say such things unasked. It is taken as the answer to the oldest command
   * only if that gets no other; and not as a refusal, because it is not sure to be one.
   */
  private doubtOldest(text: string): void {
    const [id] = this.waiting.keys();
    const oldest = id === undefined ? undefined : this.waiting.get(id);
    if (id === undefined || !oldest || oldest.doubt) return;
    oldest.doubt = setTimeout(() => {
      this.settle(id)?.reject(new OtjError('ODD_REPLY', `${oldest.what}: ${this.shell.clean(text)}`));
    }, DOUBT_MS);
  }

  private settle(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(waiting?.doubt);
    if (this.waiting.size === 0) {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    return waiting;
  }

  private drop(reason: OtjError): void {
    this.fail(reason);
    this.shell.close();
  }

  private fail(reason: OtjError): void {
    this.gone ??= reason;
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(reason);
  }
}

/** Statuses and settings are shown and compared, never sent back as they are: bytes that are no text may be stood in for. */
function readable(node: unknown): unknown {
  return isReadable(node) ? node : madeReadable(node);
}

/** Nearly all are: then nothing is built anew. */
function isReadable(node: unknown): boolean {
  if (typeof node === 'string') return node.isWellFormed();
  if (typeof node !== 'object' || node === null) return true;
  for (const name in node) if (!isReadable(Reflect.get(node, name))) return false;
  return true;
}

function madeReadable(node: unknown): unknown {
  if (typeof node === 'string') return node.toWellFormed();
  if (Array.isArray(node)) return node.map(madeReadable);
  if (!isRecord(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, madeReadable(value)]));
}

/** Throws ODD_REPLY for a control character: a line break would begin another command. */
function oneLine(line: string): string {
  if (/\p{Cc}/u.test(line)) throw new OtjError('ODD_REPLY', 'a command holds a line break or control character');
  return `${line}\n`;
}

/** Throws MACRO_UNFIT for a text that would not arrive as it is: the shell ends texts at NUL, UTF-8 has no half pairs. */
function mustFit(body: string): void {
  if (body.includes('\0')) throw new OtjError('MACRO_UNFIT', 'its text holds a NUL character');
  if (!body.isWellFormed()) throw new OtjError('MACRO_UNFIT', 'its text holds half of a character (lone surrogate)');
}
