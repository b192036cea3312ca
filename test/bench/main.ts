/**
 * bench [NAME] [--quick]: measures one part of the product against its budgets; without a name lists the benches.
 * The last line is one JSON object. Exit codes: 0 ran to its end, whatever the bars say; 1 did not; 2 wrong use.
 */
import { parseArgs } from 'node:util';
import { type Bench, say, sayBars } from './bars.ts';

const BENCHES = new Map<string, { summary: string; load: () => Promise<Bench> }>([
  [
    'cisco',
    {
      summary: 'one codec from near and far, beside jsxapi; 200 codecs at once',
      load: async () => (await import('./cisco.ts')).cisco,
    },
  ],
  [
    'poly',
    {
      summary: 'one Poly device of each way at 20 ms beside its unavoidable round trips; 200 at once',
      load: async () => (await import('./poly.ts')).poly,
    },
  ],
  [
    'infinity',
    {
      summary: 'preparing entries on Infinity at 20 ms, and the readiness check: requests, time, memory',
      load: async () => (await import('./infinity.ts')).infinity,
    },
  ],
  [
    'm365',
    {
      summary:
        'the check of 10,000 mailboxes and publishing 1,000 results in Microsoft 365 at 50 ms, with its limits on: requests, time, memory',
      load: async () => (await import('./m365.ts')).m365,
    },
  ],
  [
    'discover',
    {
      summary: 'looking through a /22 beside nmap, and through a /16: time, memory, who is named',
      load: async () => (await import('./discover.ts')).discover,
    },
  ],
  [
    'match',
    {
      summary:
        'proposals for 10,000 rooms and 10,000 devices, beside comparing each name with each: time, who is right',
      load: async () => (await import('./match.ts')).match,
    },
  ],
  [
    'migrate',
    {
      summary: 'migrating many rooms at once: time, CPU, memory, journal, growth',
      load: async () => (await import('./migrate.ts')).migrate,
    },
  ],
  [
    'window',
    {
      summary: 'the window with 10,000 rooms: loading, calls, scrolling, searching, a run, size',
      load: async () => (await import('./window.ts')).window,
    },
  ],
]);

const { name, quick } = readArguments();
if (name === undefined) {
  say('npm run bench -- NAME [--quick]\n');
  for (const [known, { summary }] of BENCHES) say(`  ${known.padEnd(10)} ${summary}`);
} else await runBench(name);

function readArguments(): { name: string | undefined; quick: boolean } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } });
    const [first, ...rest] = positionals;
    if (rest.length > 0) throw new Error(`one bench at a time, not also: ${rest.join(', ')}`);
    if (first !== undefined && !BENCHES.has(first)) throw new Error(`there is no bench "${first}"`);
    return { name: first, quick: values.quick === true };
  } catch (thrown) {
    process.stderr.write(`${(thrown as Error).message}\nThe benches are: ${[...BENCHES.keys()].join(', ')}.\n`);
    process.exit(2);
  }
}

async function runBench(wanted: string): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const began = performance.now();
  try {
    const bench = await BENCHES.get(wanted)?.load();
    const bars = (await bench?.({ quick, signal: stop.signal })) ?? [];
    say();
    sayBars(bars);
    say(
      `took ${((performance.now() - began) / 1000).toFixed(0)} s${quick ? ', --quick: fewer rooms than the budgets name' : ''}`,
    );
    say(JSON.stringify({ bench: wanted, bars }));
  } catch (thrown) {
    const why = stop.signal.aborted ? 'stopped' : ((thrown as Error).stack ?? String(thrown));
    process.stderr.write(`The bench "${wanted}" did not run to its end: ${why}\n`);
    process.exitCode = stop.signal.aborted ? 130 : 1;
  }
}
