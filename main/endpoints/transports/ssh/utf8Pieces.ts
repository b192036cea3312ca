/**
 * Bytes that come in pieces, as text. Pure and total. A byte that is no UTF-8 becomes a lone surrogate (0xE9 → U+DCE9),
 * which no UTF-8 decodes to: such a text is never taken for one that can be sent back byte for byte (`isWellFormed`),
 * where the usual stand-in U+FFFD might have been in it from the beginning.
 */
import { isAscii, isUtf8 } from 'node:buffer';

const BYTE = 0xdc00;
/** Of a character, UTF-8. */
const MOST_BYTES = 4;

const NONE = Buffer.alloc(0);

export class Utf8Pieces {
  /** Of a character that goes on in the next piece. */
  private rest: Buffer = NONE;

  /** @param bytes cut anywhere. @returns text that is cut anywhere but inside a character */
  push(bytes: Buffer): string {
    // Nearly all that devices say.
    if (this.rest.length === 0 && isAscii(bytes)) return bytes.toString('latin1');
    const all = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    const end = wholeCharacters(all);
    this.rest = end === all.length ? NONE : Buffer.from(all.subarray(end));
    const whole = all.subarray(0, end);
    return isUtf8(whole) ? whole.toString('utf8') : withOddBytes(whole);
  }
}

/** Whether a text holds bytes that were no UTF-8. */
export function hasOddBytes(text: string): boolean {
  return /[\udc80-\udcff]/u.test(text);
}

/** Length without a character at the end that may go on. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back < MOST_BYTES && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthFrom(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function withOddBytes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && (bytes[end] ?? 0) < 0x80) end++;
    text += bytes.toString('latin1', at, end);
    if (end >= bytes.length) break;
    const byte = bytes[end] ?? 0;
    const length = lengthFrom(byte);
    const character = bytes.subarray(end, end + length);
    if (character.length === length && isUtf8(character)) {
      text += character.toString('utf8');
      at = end + length;
    } else {
      text += String.fromCharCode(BYTE | byte);
      at = end + 1;
    }
  }
  return text;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Of the character that begins with this byte; 1 for a byte that begins none. */
function lengthFrom(byte: number): number {
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 1;
}
