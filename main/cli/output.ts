/** What a person or a machine reads: tables and sentences on a terminal, or one JSON object per line. */
import Table from 'cli-table3';
import wrapAnsi from 'wrap-ansi';
import { asOtjError, type ErrorCode, isTouched, type Problem } from '../contract/errors.ts';
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
  /** @param narrow headings to leave out where the terminal has fewer than 100 columns */
  table(head: string[], rows: (string | number | null)[][], narrow?: readonly string[]): void;
  /** A line that is overwritten by the next one; on a terminal only. */
  progress(text: string): void;
  problem(problem: Problem, about?: string): void;
}

export function makeOutput(json: boolean): Output {
  const live = process.stdout.isTTY && !json;
  let shown = '';
  const width = () => process.stdout.columns ?? 0;
  /** One line only, cut to the width: it is always wiped whole, so it can never eat what stands above it. */
  const show = () => {
    if (live && shown)
      process.stdout.write(shown.length < width() ? shown : `${shown.slice(0, Math.max(0, width() - 2))}…`);
  };
  const print = (text: string) => {
    if (live && shown) process.stdout.write('\r\u001b[2K');
    process.stdout.write(`${text}\n`);
    show();
  };
  const say = (text: string, indent = 0) => {
    if (!json) print(live ? wrapped(text, width(), indent) : text);
  };
  return {
    json,
    say: (text = '') => say(text, /^ */.exec(text)?.[0].length ?? 0),
    emit(object) {
      if (json) process.stdout.write(`${JSON.stringify(object)}\n`);
    },
    table(head, rows, narrow = []) {
      if (json) return;
      const kept = head.flatMap((title, at) => (live && width() < 100 && narrow.includes(title) ? [] : [at]));
      const table = new Table({
        head: kept.map((at) => head[at] ?? ''),
        style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
        chars: PLAIN,
      });
      table.push(...rows.map((row) => kept.map((at) => clean(String(row[at] ?? '–')))));
      // Without the padding at the end of lines, which a narrow terminal would wrap into empty ones.
      print(table.toString().replace(/ +$/gm, ''));
    },
    progress(text) {
      if (live && shown) process.stdout.write('\r\u001b[2K');
      shown = text;
      show();
    },
    problem(problem, about) {
      say(`▲ ${about ? `${clean(about)}: ` : ''}${problem.happened} [${problem.code}]`, 2);
      if (problem.words) say(`    detail:   ${clean(problem.words)}`, INDENT);
      if (!isTouched(problem)) say('    nothing was changed');
      for (const [outcome, word] of isTouched(problem) ? EFFECT_WORDS : []) {
        const what = (problem.effects ?? [])
          .filter((effect) => effect.outcome === outcome)
          .map((effect) => clean(effect.what));
        if (what.length > 0) say(`    ${word.padEnd(10)}${what.join('; ')}`, INDENT);
      }
      say(`    do:       ${problem.todo}`, INDENT);
    },
  };
}

const INDENT = 14;

/** Wraps at words; lines after the first are indented. */
function wrapped(text: string, width: number, indent: number): string {
  if (width < 40) return text;
  const [first = '', ...rest] = wrapAnsi(text, width - 1, { trim: false }).split('\n');
  if (rest.length === 0) return first;
  const more = wrapAnsi(rest.map((line) => line.trim()).join(' '), width - 1 - indent).split('\n');
  return [first.trimEnd(), ...more.map((line) => ' '.repeat(indent) + line)].join('\n');
}

/** `1 room`, `3 rooms`. */
export function roomCount(count: number): string {
  return `${count} ${count === 1 ? 'room' : 'rooms'}`;
}

/** `1 result is`, `3 results are`. */
export function resultCount(count: number): string {
  return count === 1 ? '1 result is' : `${count} results are`;
}

/** `1 place is`, `3 places are`. */
export function placeCount(count: number): string {
  return count === 1 ? '1 place is' : `${count} places are`;
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

const WRONG_USE: ReadonlySet<ErrorCode> = new Set([
  'USAGE',
  'XAPI_LINE',
  'DECLINED',
  'YES_NEEDED',
  'PASSPHRASE_SHORT',
  'SETTING_UNFIT',
  'LIST_UNREADABLE',
  'EXPORT_UNREADABLE',
  'RESULT_MISSING',
  'RESULT_UNREADABLE',
  'RESULT_FOREIGN',
  'RESULT_OLD',
  'RESULT_TENANT',
  'LIST_MISSING',
  'LIST_TOO_LARGE',
  'LIST_UNSAFE',
  'LIST_DAMAGED',
  'LIST_FORMAT',
  'LIST_CHANGED',
  'SHEET_UNKNOWN',
  'MATCH_NONE',
  'ROOM_UNKNOWN',
  'DEVICE_UNKNOWN',
  'SITE_EXISTS',
  'RANGE_UNFIT',
  'RANGE_REVERSED',
  'RANGE_IPV6',
  'RANGE_TOO_LARGE',
  'RANGE_PUBLIC',
  'NOTHING_TO_RESUME',
]);
