/**
 * The library makes a cipher for each packet and gives Node the key as bytes each time, which Node 24 must make a key of
 * before anything else: 35 µs where a key that is one already takes 6 (measured; a third of the processor time of a
 * visit). So its keys are made into such once. Where a later version keeps them elsewhere, nothing is lost but time.
 */
import { createSecretKey } from 'node:crypto';
import type { Client, Connection } from 'ssh2';
import { part } from './internals.ts';

const ENDS = ['_cipher', '_decipher'];
const KEYS = ['_encKey', '_decipherKey', '_macKey'];

/** To be called whenever keys were agreed: a long connection agrees on new ones. */
export function holdKeys(connection: Client | Connection): void {
  for (const end of ENDS) {
    const cipher = part(part(connection, '_protocol'), end);
    for (const name of KEYS) {
      const key = part(cipher, name);
      if (cipher && Buffer.isBuffer(key)) Reflect.set(cipher, name, createSecretKey(key));
    }
  }
}
