/**
 * An RSA key that follows from a text, for devices that know nothing better: Node makes only random ones, and a client
 * that pinned a key must find it again after the lab was started anew. Fit for a lab only.
 */
import { checkPrimeSync, createHash, createPrivateKey } from 'node:crypto';

const PRIME_BYTES = 128;
const EXPONENT = 65_537n;

/** PKCS #1, PEM, 2048 bits. */
export function rsaKey(seed: string): string {
  const [p, q] = [prime(`${seed} p`), prime(`${seed} q`)];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const parts = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const numbers = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, base64Url(value)]));
  const key = createPrivateKey({ key: { kty: 'RSA', ...numbers }, format: 'jwk' });
  return key.export({ format: 'pem', type: 'pkcs1' }).toString();
}

/** The first fit one from the stream of hashes on: odd, with both top bits set, and a neighbour that e does not divide. */
function prime(seed: string): bigint {
  const blocks = [0, 1].map((block) => createHash('sha512').update(`${seed} ${block}`).digest('hex'));
  const top = 3n << BigInt(PRIME_BYTES * 8 - 2);
  let candidate = BigInt(`0x${blocks.join('')}`) | top | 1n;
  while ((candidate - 1n) % EXPONENT === 0n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** Extended Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [last, current] = [modulus, value % modulus];
  let [lastFactor, factor] = [0n, 1n];
  while (current !== 0n) {
    const quotient = last / current;
    [last, current] = [current, last - quotient * current];
    [lastFactor, factor] = [factor, lastFactor - quotient * factor];
  }
  return ((lastFactor % modulus) + modulus) % modulus;
}

function base64Url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
