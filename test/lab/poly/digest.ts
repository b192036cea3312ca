import { createHash, randomBytes } from 'node:crypto';

/** HTTP Digest as devices of that time have it: MD5, qop auth (RFC 2617). */
export class Digest {
  readonly #realm: string;
  /** The highest count that each nonce of ours was used with. */
  readonly #counts = new Map<string, number>();

  constructor(realm: string) {
    this.#realm = realm;
  }

  challenge(): string {
    const nonce = randomBytes(16).toString('hex');
    this.#counts.set(nonce, 0);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > 1000 && oldest !== undefined) this.#counts.delete(oldest);
    return `Digest realm="${this.#realm}", qop="auth", nonce="${nonce}", opaque="${randomBytes(8).toString('hex')}", algorithm=MD5`;
  }

  /** `stale`: the answer is right, but to a question that was not ours or has been answered before. */
  judge(header: string, method: string, user: { username: string; password: string }): 'right' | 'wrong' | 'stale' {
    const field = fieldsOf(header);
    const get = (name: string): string => field.get(name) ?? '';
    const count = Number.parseInt(get('nc'), 16);
    const ha1 = md5(`${user.username}:${this.#realm}:${user.password}`);
    const ha2 = md5(`${method}:${get('uri')}`);
    const expected = md5([ha1, get('nonce'), get('nc'), get('cnonce'), get('qop'), ha2].join(':'));
    const right = get('username') === user.username && get('qop') === 'auth' && get('response') === expected;
    if (!right) return 'wrong';
    const last = this.#counts.get(get('nonce'));
    if (last === undefined || !(count > last)) return 'stale';
    this.#counts.set(get('nonce'), count);
    return 'right';
  }
}

function fieldsOf(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, bare] of header.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    fields.set(name.toLowerCase(), quoted ?? bare ?? '');
  }
  return fields;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
