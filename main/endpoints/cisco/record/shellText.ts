/** Texts within what a codec's shell says: JSON objects between lines. Total. */
import { type Rewriter, rewriteJson } from '../../record/disguise/leaves.ts';
import { ObjectScanner } from '../ssh/objectScanner.ts';

/** What a shell said: lines and JSON objects. */
export function rewriteShell(text: string, rewriter: Rewriter): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const end = objectEnd(text, at);
    if (end > at) {
      result += rewriteJson(text.slice(at, end), rewriter);
      at = end;
    } else {
      const lineEnd = text.indexOf('\n', at);
      const next = lineEnd < 0 ? text.length : lineEnd + 1;
      const line = text.slice(at, next).replace(/\r?\n$/, '');
      result += rewriter.line(line) + text.slice(at + line.length, next);
      at = next;
    }
  }
  return result;
}

/** Where the object that begins at `at` ends; -1 when none begins there. */
function objectEnd(text: string, at: number): number {
  if (text[at] !== '{') return -1;
  const scanner = new ObjectScanner();
  if (scanner.scan(text, at + 1) !== 'whole') return -1;
  try {
    JSON.parse(text.slice(at, scanner.at));
    return scanner.at;
  } catch {
    return -1;
  }
}
