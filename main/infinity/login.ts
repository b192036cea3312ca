/** How this product signs in to a Management Node. Pure. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { OtjError } from '../contract/errors.ts';

/** `basic`: an administrator's user name and password. `oauth2`: an API client with its private key. */
export type InfinityLogin =
  | { kind: 'basic'; username: string; password: string }
  /** `privateKey`: as {@link fitKey} gives it. */
  | { kind: 'oauth2'; clientId: string; privateKey: string };

/** A key in PEM is some 250 characters; beyond this nobody has given a key. */
const LONGEST = 16_384;

/**
 * Brings the private key of an OAuth2 client into one form: PKCS #8 in PEM. Takes PEM (PKCS #8 or SEC 1, also with its
 * line breaks lost or written as `\n`) and JWK. Infinity signs in only keys for ES256, which is EC on the curve P-256.
 * @throws OtjError KEY_UNFIT, which never repeats a part of the key
 */
export function fitKey(text: string): string {
  if (text.length > LONGEST) throw unfit('it is too long for a key');
  const key = readKey(text.trim());
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw unfit(`it is a key of another kind (${key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType})`);
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readKey(text: string): KeyObject {
  if (text.startsWith('{')) {
    try {
      return createPrivateKey({ key: JSON.parse(text), format: 'jwk' });
    } catch {
      throw unfit('it is not the JWK of a private key');
    }
  }
  const [, label = '', body = ''] =
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----/.exec(text.replaceAll('\\n', '\n')) ?? [];
  if (label === '') throw unfit('it is neither PEM nor JWK');
  if (!label.endsWith('PRIVATE KEY')) throw unfit(`it is a ${label.toLowerCase()}`);
  if (label.startsWith('ENCRYPTED') || /ENCRYPTED/.test(body))
    throw unfit('it is protected by a passphrase of its own');
  const lines = body.replace(/\s/g, '').match(/.{1,64}/g) ?? [];
  try {
    return createPrivateKey(`-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`);
  } catch {
    throw unfit('its PEM cannot be read; perhaps a part is missing');
  }
}

const unfit = (why: string) => new OtjError('KEY_UNFIT', why);
