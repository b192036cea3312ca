/** `otj run` over the lab, as a technician runs it: the lab in one process, the product in another. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { STEP as CISCO } from '../../main/endpoints/cisco/plan/ids.ts';
import { STEP as POLY } from '../../main/endpoints/poly/videoos/plan.ts';
import { Site } from '../../main/site/site.ts';
import { type LabProcess, startLab } from '../support/labProcess.ts';
import { otj } from '../support/otj.ts';
import { type PracticeSite, setUpCommands } from '../support/practiceSite.ts';
import { type Measured, runMeasured } from './measured.ts';

export interface LabCase {
  rooms: number;
  latencyMs: number;
  concurrency: number;
}

export interface LabResult extends LabCase {
  /** First write of the run to the last device changed and read back. */
  workMs: number;
  /** What came after that: waiting until the lab has served the last room. */
  proofMs: number;
  /** Journal rows. */
  edges: number;
  /** Of the whole `otj run` process. */
  cpuMs: number;
  peakMb: number;
  /** The same of a run that finds nothing to do: loading the program, opening the file, deriving the key. */
  start: { cpuMs: number; peakMb: number };
  /** Of the lab while that process ran; null where the system does not tell. */
  labCpuMs: number | null;
}

/** Networks and ports of our own, so that a lab that is up for other work is not in the way. */
const PLACE = ['--device-net', '127.91', '--core-net', '127.91.250', '--ssh-port', '2991', '--https-port', '8991'];
/** The product keeps to 900 requests a minute per process, two a room: more rooms are prepared by several processes. */
const PREPARED_AT_ONCE = 400;
/** Waits that depend on when the lab pushes or a Poly pulls, and not on us. */
const PROOFS = [CISCO.meeting, POLY.registered, POLY.meeting];
const CLI = new URL('../../main/cli.ts', import.meta.url);

const withList = z.looseObject({ roomsCsv: z.string() });
const withMailboxes = z.looseObject({ rooms: z.array(z.looseObject({ mailbox: z.string() })) });

/** Sites start as copies of one, whose logins all labs of this bench share. */
export class LabRuns {
  private readonly folder: string;
  private readonly signal: AbortSignal;
  private readonly seed = randomBytes(8).toString('hex');
  private readonly base: PracticeSite;
  private start: LabResult['start'] | null = null;

  constructor(folder: string, signal: AbortSignal) {
    this.folder = folder;
    this.signal = signal;
    this.base = { path: join(folder, 'base.otjsite'), passphrase: randomBytes(12).toString('base64url') };
  }

  /** Starts a lab, brings a site to prepared, migrates, stops the lab. Throws unless every room was migrated. */
  async measure(wanted: LabCase): Promise<LabResult> {
    const { rooms, latencyMs } = wanted;
    this.signal.throwIfAborted();
    const lab = await startLab(['--rooms', `${rooms}`, '--latency', `${latencyMs}`, '--seed', this.seed, ...PLACE]);
    try {
      const site = await this.setUp(lab, wanted);
      const before = cpuOf(lab.pid);
      const { cpuMs, peakMb } = await this.otjRun(site);
      const after = cpuOf(lab.pid);
      this.start ??= await this.otjRun(site);
      const labCpuMs = before === null || after === null ? null : after - before;
      return { ...wanted, ...timesOf(site.path, rooms), cpuMs, peakMb, labCpuMs, start: this.start };
    } finally {
      await lab.stop();
    }
  }

  private async otjRun({ path, passphrase }: PracticeSite): Promise<Measured> {
    const args = ['run', path, '--confirm-pilots', '--passphrase-fd', '3'];
    const measured = await runMeasured(CLI, args, { secret: passphrase, signal: this.signal });
    if (measured.code !== 0) throw new Error(`otj run ended with ${measured.code}: ${measured.stdout.slice(-2000)}`);
    return measured;
  }

  /** The real commands, of which those that any site of this bench begins with ran only once. */
  private async setUp(lab: LabProcess, { rooms, latencyMs, concurrency }: LabCase): Promise<PracticeSite> {
    const list = withList.parse(lab.document).roomsCsv;
    const isFirst = (args: readonly string[]) => args[0] === 'init' || args[0] === 'credential';
    if (!existsSync(this.base.path))
      await this.commands(setUpCommands(this.base, lab.document, list).filter(({ args }) => isFirst(args)));
    const site = { ...this.base, path: join(this.folder, `${rooms}-rooms-${latencyMs}-ms-${concurrency}.otjsite`) };
    copyFileSync(this.base.path, site.path);
    await this.commands(setUpCommands(site, lab.document, list).filter(({ args }) => !isFirst(args)));
    // The lab's own limit of requests is for tests of the pace, not for this.
    await lab.post('/infinity/behaviour', { ratePerMinute: 1_000_000 });
    const { path, passphrase } = site;
    const mailboxes = withMailboxes.parse(lab.document).rooms.map(({ mailbox }) => mailbox);
    for (let at = 0; at < mailboxes.length; at += PREPARED_AT_ONCE)
      await this.commands([
        {
          args: ['prepare', path, ...mailboxes.slice(at, at + PREPARED_AT_ONCE), '--passphrase-fd', '3'],
          secrets: [passphrase],
        },
      ]);
    // Long enough for the slowest round of the lab's pushes and pulls, and looked at no oftener than a run needs.
    const settings = [`concurrency=${concurrency}`, 'proofEveryMs=1000', 'proofMs=180000'];
    await this.commands([{ args: ['settings', path, ...settings], secrets: [] }]);
    return site;
  }

  private async commands(commands: readonly { args: string[]; secrets: string[] }[]): Promise<void> {
    for (const { args, secrets } of commands) {
      this.signal.throwIfAborted();
      const { code, stdout, stderr } = await otj(args, ...secrets);
      if (code !== 0) throw new Error(`otj ${args[0]} ended with ${code}: ${stdout.slice(-1000)}${stderr}`);
    }
  }
}

/** From the journal that the run itself wrote. */
function timesOf(path: string, rooms: number): Pick<LabResult, 'workMs' | 'proofMs' | 'edges'> {
  const site = Site.open(path);
  try {
    const migrated = site.rooms.all().filter(({ state }) => state === 'migrated').length;
    if (migrated !== rooms) throw new Error(`${migrated} of ${rooms} rooms were migrated`);
    const run = site.db.one('SELECT started_at, ended_at FROM run ORDER BY id DESC LIMIT 1');
    const journal = site.db.one('SELECT count(*) AS edges FROM journal');
    const work = site.db.one(
      'SELECT max(at) AS at FROM journal WHERE step NOT IN (SELECT value FROM json_each($proofs))',
      { proofs: JSON.stringify(PROOFS) },
    );
    const time = (text: unknown) => Date.parse(String(text));
    return {
      workMs: time(work?.at) - time(run?.started_at),
      proofMs: time(run?.ended_at) - time(work?.at),
      edges: Number(journal?.edges),
    };
  } finally {
    site.close();
  }
}

/** User and system time of another process; only Linux tells it in a file. */
function cpuOf(pid: number): number | null {
  const TICK_MS = 10;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return null;
  }
}
