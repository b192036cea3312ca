/**
 * Finds the end of one JSON object in text that comes in pieces, and notices at the first wrong character that it is
 * none. It looks at structure only; `JSON.parse` judges the rest. Pure and total, linear, bounded in depth.
 */

/**
 * `more`: it goes on in the next piece. `whole`: it ended. `not`: it never was one, only text after a brace.
 * `bad`: it began as one and broke off. `deep`: nested beyond the limit.
 */
export type Verdict = 'more' | 'whole' | 'not' | 'bad' | 'deep';

/** Trees of the xAPI are some twelve deep. */
export const MAX_DEPTH = 64;
/** `-1.5e300`, `false`: anything longer outside of quotes is no JSON. */
const MAX_LITERAL = 64;

type Expected = 'first key' | 'key' | 'colon' | 'value' | 'first value' | 'next';

export class ObjectScanner {
  /** Where the last scan stopped: after the end of a whole object, else at the character that was wrong. */
  at = 0;
  private readonly open: ('{' | '[')[] = ['{'];
  private expected: Expected = 'first key';
  private state: 'between' | 'string' | 'escape' | 'literal' = 'between';
  private literal = 0;

  /** @param text the next piece; @param from where to begin in it: after the opening brace at first */
  scan(text: string, from: number): Verdict {
    for (this.at = from; this.at < text.length; this.at++) {
      const verdict = this.state === 'between' || this.state === 'literal' ? this.between(text) : this.inString(text);
      if (verdict !== 'more') return verdict;
    }
    return 'more';
  }

  private inString(text: string): Verdict {
    if (this.state === 'escape') {
      this.state = 'string';
      return isControl(text.charCodeAt(this.at)) ? 'bad' : 'more';
    }
    // Texts are long and mostly plain: leave them to the regular expression engine.
    NOT_PLAIN.lastIndex = this.at;
    const found = NOT_PLAIN.test(text);
    this.at = found ? NOT_PLAIN.lastIndex - 1 : text.length - 1;
    if (!found) return 'more';
    const char = text.charAt(this.at);
    if (char === '\\') this.state = 'escape';
    else if (char === '"') this.state = 'between';
    // Strings hold no line breaks: here something else was cut off.
    else return 'bad';
    return 'more';
  }

  private between(text: string): Verdict {
    const char = text.charAt(this.at);
    if (this.state === 'literal') {
      if (LITERAL.test(char)) return ++this.literal > MAX_LITERAL ? 'bad' : 'more';
      this.state = 'between';
    }
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return 'more';
    if (char === '"') return this.quote();
    if (char === '{' || char === '[') return this.down(char);
    if (char === '}' || char === ']') return this.up(char);
    if (char === ':' && this.expected === 'colon') this.expected = 'value';
    else if (char === ',' && this.expected === 'next') this.expected = this.open.at(-1) === '{' ? 'key' : 'value';
    else if (LITERAL_START.test(char) && this.wantsValue()) {
      this.state = 'literal';
      this.literal = 1;
      this.expected = 'next';
    } else return this.wrong();
    return 'more';
  }

  private quote(): Verdict {
    if (this.expected === 'first key' || this.expected === 'key') this.expected = 'colon';
    else if (this.wantsValue()) this.expected = 'next';
    else return this.wrong();
    this.state = 'string';
    return 'more';
  }

  private down(char: '{' | '['): Verdict {
    if (!this.wantsValue()) return this.wrong();
    if (this.open.push(char) > MAX_DEPTH) return 'deep';
    this.expected = char === '{' ? 'first key' : 'first value';
    return 'more';
  }

  private up(char: '}' | ']'): Verdict {
    const empty = this.expected === (char === '}' ? 'first key' : 'first value');
    if (!empty && this.expected !== 'next') return this.wrong();
    if (this.open.pop() !== (char === '}' ? '{' : '[')) return 'bad';
    this.expected = 'next';
    if (this.open.length > 0) return 'more';
    this.at++;
    return 'whole';
  }

  private wantsValue(): boolean {
    return this.expected === 'value' || this.expected === 'first value';
  }

  private wrong(): Verdict {
    return this.open.length === 1 && this.expected === 'first key' ? 'not' : 'bad';
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings hold none, which is what is looked for
const NOT_PLAIN = /["\\\u0000-\u001f]/g;
const LITERAL_START = /[-0-9tfn]/;
const LITERAL = /[-+.0-9A-Za-z]/;

function isControl(code: number): boolean {
  return code < 0x20;
}
