/** What a line of the command line says: words, of which those in quotes may hold blanks. */
export type Line = { words: string[] } | 'unterminated';

export function wordsOf(line: string): Line {
  const words: string[] = [];
  const pattern = /\s*(?:"([^"]*)("?)|([^\s"]+))/y;
  const text = line.trim();
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found) break;
    const [, quoted, closing, bare] = found;
    if (quoted !== undefined && closing === '') return 'unterminated';
    words.push(quoted ?? bare ?? '');
  }
  return { words };
}
