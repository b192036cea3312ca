/**
 * Stand-ins: the same for the same original within one recording, of the same length and form, and nothing that can be
 * reckoned back without the key, which is thrown away.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { type Vocabulary, WORD } from './words.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const HEX = '0123456789abcdef';
/** Stand-ins for letters by their length in UTF-8, so that bytes stay as many. */
const LETTERS: Record<number, string> = { 2: 'åéøüñłšč', 3: '会议室開発日本' };
/** Networks for documentation (RFC 5737), which nobody has. */
const NETS = ['192.0.2.', '198.51.100.', '203.0.113.'] as const;
const HOSTS_PER_NET = 254;

const MAC = /(?<![0-9a-z])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-z])/giu;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g;
const IPV6 = /(?<![\w:.])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{4,39}(?![\w:])/gi;

/** Whether an address is none at all, that of any device itself, or a mask. */
export function isEverybodys(address: string): boolean {
  return ['0.0.0.0', '127.0.0.1', '::', '::1'].includes(address) || /^255(\.\d{1,3}){3}$/.test(address);
}

export class StandIns {
  private readonly key = randomBytes(32);
  private readonly vocabulary: Vocabulary;
  private readonly macs: ReadonlySet<string>;
  private readonly words = new Map<string, string>();
  private readonly used = new Set<string>();
  private readonly addresses = new Map<string, string>();
  /** Originals that were replaced, by kind. */
  private readonly counted = new Map<string, Set<string>>();

  /** @param macs known MAC addresses, in any form: without marks between their digits they look like any word */
  constructor(vocabulary: Vocabulary, macs: readonly string[]) {
    this.vocabulary = vocabulary;
    this.macs = new Set(macs.map(digitsOf));
  }

  get counts(): Record<string, number> {
    return Object.fromEntries([...this.counted].map(([kind, originals]): [string, number] => [kind, originals.size]));
  }

  /** Every word but those that are nobody's, and every address. */
  ofText(text: string, kind: string): string {
    return this.between(text, (part) =>
      part.replace(WORD, (word) => (this.vocabulary.isFixed(word) ? word : this.ofWord(word, kind))),
    );
  }

  /** Addresses only. */
  ofForms(text: string): string {
    return this.between(text, (part) => part);
  }

  /** One word, or a piece of one; letters in the case that they had. */
  ofWord(word: string, kind: string): string {
    const key = word.toLowerCase();
    if (this.macs.has(key)) return this.ofMac(word);
    let standIn = this.words.get(key);
    for (let turn = 0; standIn === undefined; turn++) {
      const tried = this.scramble(key, turn);
      // So few short ones exist that they may meet.
      if (
        [...key].length >= 3 &&
        turn < 50 &&
        (tried === key || this.used.has(tried) || this.vocabulary.isCommon(tried))
      )
        continue;
      standIn = tried;
      this.used.add(tried);
      this.words.set(key, standIn);
    }
    this.count(kind, key);
    return inCaseOf(standIn, word);
  }

  private between(text: string, words: (part: string) => string): string {
    let result = '';
    let at = 0;
    for (const match of text.matchAll(new RegExp(`${MAC.source}|${IPV4.source}|${IPV6.source}`, 'giu'))) {
      result += words(text.slice(at, match.index)) + this.ofAddress(match[0]);
      at = match.index + match[0].length;
    }
    return result + words(text.slice(at));
  }

  private ofAddress(text: string): string {
    if (/^[0-9a-f]{2}[:-][0-9a-f]{2}[:-]/i.test(text)) return this.ofMac(text);
    return text.includes(':') ? this.ofIpv6(text) : this.ofIpv4(text);
  }

  /** The maker's half stays. */
  private ofMac(text: string): string {
    const key = digitsOf(text);
    const digits =
      this.addresses.get(key) ??
      key.slice(0, 6) +
        this.stream(key)
          .map((byte) => HEX[byte % 16])
          .slice(0, 6)
          .join('');
    this.addresses.set(key, digits);
    this.count('mac', key);
    let at = 0;
    const cased = /[A-F]/.test(text) ? digits.toUpperCase() : digits;
    return text.replace(/[0-9a-f]/gi, () => cased.charAt(at++));
  }

  private ofIpv4(text: string): string {
    if (text.split('.').some((part) => Number(part) > 255) || isEverybodys(text)) return text;
    const known = this.addresses.get(text);
    if (known !== undefined) return known;
    const place = this.addresses.size % (NETS.length * HOSTS_PER_NET);
    const standIn = `${NETS[Math.floor(place / HOSTS_PER_NET)]}${1 + (place % HOSTS_PER_NET)}`;
    this.addresses.set(text, standIn);
    this.count('address', text);
    return standIn;
  }

  /** A network for documentation (RFC 3849), or a link-local one. */
  private ofIpv6(text: string): string {
    const key = text.toLowerCase();
    if (isEverybodys(key)) return text;
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const standIn = `${key.startsWith('fe80:') ? 'fe80' : '2001:db8'}::${(this.addresses.size + 1).toString(16)}`;
    this.addresses.set(key, standIn);
    this.count('address', key);
    return standIn;
  }

  private scramble(word: string, turn: number): string {
    const bytes = this.stream(`${turn}:${word}`, word.length);
    const hex = /^(?=.*\d)[0-9a-f]{6,}$/.test(word);
    let at = 0;
    return word.replace(/[\p{L}\p{N}]/gu, (char) => {
      const byte = bytes[at++] ?? 0;
      if (/\d/.test(char)) return String(byte % 10);
      if (/[a-z]/.test(char)) return (hex ? 'abcdef' : LOWER).charAt(byte % (hex ? 6 : 26));
      const letters = LETTERS[Buffer.byteLength(char)];
      return letters ? ([...letters][byte % [...letters].length] ?? char) : char;
    });
  }

  private stream(seed: string, length = 32): number[] {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, at) =>
      createHmac('sha256', this.key).update(`${at}:${seed}`).digest(),
    );
    return [...Buffer.concat(blocks)];
  }

  private count(kind: string, original: string): void {
    const known = this.counted.get(kind) ?? new Set();
    this.counted.set(kind, known.add(original));
  }
}

function digitsOf(mac: string): string {
  return mac.toLowerCase().replace(/[^0-9a-f]/g, '');
}

/** Capital letters where the original has them; a letter whose capital has another length stays small. */
function inCaseOf(standIn: string, original: string): string {
  const pattern = [...original];
  return [...standIn]
    .map((char, at) => {
      const capital = char.toUpperCase();
      return /\p{Lu}/u.test(pattern[at] ?? '') && Buffer.byteLength(capital) === Buffer.byteLength(char)
        ? capital
        : char;
    })
    .join('');
}
