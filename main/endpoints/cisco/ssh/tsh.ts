/**
 * The xAPI over a codec's SSH shell: start-up, tagged commands that may be in flight together, length-prefixed bodies,
 * a time limit for each reply. Source of the protocol: Cisco jsxapi (src/backend/tsh.ts) and the xAPI guide.
 */
import { OtjError } from '../../../contract/errors.ts';
import type { Link } from '../../driver.ts';
import type { Shell } from '../../transports/ssh.ts';
import {
  commandLine,
  commandResult,
  configurationLine,
  confirmSet,
  subtree,
  type Xapi,
  type XapiParams,
  type XapiValue,
} from '../xapi.ts';
import { TshReader } from './tshReader.ts';

type Waiting = {
  resolve: (reply: Record<string, unknown>) => void;
  reject: (error: OtjError) => void;
  timer: NodeJS.Timeout;
};

/** After a lone `OK` with no `Login successful` before it (welcome text may be cut), how long quiet means ready. */
const QUIET_MS = 1000;

export class Tsh implements Xapi {
  readonly link: Link = { transport: 'ssh', weakness: null };
  private readonly shell: Shell;
  private readonly timeoutMs: number;
  private readonly reader = new TshReader();
  private readonly waiting = new Map<string, Waiting>();
  private nextId = 1;
  private gone: OtjError | null = null;

  private constructor(shell: Shell, timeoutMs: number) {
    this.shell = shell;
    this.timeoutMs = timeoutMs;
  }

  /** Waits for the banner, switches echo off and JSON on. Throws TIMEOUT, CONNECTION_LOST, CANCELLED. */
  static async start(shell: Shell, timeoutMs: number): Promise<Tsh> {
    const tsh = new Tsh(shell, timeoutMs);
    await startUp(shell, timeoutMs);
    shell.onText((text) => tsh.receive(text));
    shell.onClose((reason) => tsh.fail(reason));
    // No reply is awaited: the JSON mode holds for all that follows (jsxapi does the same).
    shell.write('xpreferences outputmode json\n');
    return tsh;
  }

  async get(tree: 'Status' | 'Configuration', path: string): Promise<unknown> {
    const reply = await this.send((id) => `x${tree} ${path} | resultId="${id}"\n`);
    return subtree(reply, tree, path);
  }

  async command(path: string, params: XapiParams = {}, body?: string): Promise<Record<string, unknown>> {
    const reply = await this.send((id) => {
      const line = `${commandLine(path, params, id)}\n`;
      if (body === undefined) return line;
      if (body.includes('\0')) throw new OtjError('ODD_REPLY', 'the text to send holds a NUL');
      // The length-prefixed form survives lines with a lone dot, quotes and accents. The count is in UTF-8 bytes of
      // all that follows the first line.
      const rest = `${line}${body}\n`;
      return `{${Buffer.byteLength(rest)}} \n${rest}`;
    });
    return commandResult(reply, path);
  }

  async set(path: string, value: XapiValue): Promise<void> {
    const reply = await this.send((id) => `${configurationLine(path, value, id)}\n`);
    confirmSet(reply, path);
  }

  async close(): Promise<void> {
    if (!this.gone) this.shell.write('bye\n');
    this.shell.close();
  }

  private send(build: (id: string) => string): Promise<Record<string, unknown>> {
    if (this.gone) return Promise.reject(new OtjError(this.gone.code, this.gone.words));
    const id = String(this.nextId++);
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    const text = build(id);
    const timer = setTimeout(() => {
      // A session that missed a reply may take later commands for the body of this one: it is not used again.
      this.fail(new OtjError('TIMEOUT', text.split(/[:|]/, 1)[0]?.trim()));
      this.shell.close();
    }, this.timeoutMs);
    this.waiting.set(id, { resolve, reject, timer });
    this.shell.write(text);
    return promise;
  }

  private receive(text: string): void {
    for (const item of this.reader.push(text)) {
      if (item.kind === 'object') {
        const id = item.value.ResultId;
        if (typeof id === 'string') this.settle(id)?.resolve(item.value);
      } else if (item.kind === 'broken') {
        this.fail(new OtjError(item.tooLarge ? 'REPLY_TOO_LARGE' : 'ODD_REPLY', item.text));
        this.shell.close();
      } else if (/^(command not recognized|error:?\s)/i.test(item.text)) {
        // Plain text carries no id. Replies to plain refusals come in order, so it belongs to the oldest command.
        const [oldest] = this.waiting.keys();
        if (oldest) this.settle(oldest)?.reject(new OtjError('REFUSED', item.text.slice(0, 200)));
      }
    }
  }

  private settle(id: string): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }

  private fail(reason: OtjError): void {
    this.gone ??= reason;
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(reason);
  }
}

/** Banner, then `echo off`, each ended by a line `OK`. */
function startUp(shell: Shell, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let text = '';
  let phase: 'banner' | 'echo' | 'ready' = 'banner';
  let quiet: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    shell.close();
    reject(new OtjError('TIMEOUT', 'no xAPI prompt after login'));
  }, timeoutMs);
  const done = (end: () => void) => {
    phase = 'ready';
    clearTimeout(timer);
    clearTimeout(quiet);
    end();
  };
  const echoOff = () => {
    phase = 'echo';
    text = '';
    clearTimeout(quiet);
    shell.write('echo off\n');
  };

  shell.onClose((reason) => done(() => reject(reason)));
  shell.onText((piece) => {
    if (phase === 'ready') return;
    text = (text + piece).slice(-16_384);
    clearTimeout(quiet);
    if (phase === 'banner') {
      // A customer's own banner may hold a line `OK`; only the one after the login line is the codec's.
      const login = text.indexOf('*r Login successful');
      if (login >= 0 && hasOkLine(text.slice(login))) echoOff();
      else if (login < 0 && hasOkLine(text)) quiet = setTimeout(echoOff, QUIET_MS);
    } else if (hasOkLine(text)) done(resolve);
  });
  return promise;
}

function hasOkLine(text: string): boolean {
  return /(^|\n)OK\r?\n/.test(text);
}
