import { createHash, randomBytes } from 'node:crypto';

/** Where the lab's passwords and tokens come from. */
export interface Secrets {
  /** The same name gives the same text within one lab. */
  make(name: string, length?: number): string;
  /** Everything handed out so far, for a search through files and logs for leaks. */
  all(): string[];
}

// No characters that look alike: people type these by hand.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/**
 * Secrets are new at every start, so that finding one outside the vault proves a leak. With a seed they repeat, which
 * makes two runs of the lab comparable.
 */
export function createSecrets(seed?: string): Secrets {
  const root = seed === undefined ? randomBytes(32) : createHash('sha256').update(`lab:${seed}`).digest();
  const made = new Map<string, string>();
  return {
    make(name, length = 20) {
      const known = made.get(name);
      if (known) return known;
      let text = '';
      for (let block = 0; text.length < length; block++) {
        for (const byte of createHash('sha512').update(root).update(`${name}:${block}`).digest()) {
          // Reject the tail of the byte range, so that every character is equally likely.
          if (byte < ALPHABET.length * 4 && text.length < length) text += ALPHABET[byte % ALPHABET.length];
        }
      }
      made.set(name, text);
      return text;
    },
    all: () => [...made.values()],
  };
}
