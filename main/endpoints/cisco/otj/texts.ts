/** Looking for host names in texts. Pure, and linear in the length of the text. */
import { createHash } from 'node:crypto';

/** Lower case of A to Z only: positions stay what they are. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Where `host`, or a name below it, stands as a whole host name; from where `host` begins. @param text in lower case */
export function* hostsIn(text: string, host: string): Generator<number> {
  for (let at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + 1)) {
    const before = text[at - 1] ?? '';
    const after = text.slice(at + host.length, at + host.length + 2);
    if (!/[a-z0-9-]/.test(before) && !/^[a-z0-9-]|^\.[a-z0-9]/.test(after)) yield at;
  }
}

/** @param text in any case */
export function hasHost(text: string, host: string): boolean {
  return hostsIn(asciiLower(text), host).next().done === false;
}

const BASE64 = /^[A-Za-z0-9+/_-]{12,}={0,2}$/;

/** What a text says when it is base64; empty for what cannot be. */
export function fromBase64(text: string): string {
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('latin1') : '';
}

/** SHA-256 of a text, by which it is known again. */
export function textHash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
