/** Simulated hosts beside a test: on this namespace's loopback, or behind a veth pair. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { IP, UNSHARE } from './programs.ts';

export interface ToldHost {
  address: string;
  kind: string;
  ours: boolean;
}

export interface NetworkHosts {
  readonly pid: number;
  readonly hosts: readonly ToldHost[];
  /** What somebody did that could count as a login, so far. */
  suspicious(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface HostsWish {
  addresses: readonly string[];
  rttMs: number;
  ports: { https: number; ssh: number; http: number; sip: number };
  /** Puts them into a namespace of their own, behind this link. */
  link?: { here: string; there: string; network: string };
}

const LINK = { here: 'otj0', there: 'otj1' };

/** Only for processes that are in a namespace of their own, when it is with a link. */
export async function startHosts({ link, ...wish }: HostsWish): Promise<NetworkHosts> {
  const main = fileURLToPath(new URL('../lab/network/main.ts', import.meta.url));
  const told = link ? { name: LINK.there, address: link.there, network: link.network } : null;
  const args = [main, JSON.stringify({ ...wish, link: told })];
  const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
  const child = link
    ? spawn(UNSHARE, ['-n', '--', process.execPath, ...args], { stdio })
    : spawn(process.execPath, args, { stdio });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the simulated hosts ended');
    return JSON.parse(String(value)) as T;
  };
  const { pid } = await next<{ pid: number }>();
  if (link) {
    const ip = (...words: string[]) => execFileSync(IP, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    ip('link', 'add', LINK.here, 'type', 'veth', 'peer', 'name', LINK.there, 'netns', String(pid));
    ip('addr', 'add', link.here, 'dev', LINK.here);
    ip('link', 'set', LINK.here, 'up');
    const via = link.there.split('/')[0] ?? '';
    // The other end is up a moment later.
    for (let tries = 0; ; tries++) {
      try {
        ip('route', 'replace', link.network, 'via', via);
        break;
      } catch (thrown) {
        if (tries > 20) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
  const { hosts } = await next<{ hosts: ToldHost[] }>();
  return {
    pid,
    hosts,
    async suspicious() {
      child.stdin.write('\n');
      return (await next<{ suspicious: string[] }>()).suspicious;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}
