/** Address ranges out of whatever somebody pastes: a list, a mail, columns of a sheet. Pure; the services look again. */

/** The services refuse more at once. */
const MOST = 65_536;

const PART = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
/** A `!` before it: leave it out. `10.20.3.0/24`, `10.20.3.0 255.255.255.0`, `10.20.3.10 - 10.20.3.40`, `10.20.3.10-40`, `10.20.3.41` */
const TOKEN = new RegExp(
  String.raw`(!\s*)?(?<![\d.])(${PART})(?:\s*\/\s*(\d{1,2})(?!\d)|\s*\/?\s*(255(?:\.\d{1,3}){3})|\s*[-–—]\s*(${PART}|\d{1,3}(?![\d.]))|)(?![\d]|\.\d)`,
  'g',
);

export interface ReadRanges {
  /** As the services understand them, each once, in the order of the text. */
  ranges: string[];
  /** Ranges that are left out, as the services understand them. */
  exceptions: string[];
  /** How many addresses the ranges hold, exceptions not counted off; overlaps are counted twice. */
  addresses: number;
  /** What was not understood, in pieces. */
  odd: string[];
  /** Ranges larger than a /16. */
  large: string[];
}

export function readRanges(text: string): ReadRanges {
  const read: ReadRanges = { ranges: [], exceptions: [], addresses: 0, odd: [], large: [] };
  const rest = text.replace(TOKEN, (token, not?: string, start = '', bits?: string, mask?: string, end?: string) => {
    const range = rangeOf(start, bits ?? bitsOf(mask), end);
    if (!range) return ` ${token.replace(/\s+/g, '')} `;
    if (not) {
      if (!read.exceptions.includes(`!${range.text}`)) read.exceptions.push(`!${range.text}`);
    } else if (range.size > MOST) read.large.push(range.text);
    else if (!read.ranges.includes(range.text)) {
      read.ranges.push(range.text);
      read.addresses += range.size;
    }
    return ' ';
  });
  read.odd = rest.split(/[\s,;|]+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece));
  return read;
}

interface Range {
  text: string;
  size: number;
}

function rangeOf(start: string, bits: string | null | undefined, end: string | undefined): Range | null {
  const first = numberOf(start);
  if (first === null || bits === null) return null;
  if (bits !== undefined) {
    const length = Number(bits);
    if (length > 32) return null;
    const size = 2 ** (32 - length);
    return { text: `${start}/${length}`, size: size > 2 ? size - 2 : size };
  }
  if (end === undefined) return { text: start, size: 1 };
  const last = numberOf(end.includes('.') ? end : start.replace(/\d+$/, end));
  if (last === null || last < first) return null;
  return { text: `${start}-${end}`, size: last - first + 1 };
}

/** `255.255.255.0` → `24`; null for what is no mask; undefined when none was given. */
function bitsOf(mask: string | undefined): string | null | undefined {
  if (mask === undefined) return undefined;
  const value = numberOf(mask);
  if (value === null) return null;
  const bits = value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? String(bits.replace(/0+$/, '').length) : null;
}

function numberOf(address: string): number | null {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
