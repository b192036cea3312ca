/** From the bytes of a file to its text, whatever program wrote it. */
import { fault, fileProblem, type RowProblem } from './problem.ts';

export const MAX_BYTES = 20_000_000;
const SAMPLE = 4096;

type Decoded = { text: string } | { problem: RowProblem };

/**
 * Reads UTF-8 and UTF-16 with or without byte order mark, else Windows-1252, which every byte sequence is.
 * Line ends become `\n` and characters their composed form (NFC).
 */
export function decode(bytes: Uint8Array): Decoded {
  const refused = refuse(bytes);
  if (refused) return { problem: refused };
  const text = decodeAs(bytes, encodingOf(bytes));
  if (text === null) return { problem: fileProblem(fault('FILE_CUT')) };
  if (looksBinary(text)) return { problem: fileProblem(fault('FILE_BINARY')) };
  return { text: text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').normalize('NFC') };
}

function refuse(bytes: Uint8Array): RowProblem | null {
  if (bytes.length === 0) return fileProblem(fault('FILE_EMPTY'));
  if (bytes.length > MAX_BYTES) return fileProblem(fault('FILE_LARGE', { most: String(MAX_BYTES / 1_000_000) }));
  const isPacked = startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]);
  return isPacked ? fileProblem(fault('FILE_WORKBOOK')) : null;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(bytes: Uint8Array): Encoding {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  // Without a mark: in the UTF-16 of a list in our part of the world nearly every other byte is zero.
  const sample = bytes.subarray(0, SAMPLE);
  const zeros = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const many = sample.length / 2 / 2;
  if (odd > many && even < odd / 10) return 'utf-16le';
  if (even > many && odd < even / 10) return 'utf-16be';
  return 'utf-8';
}

function decodeAs(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return encoding === 'utf-8' ? new TextDecoder('windows-1252').decode(bytes) : null;
  }
}

function looksBinary(text: string): boolean {
  if (text.includes('\0')) return true;
  // A stray control character is a matter of its row; many of them mean that this never was text.
  const sample = text.slice(0, SAMPLE);
  const controls = sample.match(/[^\P{Cc}\t\n\r]/gu)?.length ?? 0;
  return controls > 1 && controls > sample.length / 20;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}
