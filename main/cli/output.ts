/** What a person or a machine reads: tables and sentences on a terminal, or one JSON object per line. */
import Table from 'cli-table3';
import { createLogUpdate } from 'log-update';
import { asOtjError, type CATALOGUE, type Problem } from '../contract/errors.ts';
import type { RoomState } from '../contract/plan.ts';

/** One glyph per state, told apart by shape as well as by colour. */
const GLYPHS: Record<RoomState, string> = {
  'not started': '○',
  ready: '◇',
  'in progress': '◐',
  migrated: '●',
  'awaiting sync': '◑',
  'needs attention': '▲',
  undone: '↺',
};

export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with --json. */
  say(text?: string): void;
  /** An object for machines; nothing without --json. */
  emit(object: Record<string, unknown>): void;
  table(head: string[], rows: (string | number | null)[][]): void;
  /** A line that is overwritten by the next one; on a terminal only. */
  progress(text: string): void;
  problem(problem: Problem, about?: string): void;
}

export function makeOutput(json: boolean): Output {
  const live = process.stdout.isTTY && !json ? createLogUpdate(process.stdout) : null;
  let shown = '';
  const print = (text: string) => {
    live?.clear();
    process.stdout.write(`${text}\n`);
    if (shown) live?.(shown);
  };
  return {
    json,
    say(text = '') {
      if (!json) print(text);
    },
    emit(object) {
      if (json) process.stdout.write(`${JSON.stringify(object)}\n`);
    },
    table(head, rows) {
      if (json) return;
      const table = new Table({ head, style: { head: [], border: [], compact: true }, chars: PLAIN });
      table.push(...rows.map((row) => row.map((cell) => clean(cell === null ? '–' : String(cell)))));
      print(table.toString());
    },
    progress(text) {
      shown = text;
      if (!live) return;
      if (text) live(text);
      else live.clear();
    },
    problem(problem, about) {
      if (json) return;
      print(`▲ ${about ? `${clean(about)}: ` : ''}${problem.happened} [${problem.code}]`);
      if (problem.words) print(`    it said: ${clean(problem.words)}`);
      for (const [outcome, word] of EFFECT_WORDS) {
        const what = (problem.effects ?? [])
          .filter((effect) => effect.outcome === outcome)
          .map((effect) => clean(effect.what));
        if (what.length > 0) print(`    ${word} ${what.join('; ')}`);
      }
      print(`    do:      ${problem.todo}`);
    },
  };
}

const EFFECT_WORDS = [
  ['done', 'changed:'],
  ['unknown', 'unknown:'],
  ['refused', 'refused:'],
  ['not tried', 'not done:'],
] as const;

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Words of devices and files are hostile: no control characters reach the terminal. */
export function clean(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�').replace(/\n/g, ' ⏎ ');
}

export function stateWords(state: RoomState): string {
  return `${GLYPHS[state]} ${state}`;
}

/** `0.4 s`, `38 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Exit codes: 0 all well, 1 some rooms need attention, 2 wrong use, 3 cannot start. */
export function exitCodeOf(thrown: unknown): number {
  const { code } = asOtjError(thrown);
  return WRONG_USE.has(code) ? 2 : 3;
}

const WRONG_USE: ReadonlySet<keyof typeof CATALOGUE> = new Set([
  'USAGE',
  'LIST_UNREADABLE',
  'ROOM_UNKNOWN',
  'SITE_EXISTS',
]);
