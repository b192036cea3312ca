/** Proposals for many rooms and as many devices, in a process of its own, beside comparing each name with each. */
import { type Bar, type Bench, bar, say, sayTable, tell } from './bars.ts';
import { type MatchResult, matchSchema } from './match/work.ts';
import { runMeasured } from './measured.ts';

/** As for a batch of rooms: ten times as many may cost a little more than ten times as much. */
const GROWTH = 11;
const OF_EACH = 0.25;
const RIGHT = 0.98;

export const match: Bench = async ({ quick, signal }) => {
  const many = quick ? 2_000 : 10_000;
  const few = many / 10;
  const [small, large] = [await run(few, signal), await run(many, signal)];
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  say(`\n${many} rooms without a device, ${many} devices that call themselves much like them; processor time.`);
  sayTable(
    ['', `${few}`, `${many}`],
    [
      ['proposals for all', ms(small.cpuMs), ms(large.cpuMs)],
      ['each name with each (fastest-levenshtein, reckoned from a part)', ms(small.eachMs), ms(large.eachMs)],
      ['no room is likelier than the right one', small.right, large.right],
      ['would be accepted from 0.9 on', small.accepted, large.accepted],
      ['of them wrong', small.wrong, large.wrong],
      ['memory of all, with the import of the rooms', `${small.peakMb.toFixed(0)} MB`, `${large.peakMb.toFixed(0)} MB`],
    ],
  );
  return barsOf(small, large, { many, few });
};

type Measured = MatchResult & { peakMb: number };

async function run(rooms: number, signal: AbortSignal): Promise<Measured> {
  tell(`${rooms} rooms and devices`);
  const { code, stdout, peakMb } = await runMeasured(new URL('match/work.ts', import.meta.url), [String(rooms)], {
    signal,
  });
  if (code !== 0) throw new Error(`matching ended with ${code}`);
  return { ...matchSchema.parse(JSON.parse(stdout)), peakMb };
}

function barsOf(small: Measured, large: Measured, { many, few }: { many: number; few: number }): Bar[] {
  return [
    bar(`${many} x ${many}: time / each name with each`, large.cpuMs / large.eachMs, 'lower', OF_EACH),
    bar(`${many} x ${many}: time / that of ${few} x ${few}`, large.cpuMs / small.cpuMs, 'lower', GROWTH),
    bar(`${many} x ${many}: no room is likelier than the right one`, large.right / many, 'higher', RIGHT),
    bar(`${many} x ${many}: wrong among those accepted at once`, large.wrong, 'lower', 0),
  ];
}
