/**
 * Who may come in: a one-time token in an address is exchanged for a cookie and a key that last as long as the program.
 * Browsers send a cookie to every port of an address, so to other programs of this computer too; the key stays with the
 * page, and nothing is answered without both.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long an address that nobody has used stays good, milliseconds. */
const TOKEN_LIFE_MS = 60_000;
/** Dead tokens that are still known as ours, so that whoever comes late can be told. */
const REMEMBERED = 16;

type Token = { hash: Buffer; until: number };

export class Entrance {
  private readonly secret = randomSecret();
  /** What the page itself sends along. */
  readonly key = randomSecret();
  private readonly now: () => number;
  /** The newest one first; only that one may be alive. */
  private tokens: Token[] = [];

  /** @param now milliseconds on a clock that is never set */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** What the cookie holds. */
  get pass(): string {
    return this.secret;
  }

  /** A new token; the one before is dead from now on. */
  issue(): string {
    const token = randomSecret();
    for (const known of this.tokens) known.until = 0;
    this.tokens = [{ hash: hashOf(token), until: this.now() + TOKEN_LIFE_MS }, ...this.tokens].slice(0, REMEMBERED);
    return token;
  }

  /** Uses a token up. `late`: it was ours and was used, replaced, or is too old. */
  enter(token: string): 'welcome' | 'late' | 'stranger' {
    const given = hashOf(token);
    const known = this.tokens.find(({ hash }) => timingSafeEqual(hash, given));
    if (!known) return 'stranger';
    const alive = this.now() < known.until;
    known.until = 0;
    return alive ? 'welcome' : 'late';
  }

  /** Whether a token waits to be used. */
  get open(): boolean {
    return this.tokens.some(({ until }) => this.now() < until);
  }

  /** @param key what the page sent along */
  hasKey(key: string | undefined): boolean {
    return key !== undefined && timingSafeEqual(hashOf(key), hashOf(this.key));
  }

  /** @param pass what the cookie of a request holds */
  knows(pass: string | undefined): boolean {
    return pass !== undefined && timingSafeEqual(hashOf(pass), hashOf(this.secret));
  }
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Equal lengths to compare, and no token that can be read out of memory by its looks. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
