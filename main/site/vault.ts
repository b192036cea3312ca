/**
 * Secrets of a site file. A random data key seals each secret with AES-256-GCM, bound to its owner's name. The data
 * key is wrapped by a passphrase (scrypt), by the OS keychain, or both, so that the file can travel.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import type { Database } from './database.ts';
import { KEY_COST } from './keyCost.ts';

/** Something that can wrap a key for this user of this computer, such as Electron's safeStorage. */
export interface Keychain {
  wrap(key: Buffer): Promise<Buffer>;
  unwrap(wrapped: Buffer): Promise<Buffer>;
}

const paramsSchema = z.object({ salt: z.string(), N: z.number().int(), r: z.number().int(), p: z.number().int() });

const CHECK = 'vault:check';

export class Vault {
  readonly db: Database;
  /** As an object: made of bytes anew for each secret it would cost more than the sealing. */
  private readonly key: KeyObject;

  private constructor(db: Database, key: Buffer) {
    this.db = db;
    this.key = createSecretKey(key);
  }

  /**
   * Gives a new site file its data key and the first way to open it.
   * @param make makes the file; called after the slow key derivation, so that an interruption leaves no file without key
   */
  static async create(make: () => Database, passphrase: string): Promise<Vault> {
    const key = randomBytes(32);
    const slot = await passphraseSlot(passphrase, key);
    const vault = new Vault(make(), key);
    vault.db.transaction(() => {
      vault.addSlot(slot);
      vault.put(CHECK, CHECK);
    });
    return vault;
  }

  /** Throws VAULT_PASSPHRASE when no passphrase slot opens. */
  static async unlock(db: Database, passphrase: string): Promise<Vault> {
    for (const { params, wrapped } of slots(db, 'passphrase')) {
      const { salt, ...cost } = paramsSchema.parse(JSON.parse(params));
      const key = open(await stretch(passphrase, Buffer.from(salt, 'base64'), cost), 'slot', wrapped);
      if (key) return new Vault(db, key);
    }
    throw new OtjError('VAULT_PASSPHRASE');
  }

  /** Opens with the keychain, or null when this computer's keychain has no slot that opens. */
  static async unlockWithKeychain(db: Database, keychain: Keychain): Promise<Vault | null> {
    for (const { wrapped } of slots(db, 'keychain')) {
      const key = await keychain.unwrap(wrapped).catch(() => null);
      const vault = key?.length === 32 ? new Vault(db, key) : null;
      if (vault?.isRight()) return vault;
    }
    return null;
  }

  /** Any 32 bytes look like a key; the right one opens what was sealed at the start. */
  private isRight(): boolean {
    try {
      return this.get(CHECK) === CHECK;
    } catch {
      return false;
    }
  }

  async addPassphrase(passphrase: string): Promise<void> {
    this.addSlot(await passphraseSlot(passphrase, this.key.export()));
  }

  async addKeychain(keychain: Keychain): Promise<void> {
    this.addSlot({ kind: 'keychain', params: '{}', wrapped: await keychain.wrap(this.key.export()) });
  }

  /** Only passphrases open the file from now on. */
  static forgetKeychains(db: Database): void {
    db.run("DELETE FROM key_slot WHERE kind = 'keychain'");
  }

  private addSlot({ kind, params, wrapped }: Slot): void {
    this.db.run('INSERT INTO key_slot (kind, params, wrapped, created_at) VALUES ($kind, $params, $wrapped, $at)', {
      kind,
      params,
      wrapped,
      at: new Date().toISOString(),
    });
  }

  /** @param owner what the bytes belong to, e.g. `backup:12`; needed again to open them */
  seal(owner: string, clear: string): Buffer {
    return seal(this.key, owner, Buffer.from(clear, 'utf8'));
  }

  /** Throws SECRET_DAMAGED when the bytes are not what was sealed for this owner. */
  open(owner: string, sealed: Uint8Array): string {
    const clear = open(this.key, owner, Buffer.from(sealed));
    if (!clear) throw new OtjError('SECRET_DAMAGED', owner);
    return clear.toString('utf8');
  }

  put(owner: string, clear: string): void {
    this.db.run(
      `INSERT INTO secret (owner, sealed, updated_at) VALUES ($owner, $sealed, $at)
       ON CONFLICT (owner) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
      { owner, sealed: this.seal(owner, clear), at: new Date().toISOString() },
    );
  }

  /** The secret, or null when there is none. */
  get(owner: string): string | null {
    const row = this.db.one('SELECT sealed FROM secret WHERE owner = $owner', { owner });
    return row ? this.open(owner, row.sealed as Uint8Array) : null;
  }
}

type Slot = { kind: 'passphrase' | 'keychain'; params: string; wrapped: Buffer };

async function passphraseSlot(passphrase: string, key: Buffer): Promise<Slot> {
  const salt = randomBytes(16);
  const kek = await stretch(passphrase, salt, KEY_COST);
  const params = JSON.stringify({ salt: salt.toString('base64'), ...KEY_COST });
  return { kind: 'passphrase', params, wrapped: seal(kek, 'slot', key) };
}

function slots(db: Database, kind: string): { params: string; wrapped: Buffer }[] {
  return db
    .all('SELECT params, wrapped FROM key_slot WHERE kind = $kind ORDER BY id', { kind })
    .map((row) => ({ params: String(row.params), wrapped: Buffer.from(row.wrapped as Uint8Array) }));
}

function stretch(passphrase: string, salt: Buffer, { N, r, p }: typeof KEY_COST): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}

/** nonce (12) + tag (16) + cipher text. */
function seal(key: Buffer | KeyObject, owner: string, clear: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(`otj:1:${owner}`));
  const body = Buffer.concat([cipher.update(clear), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function open(key: Buffer | KeyObject, owner: string, sealed: Buffer): Buffer | null {
  if (sealed.length < 28) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
  decipher.setAAD(Buffer.from(`otj:1:${owner}`));
  decipher.setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  } catch {
    return null;
  }
}
