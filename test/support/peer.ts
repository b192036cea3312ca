/** Another computer on a link of its own: a network namespace at the other end of a veth pair. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { assertNamespace } from './namespace.ts';
import { IP, NSENTER, UNSHARE } from './programs.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** For what comes over a network, on a computer that others use as well. */
export const PATIENCE = { timeout: 15_000, interval: 100 };

export interface Peer {
  /** Names of the interfaces on this side and on its own. */
  readonly here: string;
  readonly there: string;
  /** Its address, and that of its network card. */
  readonly address: string;
  readonly mac: string;
  /** A piece of JavaScript, run there. */
  run(script: string): void;
  /** A program, run there; a private /run for what its programs tell each other. */
  start(program: string, args: readonly string[], folder: string): void;
  /** A web server there; resolves when it takes connections. @param listener JavaScript of a request listener */
  serve(port: number, listener: string): Promise<void>;
  /** Answers all searches of SSDP. */
  answerSearch(location: string, server: string): void;
  /** Takes this side's end away, and brings it back. */
  down(): void;
  up(): void;
  stop(): void;
}

/** @param network first three numbers: this side is .1, it is .2 */
export async function startPeer(name: string, network: string): Promise<Peer> {
  assertNamespace();
  const [here, there, address] = [`${name}0`, `${name}1`, `${network}.2`];
  const children: ChildProcess[] = [];
  const keeper = spawn(UNSHARE, ['-n', '--', 'sleep', '600'], { stdio: 'ignore' });
  children.push(keeper);
  const pid = String(keeper.pid);
  await apart(pid);
  const ip = (...words: string[]) => execFileSync(IP, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const inside = (words: readonly string[]) => ['-t', pid, '-n', '--', ...words];
  ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', pid);
  const commands = [`addr add ${address}/24 dev ${there}`, `link set ${there} up`, 'link set lo up'];
  const routes = [`route add 224.0.0.0/4 dev ${there}`];
  execFileSync(NSENTER, inside(['ip', '-batch', '-']), { input: [...commands, ...routes, ''].join('\n') });
  const mac = /ether (\S+)/.exec(
    execFileSync(NSENTER, inside(['ip', 'link', 'show', there]), { encoding: 'utf8' }),
  )?.[1];
  const up = () => {
    ip('addr', 'replace', `${network}.1/24`, 'dev', here);
    ip('link', 'set', here, 'up');
  };
  up();
  const start = (program: string, args: readonly string[], cwd: string) => {
    children.push(spawn(NSENTER, inside([program, ...args]), { cwd, stdio: ['ignore', 'ignore', 'ignore'] }));
  };
  const run = (script: string) => start(process.execPath, ['-e', script], ROOT);
  return {
    ...{ here, there, address, mac: (mac ?? '').toUpperCase(), run, start, up },
    async serve(port, listener) {
      run(`require('node:http').createServer(${listener}).listen(${port})`);
      await expect.poll(() => takesConnections(address, port), PATIENCE).toBe(true);
    },
    answerSearch(location, server) {
      run(`
        const ssdp = require('node-ssdp');
        const server = new ssdp.Server({ location: ${JSON.stringify(location)}, ssdpSig: ${JSON.stringify(server)} });
        server.addUSN('urn:schemas-upnp-org:device:Basic:1');
        server.addUSN('upnp:rootdevice');
        server.start();
        setInterval(() => undefined, 1e6);`);
    },
    down: () => ip('addr', 'flush', 'dev', here),
    stop() {
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const told = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => told(true));
    for (const failed of ['error', 'timeout']) socket.once(failed, () => told(false));
  });
}

/** The process is there before its namespace is. */
async function apart(pid: string): Promise<void> {
  const own = execFileSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' });
  for (let tries = 0; tries < 200; tries++) {
    const other = execFileSync('readlink', [`/proc/${pid}/ns/net`], { encoding: 'utf8' });
    if (other !== own && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'sleep') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the other namespace did not come to be');
}
