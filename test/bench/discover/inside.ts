/** The part of the bench that runs in a network namespace: hosts behind a link, our search, nmap. One JSON line a result. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Site } from '../../../main/site/site.ts';
import { assertNamespace } from '../../support/namespace.ts';
import { type NetworkHosts, startHosts } from '../../support/networkHosts.ts';
import { tell } from '../bars.ts';
import { runMeasured } from '../measured.ts';

assertNamespace();
const [form, nmapVersion] = process.argv.slice(2);
const isQuick = form === 'quick';
const signal = new AbortController().signal;
const emit = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const PORTS = { https: 443, ssh: 22, http: 80, sip: 5060 };
const NMAP = 'nmap';
const NETWORK = '10.77.0.0/22';
/** Every tenth address of the network is somebody's. */
const LIVE = Array.from({ length: 102 }, (_, at) => addressAt(at * 10 + 7));
/** A /16 takes half a minute at ten times the usual pace, which is too long for the short form. */
const LARGE = isQuick ? '10.77.0.0/21' : '10.77.0.0/16';
const LARGE_RATE = 5_000;
/** In the short form nmap is stopped then; what it has taken by then is the least that it takes. */
const NMAP_MS = isQuick ? 10_000 : 30 * 60_000;
/** What Node makes of the sources is kept there: the product is delivered without a compiler in its memory. */
const compiled = mkdtempSync(join(tmpdir(), 'otj-bench-compiled-'));
process.env.NODE_COMPILE_CACHE = compiled;
process.on('exit', () => rmSync(compiled, { recursive: true, force: true }));

const searchSchema = z.object({
  wallMs: z.number(),
  attempts: z.number(),
  floorMs: z.number(),
  found: z.array(z.object({ address: z.string(), kind: z.string().nullable(), ours: z.boolean().nullable() })),
  earlyMb: z.number(),
  lateMb: z.number(),
  cancelMs: z.number().nullable(),
});
type Search = z.infer<typeof searchSchema>;

type Scan = { wallMs: number; up: number; cut: boolean };

for (const rttMs of [2, 20]) {
  tell(`${LIVE.length} hosts, ${rttMs} ms away`);
  const hosts = await startBehindLink(rttMs, LARGE);
  try {
    if (rttMs === 2) await ours([LIVE[0] ?? '', '500']);
    const { search, peakMb } = await ours([NETWORK, '500']);
    const judged = judge(search, hosts);
    // Asked before nmap comes, whose questions are not ours.
    const suspicious = (await hosts.suspicious()).length;
    // The short form has no time for both distances.
    const nmap = nmapVersion && !(isQuick && rttMs > 2) ? await scan(['-T4', '-sV']) : null;
    const patient = nmapVersion && !isQuick ? await scan(['-Pn', '-T4']) : null;
    const { wallMs, floorMs, attempts, found } = search;
    const figures = { wallMs, floorMs, attempts, found: found.length, ...judged, suspicious, peakMb };
    emit({ of: 'network', rttMs, hosts: LIVE.length, ours: figures, nmap, patient });
    if (rttMs === 2) await large(hosts);
  } finally {
    await hosts.stop();
  }
}

async function large(hosts: NetworkHosts): Promise<void> {
  tell(`${LARGE}, then the same and stopped`);
  const { search, peakMb } = await ours([LARGE, String(LARGE_RATE)]);
  const { search: stopped } = await ours([LARGE, String(LARGE_RATE), '1500']);
  const { right } = judge(search, hosts);
  const { wallMs, found, earlyMb, lateMb } = search;
  const addresses = isQuick ? 2_046 : 65_534;
  emit({
    of: 'large',
    ...{ addresses, wallMs, found: found.length, right: right / LIVE.length, earlyMb, lateMb, peakMb },
    cancelMs: stopped.cancelMs ?? Number.NaN,
  });
}

function startBehindLink(rttMs: number, network: string): Promise<NetworkHosts> {
  const link = { here: '10.76.0.1/30', there: '10.76.0.2/30', network };
  return startHosts({ addresses: LIVE, rttMs, ports: PORTS, link });
}

/** In a process of its own, so that its memory is its own. */
async function ours(args: readonly string[]): Promise<{ search: Search; peakMb: number }> {
  // The file is made here: deriving its key takes more memory than any search.
  const folder = mkdtempSync(join(tmpdir(), 'otj-bench-'));
  const site = await Site.create(join(folder, 'bench.otjsite'), 'Correct-Horse-Battery-77', {});
  site.close();
  const search = new URL('search.ts', import.meta.url);
  const { code, stdout, peakMb } = await runMeasured(search, [site.path, ...args], { signal }).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  if (code !== 0) throw new Error(`the search ended with ${code}`);
  return { search: searchSchema.parse(JSON.parse(stdout)), peakMb };
}

function judge({ found }: Search, { hosts }: NetworkHosts): { right: number; false: number } {
  const told = new Map(found.map((one) => [one.address, one]));
  const right = hosts.filter(({ address, kind, ours: isOurs }) => {
    const one = told.get(address);
    return one?.kind === kind && one.ours === isOurs;
  });
  return { right: right.length, false: found.filter(({ kind }) => kind !== null).length - right.length };
}

async function scan(options: readonly string[]): Promise<Scan> {
  tell(`nmap -n ${options.join(' ')}`);
  const began = performance.now();
  const ports = Object.values(PORTS).join(',');
  const args = ['-n', ...options, '-p', ports, '--open', '-oG', '-', NETWORK];
  const { stdout, cut } = await promisify(execFile)(NMAP, args, { maxBuffer: 16 * 1024 * 1024, timeout: NMAP_MS }).then(
    (out) => ({ ...out, cut: false }),
    (thrown: { killed?: boolean; stdout?: string }) => {
      if (!thrown.killed) throw thrown;
      return { stdout: thrown.stdout ?? '', cut: true };
    },
  );
  const up = new Set([...stdout.matchAll(/^Host: ([\d.]+) .*Ports: .*\/open\//gm)].map(([, address]) => address));
  return { wallMs: performance.now() - began, up: up.size, cut };
}

function addressAt(at: number): string {
  return `10.77.${Math.floor(at / 256)}.${at % 256}`;
}
