/**
 * What macros have said of late. The public schemas have `Macros Log Get` with an `Offset` ("lines with the same or higher
 * Offset") and without its answer. [assumed] Any record that holds a text and the name of a macro is understood as a line, in
 * whatever list it stands; a line's own `Offset` is its number, and lines without one are counted.
 */
import { asList, isRecord, textAt, type Xapi } from '../xapi.ts';
import { permitted } from './reads.ts';

export interface LogLine {
  macro: string;
  text: string;
  /** Whether the engine or the macro calls it an error. */
  isError: boolean;
  /** The engine could not read the macro's text: it does not run at all. */
  isUnread: boolean;
  /** Tells it from every other line. */
  key: string;
  /** Its number in the log; null = not told. */
  offset: number | null;
}

/** A log holds some hundred lines; more pages are one that never ends. */
const MOST_PAGES = 40;
/** The largest `Offset` that the schemas allow. */
const LAST_OFFSET = 65_534;
const LONGEST_TEXT = 200;
const TEXTS = ['Message', 'Text', 'Line', 'Content'] as const;

/** The whole log; null when the codec does not tell it to this login. */
export async function readMacroLog(xapi: Xapi): Promise<LogLine[] | null> {
  const lines = new Map<string, LogLine>();
  for (let page = 0; page < MOST_PAGES; page++) {
    const known = lines.size;
    const next = known === 0 ? null : nextOf(lines);
    if (next !== null && next > LAST_OFFSET) break;
    const result = await permitted(xapi.command('Macros Log Get', next === null ? {} : { Offset: next }));
    if (result === null) return known === 0 ? null : [...lines.values()];
    for (const line of linesIn(result)) lines.set(line.key, line);
    // A codec that knows no pages gives the same ones again.
    if (lines.size === known) break;
  }
  return [...lines.values()];
}

/** An old log does not begin at nought: what comes next is known by the numbers of its lines. */
function nextOf(lines: ReadonlyMap<string, LogLine>): number {
  const told = [...lines.values()].flatMap(({ offset }) => offset ?? []);
  return told.length > 0 ? Math.max(...told) + 1 : lines.size;
}

/** Pure. */
function linesIn(result: Record<string, unknown>): LogLine[] {
  return Object.values(result)
    .flatMap(asList)
    .filter(isRecord)
    .flatMap((entry) => {
      const text = TEXTS.map((name) => textAt(entry, name)).find((one) => one !== undefined);
      const macro = textAt(entry, 'Macro') ?? textAt(entry, 'Name');
      if (text === undefined || macro === undefined) return [];
      const level = textAt(entry, 'Level') ?? textAt(entry, 'Severity') ?? '';
      const { id: _number, ...told } = entry;
      const isUnread = /\bSyntaxError\b/.test(text);
      const isError = isUnread || /^(error|fatal|critical|exception)/i.test(level);
      const number = Number(textAt(entry, 'Offset') ?? Number.NaN);
      const offset = Number.isSafeInteger(number) && number >= 0 ? number : null;
      return [{ macro, text: shown(text), isError, isUnread, key: JSON.stringify(told), offset }];
    });
}

function shown(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TEXT);
}
