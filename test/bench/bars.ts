/** What every bench hands back: rows for people, and bars that a program can compare from run to run. */
import Table from 'cli-table3';

export interface Bar {
  name: string;
  value: number;
  limit: number;
  better: 'lower' | 'higher';
  ok: boolean;
}

export interface BenchOptions {
  /** Fewer rooms or addresses: within 50 s on two cores. */
  quick: boolean;
  /** Aborted by Ctrl-C: everything that was started ends. */
  signal: AbortSignal;
}

export type Bench = (options: BenchOptions) => Promise<Bar[]>;

/** A value on the limit holds. One that could not be measured is NaN and never holds. */
export function bar(name: string, value: number, better: Bar['better'], limit: number): Bar {
  // One digit more than in tables, so that a value just beyond its limit does not look like the limit.
  const shown = Number(value.toPrecision(4));
  return { name, value: shown, limit, better, ok: better === 'lower' ? value <= limit : value >= limit };
}

/** Three significant digits: more would promise a precision that no run has. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** What goes on at the moment, for people who wait. Not part of the output. */
export function tell(text: string): void {
  process.stderr.write(`  … ${text}\n`);
}

export function sayTable(head: readonly string[], rows: readonly (string | number | null)[][]): void {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, at) => (at === 0 ? 'left' : 'right')),
  });
  table.push(...rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell)))));
  say(table.toString());
}

export function sayBars(bars: readonly Bar[]): void {
  sayTable(
    ['bar', 'value', 'limit', ''],
    bars.map(({ name, value, limit, better, ok }) => [
      name,
      value,
      `${better === 'lower' ? '≤' : '≥'} ${limit}`,
      ok ? 'ok' : 'FAILS',
    ]),
  );
}
