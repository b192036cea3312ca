/** The practice site: simulated devices in a thread of this process, and a new site file that is set up for them. */
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import { connectionSchema } from '../contract/microsoft/connection.ts';
import { Site } from '../site/site.ts';
import { connect } from './connection.ts';
import { importRooms } from './inventory.ts';
import type { OpenSite } from './openSite.ts';
import { rememberSite } from './preferences.ts';

/** Nothing real is in a practice site: its passphrase is told to everybody. */
const PASSPHRASE = 'practice site';
/** How long simulated devices may take to say goodbye, milliseconds. */
const LONGEST_END_MS = 10_000;

/** Where simulated devices listen on this computer. */
export interface PracticeNetwork {
  /** First two parts of the device addresses. */
  devices: string;
  /** First three parts of the addresses of Infinity and the Service. */
  core: string;
  /** As usual when left out. */
  ports?: { ssh: number; https: number };
}

/** The next one is tried where another lab, or something else, has the addresses of the one before. */
const NETWORKS: readonly PracticeNetwork[] = [
  { devices: '127.20', core: '127.30.0' },
  { devices: '127.22', core: '127.32.0' },
  { devices: '127.23', core: '127.33.0' },
];

export interface PracticeWish {
  rooms: number;
  /** With the troubles of a real site. */
  trouble: boolean;
  networks?: readonly PracticeNetwork[];
}

/** The lab's own description of itself, as far as a site file needs it. */
const labSchema = z.object({
  ports: z.object({ ssh: z.number(), https: z.number() }),
  infinity: z.object({
    url: z.url(),
    username: z.string(),
    password: z.string(),
    group: z.string(),
    /** PEM */
    certificate: z.string(),
  }),
  logins: z.object({
    cisco: z.object({ username: z.string(), passphrase: z.string() }),
    poly: z.object({ username: z.string(), password: z.string() }),
  }),
  microsoft: z
    .object({ connection: connectionSchema.pick({ other: true, ca: true, tenant: true, clientId: true }) })
    .exactOptional(),
  roomsCsv: z.string(),
});
type LabDocument = z.infer<typeof labSchema>;

interface Lab {
  document: LabDocument;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the devices, makes the site file and opens it unlocked; the devices end when it is closed.
 * Throws PRACTICE_FAILED, CANCELLED, DISK, JOB_RUNNING; nothing is left running then.
 */
export async function startPractice(
  open: OpenSite,
  wish: PracticeWish,
  signal: AbortSignal,
): Promise<{ path: string; passphrase: string }> {
  const lab = await startLab(wish, signal);
  let site: Site | null = null;
  try {
    site = await makeSite(lab.document);
    if (signal.aborted) throw new OtjError('CANCELLED');
    open.set(site);
    open.keepPractice(lab);
  } catch (thrown) {
    site?.close();
    await lab.stop();
    throw thrown;
  }
  rememberSite(open.facts.userData, { path: site.path, name: site.settings.name, practice: true });
  return { path: site.path, passphrase: PASSPHRASE };
}

async function startLab({ rooms, trouble, networks = NETWORKS }: PracticeWish, signal: AbortSignal): Promise<Lab> {
  const said: string[] = [];
  for (const network of networks) {
    if (signal.aborted) throw new OtjError('CANCELLED');
    const lab = await tryLab(
      [...flagsOf(network), '--rooms', String(rooms), ...(trouble ? ['--trouble'] : [])],
      signal,
    );
    if (typeof lab !== 'string') return lab;
    said.push(lab);
  }
  throw new OtjError('PRACTICE_FAILED', said.at(-1));
}

function flagsOf({ devices, core, ports }: PracticeNetwork): string[] {
  const where = ['--json', '--microsoft', '--device-net', devices, '--core-net', core];
  return ports ? [...where, '--ssh-port', String(ports.ssh), '--https-port', String(ports.https)] : where;
}

/** @returns the lab, or its own words why it did not start. Throws CANCELLED. */
async function tryLab(argv: string[], signal: AbortSignal): Promise<Lab | string> {
  const worker = new Worker(labModule(), { argv, stdin: true, stdout: true, stderr: true });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const words = text(worker.stderr);
  const cancel = () => void worker.terminate();
  signal.addEventListener('abort', cancel, { once: true });
  const failure = new Promise<string>((resolve) => {
    worker.once('error', (error: unknown) => resolve(error instanceof Error ? error.message : String(error)));
    void ended.then(async () => resolve(firstLine(await words)));
  });
  const lines = createInterface({ input: worker.stdout });
  const first = new Promise<{ line: string }>((resolve) => lines.once('line', (line) => resolve({ line })));
  const outcome = await Promise.race([first, failure]);
  signal.removeEventListener('abort', cancel);
  if (signal.aborted) {
    await worker.terminate();
    throw new OtjError('CANCELLED');
  }
  if (typeof outcome === 'string') return outcome;
  const document = documentIn(outcome.line);
  if (document) return { document, ended, stop: () => end(worker, ended) };
  await worker.terminate();
  return firstLine(outcome.line);
}

function documentIn(line: string): LabDocument | null {
  try {
    return labSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function firstLine(said: string): string {
  return said.trim().split('\n')[0] ?? '';
}

/** The lab comes with the source tree as it is, and as one file beside the bundle of a build. */
function labModule(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('../../test/lab/main.ts', import.meta.url)
    : new URL('./lab.js', import.meta.url);
}

/** The lab ends when its input does; one that hangs is cut off. */
async function end(worker: Worker, ended: Promise<void>): Promise<void> {
  worker.stdin?.end();
  const cut = setTimeout(() => void worker.terminate(), LONGEST_END_MS);
  await ended;
  clearTimeout(cut);
}

async function makeSite({ ports, infinity, logins, roomsCsv, microsoft }: LabDocument): Promise<Site> {
  const at = new URL(infinity.url);
  const site = await Site.create(freshPath(), PASSPHRASE, {
    name: 'Practice',
    sshPort: ports.ssh,
    httpsPort: ports.https,
    nodePort: ports.https,
    infinity: {
      address: at.hostname,
      port: Number(at.port),
      group: infinity.group,
      pin: new X509Certificate(infinity.certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
    },
    // Simulated devices answer at once, so there is no need to ask them as seldom as a real one.
    proofEveryMs: 500,
    proofMs: 20_000,
  });
  try {
    importRooms(site, readFileSync(roomsCsv));
    site.saveCredential('cisco-roomos', null, logins.cisco.username, logins.cisco.passphrase);
    site.saveCredential('poly-videoos', null, logins.poly.username, logins.poly.password);
    site.saveCredential('infinity', null, infinity.username, infinity.password);
    if (microsoft) await connect(site, { cloud: 'other', ...microsoft.connection });
    return site;
  } catch (thrown) {
    site.close();
    throw thrown;
  }
}

/** `practice-20260131-140211.otjsite`, in local time, in a folder of its own. Throws DISK. */
function freshPath(): string {
  const folder = join(homedir(), 'OTJ practice');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    throw new OtjError('DISK', (thrown as Error).message, { cause: thrown });
  }
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return join(folder, `practice-${day}-${time}.otjsite`);
}
