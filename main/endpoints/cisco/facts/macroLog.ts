/**
 * What macros have said of late. Seen in a public program, over SSH and through the Webex cloud: `LogGetResult` with a list
 * `Line` of `Timestamp`, `Level` (TRACE, DEBUG, INFO, WARN, ERROR), `Macro` and `Message`, numbered on without end (a line
 * 22314 was met); the public schemas have an `Offset` ("lines with the same or higher Offset"). [assumed] `Offset` is that
 * number, and other software may name things otherwise: any record that holds a text and the name of a macro is understood
 * as a line, and paging ends with the first page that brings nothing new.
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
  /** In the log, or on its page; null = not told. */
  number: number | null;
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

/** An old log does not begin at nought: what comes next is known by the numbers of its lines. Small ones may be counted anew on each page. */
function nextOf(lines: ReadonlyMap<string, LogLine>): number {
  const numbers = [...lines.values()].flatMap(({ number }) => number ?? []);
  return numbers.length > 0 && Math.min(...numbers) > 1 ? Math.max(...numbers) + 1 : lines.size;
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
      const { id: _id, ...told } = entry;
      const isUnread = /\bSyntaxError\b/.test(text);
      const isError = isUnread || /^(error|fatal|critical|exception)/i.test(level);
      return [{ macro, text: shown(text), isError, isUnread, key: JSON.stringify(told), number: numberOf(entry) }];
    });
}

function numberOf(entry: Record<string, unknown>): number | null {
  const told = Number(textAt(entry, 'Offset') ?? textAt(entry, 'id') ?? Number.NaN);
  return Number.isSafeInteger(told) && told >= 0 ? told : null;
}

function shown(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TEXT);
}
