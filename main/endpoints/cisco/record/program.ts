/** A macro's text without what it tells of anybody: texts and comments go, code and layout stay. Pure but for the key. */
import { type Token, tokenizer } from 'acorn';
import type { ProgramWords } from '../../record/disguise/dialect.ts';

type Piece = { start: number; end: number; with: (text: string) => string };

/** A text that is no program is taken for free text as a whole. */
export function disguiseProgram(content: string, { text, known }: ProgramWords): string {
  const pieces = piecesOf(content, text);
  if (!pieces) return text(content);
  let result = '';
  let at = 0;
  for (const piece of pieces) {
    result += known(content.slice(at, piece.start)) + piece.with(content.slice(piece.start, piece.end));
    at = piece.end;
  }
  return result + known(content.slice(at));
}

/** An escape sequence, which must stay whole. */
const ESCAPES = /(\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|\r\n|[\s\S]))/i;
/** A number so long that it may be somebody's, such as a PIN. */
const LONG_NUMBER = /^\d[\d_]{3,}(\.[\d_]*)?n?$/;
/** Of a regular expression: a set of characters as a whole; then what has a meaning and must stay, in a set and outside. */
const SETS = /(\[(?:\\[\s\S]|[^\]\\])*\])/;
const SIGNS =
  /(\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[pk](?:\{[^}]*\}|<[^>]*>)|c[a-z]|\d+|[\s\S])|\(\?(?:<[^=!>]+>|[a-z-]*:)|\{\d+(?:,\d*)?\})/i;
const SIGNS_IN_SET =
  /((?:\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|p\{[^}]*\}|c[a-z]|[\s\S])|[^\\])-(?:\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|[\s\S])|[^\\\]])|\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|p\{[^}]*\}|c[a-z]|[\s\S]))/i;

function piecesOf(content: string, text: (text: string) => string): Piece[] | null {
  const outside = (raw: string, kept: RegExp, change: (part: string) => string) =>
    raw
      .split(kept)
      .map((part, at) => (at % 2 === 1 ? part : change(part)))
      .join('');
  const literal = (raw: string) => outside(raw, ESCAPES, text);
  const expression = (raw: string) => {
    const [, pattern = '', flags = ''] = /^\/([\s\S]*)\/(\w*)$/.exec(raw) ?? [];
    const hidden = pattern
      .split(SETS)
      .map((part, at) => outside(part, at % 2 === 1 ? SIGNS_IN_SET : SIGNS, text))
      .join('');
    return isExpression(hidden, flags) ? `/${hidden}/${flags}` : `/x/${flags}`;
  };
  const pieces: Piece[] = [];
  const onComment = (...[, , start, end]: [boolean, string, number, number]) => {
    pieces.push({ start, end, with: text });
  };
  try {
    const options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true, onComment } as const;
    for (const { type, start, end } of tokenizer(content, options) as Iterable<Token>) {
      if (TEXTS.has(type.label)) pieces.push({ start, end, with: literal });
      else if (type.label === 'regexp') pieces.push({ start, end, with: expression });
      else if (type.label === 'num' && LONG_NUMBER.test(content.slice(start, end)))
        pieces.push({ start, end, with: (digits) => digits.replace(/\d/g, '7') });
    }
  } catch {
    return null;
  }
  return pieces.sort((a, b) => a.start - b.start);
}

/** Only looked at. */
function isExpression(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags).source === pattern;
  } catch {
    return false;
  }
}

/** By the tokenizer's labels; the last one is a raw template with something like an escape in it. */
const TEXTS: ReadonlySet<string> = new Set(['string', 'template', 'invalidTemplate']);
