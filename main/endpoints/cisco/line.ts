/**
 * One xAPI line as a person types it: `xCommand …`, `xStatus …` or `xConfiguration …`. It is never sent as it stands but
 * taken apart here and put together again by the transport, so that it means the same over each. Pure.
 */
import { OtjError } from '../../contract/errors.ts';
import { SECRET_WORDS } from '../secretNames.ts';
import { isReadOnlyCommand } from './readOnlyCommands.ts';
import type { XapiParams, XapiValue } from './xapi.ts';

interface AnyLine {
  path: string;
  /** The line for people, in one spelling, with the values of secret parameters masked. */
  shown: string;
  /** False only for what is known to change nothing. */
  mayChange: boolean;
  /** Values that are passphrases or the like: never to be shown, whoever says them back. */
  secrets: readonly string[];
}

export type XapiLine = AnyLine &
  (
    | { kind: 'get'; tree: 'Status' | 'Configuration' }
    | { kind: 'set'; value: XapiValue }
    | { kind: 'command'; params: XapiParams; body?: string }
  );

const LONGEST = 16_384;
const MASK = '•••';

/**
 * Parameters and settings whose value nobody may read over a shoulder: names of the public xAPI schemas. `Header` of
 * HttpClient carries an authorization as a rule.
 */
const SECRET_NAME = new RegExp(
  `(?:${SECRET_WORDS}s?|\\bpin\\d*|hostkey|\\bcommunity(?:name)?|\\bheaders?|\\bntp server \\d+ key)$`,
  'i',
);

/** @param name of a parameter, or the path of a setting */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/**
 * @param text e.g. `xCommand Macros Macro Get Name: "x" Content: True`, `xStatus Network[1]`, `xConfiguration Macros
 *   Mode: On`. Words before a colon may be in any case, values are kept as they are.
 * @param body what a command takes as its text, such as a macro; null = nothing
 * Throws XAPI_LINE with the column and what is wrong there; never with a value, which may be a secret.
 */
export function parseLine(text: string, body: string | null = null): XapiLine {
  assertPlain(text);
  const scan = new Scanner(text);
  const tree = treeOf(scan);
  const path = pathOf(scan, tree);
  const params = paramsOf(scan, tree);
  const [first] = params;
  if (tree === 'Command') return command(path, params, body);
  if (body !== null) throw new OtjError('XAPI_LINE', `a text goes with xCommand only, not with x${tree}`);
  if (!first) {
    const shown = `x${tree} ${path}`;
    return { kind: 'get', tree, path, shown, mayChange: false, secrets: [] };
  }
  return setting(`${path} ${first.name}`.trim(), first.value);
}

type Tree = 'Command' | 'Status' | 'Configuration';
type Param = { name: string; value: XapiValue };

/**
 * Commands that the schemas call multi-line: over SSH the codec waits for their text, and takes what is sent next for it.
 * Source: the public xAPI schemas, 9.15 to 26.4.
 */
const TAKES_TEXT: ReadonlySet<string> = new Set([
  'bookings put',
  'cameras background upload',
  'httpclient patch',
  'httpclient post',
  'httpclient put',
  'macros macro save',
  'security certificates ca add',
  'security certificates csr link',
  'security certificates services add',
  'systemunit signinbanner set',
  'systemunit welcomebanner set',
  'userinterface branding upload',
  'userinterface extensions icon upload',
  'userinterface extensions panel save',
  'userinterface extensions set',
  'userinterface translation override set',
]);

function command(path: string, params: readonly Param[], body: string | null): XapiLine {
  if (body === null && TAKES_TEXT.has(path.toLowerCase()))
    throw new OtjError(
      'XAPI_LINE',
      `xCommand ${path} takes a text: in the shell add \`< FILE\`, else --body-file FILE`,
    );
  const grouped = Map.groupBy(params, ({ name }) => name);
  const values = [...grouped].map(([name, group]): [string, XapiParams[string]] => {
    const [only, ...more] = group.map(({ value }) => value);
    return [name, only === undefined || more.length > 0 ? group.map(({ value }) => value) : only];
  });
  const words = params.map(({ name, value }) => `${name}: ${shownValue(name, value)}`);
  const text = body === null ? [] : [`(and a text of ${Buffer.byteLength(body)} bytes)`];
  return {
    kind: 'command',
    path,
    params: Object.fromEntries(values),
    ...(body === null ? {} : { body }),
    shown: [`xCommand ${path}`, ...words, ...text].join(' '),
    mayChange: body !== null || !isReadOnlyCommand(path),
    secrets: params.filter(({ name }) => isSecretName(name)).map(({ value }) => String(value)),
  };
}

function setting(path: string, value: XapiValue): XapiLine {
  const shown = `xConfiguration ${path}: ${shownValue(path, value)}`;
  return { kind: 'set', path, value, shown, mayChange: true, secrets: isSecretName(path) ? [String(value)] : [] };
}

function shownValue(name: string, value: XapiValue): string {
  if (isSecretName(name)) return MASK;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || /^[\w./:+-]+$/.test(value)) return String(value);
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** A line is one line: anything that could end it would start another command on the codec. */
function assertPlain(text: string): void {
  if (text.length > LONGEST) throw new OtjError('XAPI_LINE', `longer than ${LONGEST} characters`);
  const odd = text.trim().search(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  const shift = text.length - text.trimStart().length;
  if (odd >= 0) throw at(shift + odd, 'a line break, tab or control character');
  if (!text.isWellFormed()) throw new OtjError('XAPI_LINE', 'a character is cut in half');
}

function treeOf(scan: Scanner): Tree {
  scan.blanks();
  const start = scan.at;
  const word = scan.take(/[A-Za-z]+(?=\s|$)/y)?.toLowerCase();
  if (word === 'xcommand') return 'Command';
  if (word === 'xstatus') return 'Status';
  if (word === 'xconfiguration') return 'Configuration';
  throw at(start, 'it begins with none of xCommand, xStatus, xConfiguration');
}

/** Words and, of lists, numbers: `Network 1 IPv4`, also written `Network[1] IPv4`. */
function pathOf(scan: Scanner, tree: Tree): string {
  const words: string[] = [];
  for (scan.blanks(); !scan.done && !scan.sees(PARAMETER); scan.blanks()) {
    const { at: start } = scan;
    const word = scan.take(WORD);
    const index = scan.take(word === undefined ? INDEX : BRACKETED);
    if (word === undefined && (index === undefined || words.length === 0)) throw at(start, unexpected(scan));
    if (index !== undefined && tree === 'Command') throw at(start, 'commands have no numbers in their path');
    if (!scan.atGap) throw at(scan.at, unexpected(scan));
    if (word !== undefined) words.push(capital(word));
    if (index !== undefined) words.push(String(Number(index.replace(/\D/g, ''))));
  }
  // The last word of a setting is the one with the colon; a status with one is told so by whoever reads on.
  if (words.length === 0 && (tree === 'Command' || scan.done)) throw at(scan.at, `x${tree} needs a path`);
  return words.join(' ');
}

function paramsOf(scan: Scanner, tree: Tree): Param[] {
  const params: Param[] = [];
  for (scan.blanks(); !scan.done; scan.blanks()) {
    const { at: start } = scan;
    if (tree === 'Status') throw at(start, 'a status cannot be set');
    const name = scan.take(PARAMETER);
    if (name === undefined) throw at(start, scan.sees(/\|/y) ? unexpected(scan) : NO_PARAMETER);
    if (tree === 'Configuration' && params.length > 0) throw at(start, 'one setting in one line');
    scan.blanks();
    params.push({ name: capital(name.replace(/\s*:$/, '')), value: takeValue(scan) });
  }
  return params;
}

function takeValue(scan: Scanner): XapiValue {
  const { at: start } = scan;
  if (scan.sees(/"/y)) {
    const quoted = scan.take(QUOTED);
    if (quoted === undefined)
      throw at(start, 'the quotes are not closed, or hold a \\ before something else than " or \\');
    if (!scan.atGap) throw at(scan.at, 'a space is missing after the quotes');
    return quoted.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }
  const bare = scan.take(BARE);
  if (bare === undefined || bare.endsWith(':')) throw at(start, 'a value is missing');
  if (!scan.atGap) throw at(scan.at, unexpected(scan));
  if (/^(?:true|false)$/i.test(bare)) return bare.toLowerCase() === 'true';
  const number = Number(bare);
  // Only what is written back the same way: `007` and `1e3` are texts.
  return Number.isSafeInteger(number) && String(number) === bare ? number : bare;
}

const NO_PARAMETER = 'a parameter with a colon is expected here; texts with spaces stand in double quotes';
const WORD = /[A-Za-z]\w*/y;
const INDEX = /\d{1,9}(?=\s|$)/y;
const BRACKETED = /\[\d{1,9}\]/y;
/** Some parameters are written with a dot: `Option.1`. */
const PARAMETER = /[A-Za-z][\w.]*\s*:/y;
const QUOTED = /"(?:[^"\\]|\\["\\])*"/y;
const BARE = /[^\s"|]+/y;

/** A position in the line that moves on with what is taken. */
class Scanner {
  at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text.trimEnd();
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether a word may end here. */
  get atGap(): boolean {
    return this.done || this.sees(/\s/y);
  }

  blanks(): void {
    this.take(/\s+/y);
  }

  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

/** The codec takes any case over SSH; its documents over HTTPS are written with capitals. */
function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function unexpected({ text, at: position }: Scanner): string {
  const mark = text.charAt(position);
  if (mark === '|') return 'a | cannot stand here: replies are matched by the program itself';
  return mark && /[^\w\s]/.test(mark) ? `a ${mark} cannot stand here` : 'this cannot stand here';
}

function at(position: number, what: string): OtjError {
  return new OtjError('XAPI_LINE', `column ${position + 1}: ${what}`);
}
