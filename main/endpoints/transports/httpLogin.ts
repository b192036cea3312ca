/**
 * The `Authorization` header by what a server asks for: Basic (RFC 7617) or Digest (RFC 7616, and the form without `qop`
 * of RFC 2069). Pure but for the client's own nonce. Own code: the kept library puts quotes around `nc` and `qop`, which
 * the standard forbids, and refuses challenges with fields that it does not know.
 */
import { createHash, randomBytes } from 'node:crypto';

export interface Challenge {
  scheme: 'basic' | 'digest';
  /** Fields by lower-case name. */
  fields: Readonly<Record<string, string>>;
}

export interface Asked {
  method: string;
  /** Path with query, as in the request line. */
  path: string;
  username: string;
  password: string;
}

/** Longest header that is looked at, characters. */
const MAX_CHARS = 4096;
const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };
/** Best first. */
const ALGORITHMS = ['SHA-512-256', 'SHA-256', 'MD5'];

/** All challenges that we can answer, in the order in which they came. Total: what cannot be understood is left out. */
export function challengesIn(header: string | string[] | undefined): Challenge[] {
  const found: Challenge[] = [];
  for (const line of [header ?? []].flat()) {
    if (line.length > MAX_CHARS) continue;
    // A new challenge begins with a word that no `=` follows.
    for (const part of line.split(/(?:^|,)\s*(?=(?:basic|digest)(?:\s|$))/i)) {
      const scheme = /^(basic|digest)(?:\s|$)/i.exec(part)?.[1]?.toLowerCase();
      if (scheme !== 'basic' && scheme !== 'digest') continue;
      const fields: Record<string, string> = {};
      for (const [, name = '', quoted, bare] of part.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g))
        fields[name.toLowerCase()] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
      if (scheme === 'basic' || canAnswer(fields)) found.push({ scheme, fields });
    }
  }
  return found;
}

/** Digest before Basic, since it does not send the password; of several Digests the best algorithm. */
export function pickChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  const rank = ({ scheme, fields }: Challenge) =>
    scheme === 'basic' ? ALGORITHMS.length : ALGORITHMS.indexOf(algorithmOf(fields).name);
  return [...challenges].sort((a, b) => rank(a) - rank(b))[0];
}

/** @param count how often this challenge's nonce was used, beginning with 1. @param givenCnonce of the client, for tests */
export function authorization(
  { scheme, fields }: Challenge,
  { method, path, username, password }: Asked,
  count: number,
  givenCnonce?: string,
): string {
  if (scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  const cnonce = givenCnonce ?? randomBytes(12).toString('hex');
  const { name, session } = algorithmOf(fields);
  const hash = (text: string) =>
    createHash(HASHES[name] ?? 'md5')
      .update(text, 'utf8')
      .digest('hex');
  const { realm = '', nonce = '', opaque, algorithm, qop } = fields;
  const first = hash(`${username}:${realm}:${password}`);
  const ha1 = session ? hash(`${first}:${nonce}:${cnonce}`) : first;
  const ha2 = hash(`${method}:${path}`);
  const nc = count.toString(16).padStart(8, '0');
  const response = hash(qop === undefined ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`);
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  return `Digest ${[
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(path)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop === undefined ? [] : ['qop=auth', `nc=${nc}`]),
    ...(qop !== undefined || session ? [`cnonce="${cnonce}"`] : []),
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ')}`;
}

/** Line ends would break out of the header; of qop only `auth` is known, and only some algorithms. */
function canAnswer(fields: Readonly<Record<string, string>>): boolean {
  const { nonce, qop, realm = '', opaque = '', algorithm = 'MD5' } = fields;
  if (nonce === undefined || /\p{Cc}/u.test(nonce + realm + opaque)) return false;
  if (qop !== undefined && !qop.split(',').some((one) => one.trim().toLowerCase() === 'auth')) return false;
  return Object.hasOwn(HASHES, algorithm.toUpperCase().replace(/-SESS$/, ''));
}

function algorithmOf({ algorithm = 'MD5' }: Readonly<Record<string, string>>): { name: string; session: boolean } {
  const upper = algorithm.toUpperCase();
  return { name: upper.replace(/-SESS$/, ''), session: upper.endsWith('-SESS') };
}
