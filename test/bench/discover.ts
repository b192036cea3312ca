/**
 * Looking through a /22 with a tenth of live hosts of ten kinds, a third of them not ours, beside nmap on the same ports.
 * All of it in network namespaces that the bench makes itself; what is nobody's address is dropped in silence there.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { namespaced, outsideMark, whyNoNamespace } from '../support/namespace.ts';
import { type Bar, type Bench, bar, say, sayTable, tell } from './bars.ts';

/** `cut`: it was stopped before its end, so it takes longer than that. */
const scanSchema = z.object({ wallMs: z.number(), up: z.number(), cut: z.boolean() });

const figuresSchema = z.object({
  rttMs: z.number(),
  hosts: z.number(),
  ours: z.object({
    wallMs: z.number(),
    floorMs: z.number(),
    attempts: z.number(),
    found: z.number(),
    right: z.number(),
    false: z.number(),
    suspicious: z.number(),
    peakMb: z.number(),
  }),
  nmap: scanSchema.nullable(),
  patient: scanSchema.nullable(),
});
const largeSchema = z.object({
  addresses: z.number(),
  wallMs: z.number(),
  found: z.number(),
  right: z.number(),
  /** Memory in use when all hosts are behind it, after three tenths, and at the end, MB. */
  earlyMb: z.number(),
  lateMb: z.number(),
  peakMb: z.number(),
  cancelMs: z.number(),
});
const linesSchema = z.discriminatedUnion('of', [
  figuresSchema.extend({ of: z.literal('network') }),
  largeSchema.extend({ of: z.literal('large') }),
]);

export type Figures = z.infer<typeof figuresSchema>;
export type Large = z.infer<typeof largeSchema>;

/** Debian's package of the same name; without it there is nothing to compare with. */
const NMAP = 'nmap';
/** The most that the product may take of a computer while it looks. */
const MEMORY_MB = 150;
const GROWTH_MB = 10;

export const discover: Bench = async ({ quick, signal }) => {
  const why = whyNoNamespace();
  if (why) throw new Error(why);
  const networks: Figures[] = [];
  let large: Large | null = null;
  for (const line of await inside(quick, signal)) {
    if (line.of === 'network') networks.push(line);
    else large = line;
  }
  sayNetworks(networks);
  return [...networks.flatMap((one) => barsOf(one, quick)), ...(large ? largeBars(large) : [])];
};

async function inside(quick: boolean, signal: AbortSignal): Promise<z.infer<typeof linesSchema>[]> {
  const main = fileURLToPath(new URL('discover/inside.ts', import.meta.url));
  const child = spawn(...namespaced(process.execPath, [main, quick ? 'quick' : 'long', nmapVersion() ?? '']), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...outsideMark() },
    signal,
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`the part in the namespace ended with ${code}`);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => linesSchema.parse(JSON.parse(line)));
}

/** null where it is not installed; its bars cannot be measured then, and do not hold. */
function nmapVersion(): string | null {
  try {
    const out = execFileSync(NMAP, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /version ([\d.]+)/.exec(out)?.[1] ?? 'unknown';
  } catch {
    tell('nmap is not installed: nothing to compare with (apt-get install nmap)');
    return null;
  }
}

function sayNetworks(networks: readonly Figures[]): void {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const scanRow = (name: string, scan: Figures['nmap']) =>
    scan
      ? [name, `${scan.cut ? 'more than ' : ''}${seconds(scan.wallMs)}`, scan.cut ? null : scan.up, null, null]
      : [name, null, null, null, null];
  for (const { rttMs, hosts, ours, nmap, patient } of networks) {
    say(
      `\n/22, ${hosts} live hosts, ${rttMs} ms away (made in the servers), the rest silent; ports 443, 22, 80, 5060.`,
    );
    sayTable(
      ['', 'wall', 'hosts found', 'named rightly', 'memory'],
      [
        [`least for ${ours.attempts} attempts at this pace`, seconds(ours.floorMs), null, null, null],
        ['ours', seconds(ours.wallMs), ours.found, ours.right, `${ours.peakMb.toFixed(0)} MB`],
        scanRow('nmap -n -T4 -sV', nmap),
        scanRow('nmap -n -Pn -T4', patient),
      ],
    );
  }
}

function barsOf({ rttMs, hosts, ours, nmap, patient }: Figures, quick: boolean): Bar[] {
  const at = `/22, ${rttMs} ms`;
  return [
    // Of a scan that was cut the least is known that it takes, so the ratio is at most this one.
    ...(quick && !nmap && rttMs > 2
      ? []
      : [
          bar(
            `${at}: wall time / nmap -n -T4 -sV${nmap?.cut ? `, cut after ${(nmap.wallMs / 1000).toFixed(0)} s: at most` : ''}`,
            ours.wallMs / (nmap?.wallMs ?? Number.NaN),
            'lower',
            1,
          ),
        ]),
    // The short form of the bench has no time for it.
    ...(quick && !patient
      ? []
      : [bar(`${at}: wall time / nmap -n -Pn -T4`, ours.wallMs / (patient?.wallMs ?? Number.NaN), 'lower', 0.05)]),
    bar(`${at}: hosts named rightly, of ${hosts}`, ours.right / hosts, 'higher', 1),
    bar(`${at}: hosts named wrongly or made up`, ours.false, 'lower', 0),
    bar(`${at}: what could be a login`, ours.suspicious, 'lower', 0),
    bar(`${at}: memory, MB`, ours.peakMb, 'lower', MEMORY_MB),
  ];
}

function largeBars({ addresses, wallMs, found, right, earlyMb, lateMb, peakMb, cancelMs }: Large): Bar[] {
  const at = `${addresses} addresses`;
  say(
    `\n${at}, most of them silent: ${(wallMs / 1000).toFixed(1)} s, ${found} found; memory in use ${earlyMb.toFixed(0)} MB after three tenths, ${lateMb.toFixed(0)} MB at the end.`,
  );
  return [
    bar(`${at}: hosts named rightly`, right, 'higher', 1),
    bar(`${at}: growth of memory, MB`, lateMb - earlyMb, 'lower', GROWTH_MB),
    bar(`${at}: memory, MB`, peakMb, 'lower', MEMORY_MB),
    bar(`${at}: stopped within, ms`, cancelMs, 'lower', 1_000),
  ];
}
