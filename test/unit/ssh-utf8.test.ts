/** Bytes of a shell as text, however they are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOddBytes, Utf8Pieces } from '../../main/endpoints/transports/ssh/utf8Pieces.ts';

function read(bytes: Buffer, every: number): string {
  const pieces = new Utf8Pieces();
  let text = '';
  for (let at = 0; at < bytes.length; at += every) text += pieces.push(bytes.subarray(at, at + every));
  return text;
}

describe('bytes in pieces', () => {
  it('are the text that they are, cut anywhere, U+FFFD included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (text, every) => {
        const whole = `${text}\ufffd\n`;
        expect(read(Buffer.from(whole), every)).toBe(whole);
      }),
      { numRuns: 2_000 },
    );
  });

  it('that are no UTF-8 are marked, the same way however they are cut, and what follows is read', () => {
    const noise = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.concat([bytes, Buffer.from('é\n')]));
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 4 }), (bytes, every) => {
        const text = read(bytes, every);
        expect(text).toBe(read(bytes, bytes.length));
        expect(text.endsWith('é\n')).toBe(true);
        // Nothing is lost: what was text is text, each other byte is one of its own.
        const back = [...text].map((one) =>
          hasOddBytes(one) ? Buffer.of(one.charCodeAt(0) & 0xff) : Buffer.from(one),
        );
        expect(Buffer.concat(back).equals(bytes)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
