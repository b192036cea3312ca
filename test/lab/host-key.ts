/**
 * SSH host keys of devices: derived from serial, MAC and address, so that a lab that is started again is recognised by
 * clients that pinned it.
 */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { rsaKey } from './rsa-key.ts';
import type { DeviceSpec } from './types.ts';

/** PKCS #8 wrapping of a bare ed25519 seed (RFC 8410). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_TYPE = 'ssh-ed25519';

type Who = Pick<DeviceSpec, 'serial' | 'mac' | 'address'>;

export function identityOf(spec: Who): string {
  return `${spec.serial} ${spec.mac} ${spec.address}`;
}

/** RSA where nothing newer is known, otherwise ed25519, which costs a lab of a thousand devices much less. */
export function hostKey(spec: Who, legacyOnly = false): string {
  return legacyOnly ? knownRsaKey(identityOf(spec)) : ed25519Key(spec);
}

const rsaKeys = new Map<string, string>();

function knownRsaKey(identity: string): string {
  const key = rsaKeys.get(identity) ?? rsaKey(`host key of ${identity}`);
  rsaKeys.set(identity, key);
  return key;
}

/** In the file format of OpenSSH, the one that ssh2 reads for ed25519 (PROTOCOL.key of OpenSSH). */
function ed25519Key(spec: Who): string {
  const seed = createHash('sha256')
    .update(`host key of ${identityOf(spec)}`)
    .digest();
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const publicPart = Buffer.concat([string(KEY_TYPE), string(publicKey)]);
  const secret = [string(KEY_TYPE), string(publicKey), string(Buffer.concat([seed, publicKey])), string('')];
  const check = seed.subarray(0, 4);
  const privatePart = padded(Buffer.concat([check, check, ...secret]));
  const one = Buffer.from([0, 0, 0, 1]);
  const head = [Buffer.from('openssh-key-v1\0'), string('none'), string('none'), string(''), one];
  const text = Buffer.concat([...head, string(publicPart), string(privatePart)]).toString('base64');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${text.replace(/.{70}/g, '$&\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function padded(bytes: Buffer): Buffer {
  const missing = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}
