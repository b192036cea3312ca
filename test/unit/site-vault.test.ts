import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../main/site/database.ts';
import { KEY_COST } from '../../main/site/keyCost.ts';
import { type Keychain, Vault } from '../../main/site/vault.ts';
import { codeOf } from '../support/codeOf.ts';
import { KEY_COST as CHEAP } from '../support/keyCost.ts';
import { otj } from '../support/otj.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';

/** What an operating system's keychain does: AES with a key that only this user of this computer has. */
class AesKeychain implements Keychain {
  private readonly key = randomBytes(32);

  async wrap(key: Buffer): Promise<Buffer> {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    const body = Buffer.concat([cipher.update(key), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  async unwrap(wrapped: Buffer): Promise<Buffer> {
    const decipher = createDecipheriv('aes-256-gcm', this.key, wrapped.subarray(0, 12));
    decipher.setAuthTag(wrapped.subarray(12, 28));
    return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
  }
}

const SECRET = 'S3cret-Æøå-会议室-🎥';
let db: Database;
let vault: Vault;

beforeEach(async () => {
  db = Database.create(join(tempFolder(), 'v.otjsite'));
  onTestFinished(() => db.close());
  vault = await Vault.create(() => db, PASSPHRASE);
});

function sealedOf(owner: string): Buffer {
  const row = db.one('SELECT sealed FROM secret WHERE owner = $owner', { owner });
  return Buffer.from(row?.sealed as Uint8Array);
}

/** What the slots of a site file say that a guess costs. */
function costs(slots: Database): unknown[] {
  return slots.all('SELECT params FROM key_slot ORDER BY id').map(({ params }) => {
    const { salt: _, ...cost } = JSON.parse(String(params)) as Record<string, unknown>;
    return cost;
  });
}

describe('what a guess costs', () => {
  it('is much in a file that the shipped command makes, and little in those of tests', async () => {
    const path = join(tempFolder(), 'shipped.otjsite');
    expect(await otj(['init', path, '--passphrase-fd', '3'], PASSPHRASE)).toMatchObject({ code: 0 });
    const shipped = Database.open(path);
    onTestFinished(() => shipped.close());
    expect(KEY_COST).toEqual({ N: 65_536, r: 8, p: 2 });
    expect(costs(shipped)).toEqual([KEY_COST]);
    expect(costs(db)).toEqual([CHEAP]);
    const opened = await Vault.unlock(shipped, PASSPHRASE);
    await opened.addPassphrase('the other one');
    // Each slot by its own cost, whatever new ones get.
    expect(costs(shipped)).toEqual([KEY_COST, CHEAP]);
    await Vault.unlock(shipped, 'the other one');
    expect(await codeOf(() => Vault.unlock(shipped, 'a third one'))).toBe('VAULT_PASSPHRASE');
  });
});

describe('secrets', () => {
  it.each(['', 'x', SECRET, 'x'.repeat(300_000)])('come back as they went in', (clear) => {
    vault.put('credential:1', clear);
    expect(vault.get('credential:1')).toBe(clear);
  });

  it('tells none from empty', () => {
    expect(vault.get('credential:1')).toBeNull();
  });

  it('replaces, and never seals the same text twice alike', () => {
    vault.put('credential:1', 'old');
    vault.put('credential:1', SECRET);
    const first = sealedOf('credential:1');
    vault.put('credential:1', SECRET);
    expect(vault.get('credential:1')).toBe(SECRET);
    expect(sealedOf('credential:1').equals(first)).toBe(false);
  });

  it('do not open for another owner', async () => {
    vault.put('credential:1', SECRET);
    db.run("UPDATE secret SET owner = 'credential:2' WHERE owner = 'credential:1'");
    expect(await codeOf(() => vault.get('credential:2'))).toBe('SECRET_DAMAGED');
  });

  it('do not open with any bit flipped or cut short', async () => {
    vault.put('credential:1', 'secret');
    const sealed = sealedOf('credential:1');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bad = Buffer.from(sealed);
      bad.writeUInt8(bad.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(await codeOf(() => vault.open('credential:1', bad))).toBe('SECRET_DAMAGED');
    }
    for (let length = 0; length < sealed.length; length++)
      expect(await codeOf(() => vault.open('credential:1', sealed.subarray(0, length)))).toBe('SECRET_DAMAGED');
  });
});

describe('ways to open', () => {
  it('opens with the passphrase, typed in either Unicode form', async () => {
    vault.put('a', SECRET);
    await vault.addPassphrase('Blåbær-1234'.normalize('NFD'));
    expect((await Vault.unlock(db, 'Blåbær-1234'.normalize('NFC'))).get('a')).toBe(SECRET);
  });

  it.each(['', 'correct-horse-battery-77', `${PASSPHRASE} `])('refuses the passphrase "%s"', async (wrong) => {
    expect(await codeOf(() => Vault.unlock(db, wrong))).toBe('VAULT_PASSPHRASE');
  });

  it('opens the same secrets with either of two passphrases', async () => {
    vault.put('a', SECRET);
    await vault.addPassphrase('the other one');
    for (const passphrase of [PASSPHRASE, 'the other one'])
      expect((await Vault.unlock(db, passphrase)).get('a')).toBe(SECRET);
    expect(await codeOf(() => Vault.unlock(db, 'a third one'))).toBe('VAULT_PASSPHRASE');
  });

  it('opens with the keychain that wrapped the key, and with no other', async () => {
    vault.put('a', SECRET);
    const [mine, theirs] = [new AesKeychain(), new AesKeychain()];
    expect(await Vault.unlockWithKeychain(db, mine)).toBeNull();
    await vault.addKeychain(mine);
    expect((await Vault.unlockWithKeychain(db, mine))?.get('a')).toBe(SECRET);
    expect(await Vault.unlockWithKeychain(db, theirs)).toBeNull();
    // On a second computer, its own slot opens although the first does not.
    await vault.addKeychain(theirs);
    expect((await Vault.unlockWithKeychain(db, theirs))?.get('a')).toBe(SECRET);
    expect((await Vault.unlock(db, PASSPHRASE)).get('a')).toBe(SECRET);
  });

  it('keeps the data key in clear nowhere', async () => {
    let key = Buffer.alloc(0);
    await vault.addKeychain({
      wrap: async (clear) => {
        key = Buffer.from(clear);
        return Buffer.from('wrapped');
      },
      unwrap: async () => key,
    });
    expect(key.length).toBe(32);
    for (const { wrapped, params } of db.all('SELECT wrapped, params FROM key_slot')) {
      expect(Buffer.from(wrapped as Uint8Array).includes(key)).toBe(false);
      expect(String(params)).not.toContain(key.toString('base64'));
    }
  });

  it('refuses a damaged slot in place of opening with another key', async () => {
    db.run('UPDATE key_slot SET wrapped = zeroblob(60)');
    expect(await codeOf(() => Vault.unlock(db, PASSPHRASE))).toBe('VAULT_PASSPHRASE');
  });
});
