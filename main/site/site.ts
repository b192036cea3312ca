/** A site file, opened: its parts, its settings, its logins and the lock that keeps two runs off it. */
import { realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { type PlannedStep, plannedStepSchema } from '../contract/plan.ts';
import {
  type CredentialKind,
  type CredentialView,
  DEFAULT_SETTINGS,
  type Purpose,
  type Settings,
  settingsSchema,
} from '../contract/site.ts';
import { Access } from './access.ts';
import { Backups } from './backups.ts';
import { Database } from './database.ts';
import { Evidence } from './evidence.ts';
import { Journal } from './journal.ts';
import { Listed } from './listed.ts';
import { Mailboxes } from './mailboxes.ts';
import { Matches } from './matches.ts';
import { Outbox } from './outbox.ts';
import { Pilots } from './pilots.ts';
import { Places } from './places.ts';
import { Results } from './results.ts';
import { Rooms } from './rooms.ts';
import { type Keychain, Vault } from './vault.ts';

const SQLITE_BUSY = 5;
const SETTINGS = 'settings';

export interface Credential {
  id: number;
  kind: CredentialKind;
  /** Of an OAuth2 client its id. */
  username: string;
  /** Of an OAuth2 client its private key. */
  password: string;
  /** Whether some device has accepted it since it was stored. */
  proven: boolean;
  /** Whether the first device it was tried on refused it. */
  refused: boolean;
  /** Changes with every new user name or password. */
  version: string;
}

export class Site {
  readonly path: string;
  readonly db: Database;
  readonly rooms: Rooms;
  readonly journal: Journal;
  readonly backups: Backups;
  readonly outbox: Outbox;
  readonly listed: Listed;
  readonly matches: Matches;
  readonly evidence: Evidence;
  readonly access: Access;
  readonly mailboxes: Mailboxes;
  readonly pilots: Pilots;
  readonly places: Places;
  readonly results: Results;
  private opened: Vault | null = null;
  private remembered = false;
  /** As read last, and out of which text. */
  private read: { text: string | null; settings: Settings } | null = null;
  private lock: DatabaseSync | null = null;

  private constructor(path: string, db: Database) {
    this.path = path;
    this.db = db;
    this.rooms = new Rooms(db);
    this.journal = new Journal(db);
    this.backups = new Backups(db);
    this.outbox = new Outbox(db);
    this.listed = new Listed(db);
    this.matches = new Matches(db);
    this.evidence = new Evidence(db);
    this.access = new Access(db);
    this.mailboxes = new Mailboxes(db);
    this.places = new Places(db);
    this.pilots = new Pilots(db);
    this.results = new Results(db, path);
  }

  static async create(path: string, passphrase: string, settings: Partial<Settings>): Promise<Site> {
    const checked = settingsSchema.parse({ ...DEFAULT_SETTINGS, ...settings });
    const vault = await Vault.create(() => Database.create(path), passphrase);
    const site = new Site(path, vault.db);
    site.opened = vault;
    site.saveSettings(checked);
    return site;
  }

  /** Throws SITE_MISSING, SITE_NOT_OURS (also for a file whose settings cannot be read), SITE_NEWER, DISK. */
  static open(path: string): Site {
    const db = Database.open(path);
    try {
      const site = new Site(path, db);
      // Everything that is done with a site begins with them, and a window shows them all the time.
      void site.settings;
      return site;
    } catch (thrown) {
      db.close();
      throw thrown instanceof OtjError ? thrown : new OtjError('SITE_NOT_OURS', path, { cause: thrown });
    }
  }

  /** Throws VAULT_PASSPHRASE. */
  async unlock(passphrase: string): Promise<void> {
    this.opened = await Vault.unlock(this.db, passphrase);
  }

  /** @returns whether this computer's keychain opened it */
  async unlockWithKeychain(keychain: Keychain): Promise<boolean> {
    const vault = await Vault.unlockWithKeychain(this.db, keychain);
    if (!vault) return false;
    this.opened = vault;
    this.remembered = true;
    return true;
  }

  /** From now on this computer's keychain opens the file too. Throws VAULT_LOCKED, and what the keychain throws. */
  async remember(keychain: Keychain): Promise<void> {
    if (this.remembered) return;
    await this.vault.addKeychain(keychain);
    this.remembered = true;
  }

  /** From now on only a passphrase opens the file, on other computers as well. */
  forgetKey(): void {
    Vault.forgetKeychains(this.db);
    this.remembered = false;
  }

  get isLocked(): boolean {
    return this.opened === null;
  }

  /** Whether this computer's keychain is known to open the file. */
  get isRemembered(): boolean {
    return this.remembered;
  }

  /** Throws VAULT_LOCKED. */
  get vault(): Vault {
    if (!this.opened) throw new OtjError('VAULT_LOCKED');
    return this.opened;
  }

  /** Another program may change them; they are read anew only then, because much of the work asks for them. */
  get settings(): Settings {
    const text = this.keptText(SETTINGS);
    if (this.read?.text !== text) {
      const told = text === null ? null : (JSON.parse(text) as object);
      this.read = { text, settings: Object.freeze(settingsSchema.parse({ ...DEFAULT_SETTINGS, ...told })) };
    }
    return this.read.settings;
  }

  saveSettings(change: Partial<Settings>): void {
    this.keep(SETTINGS, settingsSchema.parse({ ...this.settings, ...change }));
  }

  /** @param password of an OAuth2 client its private key */
  saveCredential(
    purpose: Purpose,
    roomId: number | null,
    username: string,
    password: string,
    kind: CredentialKind = 'basic',
  ): void {
    this.db.transaction(() => {
      this.db.run(
        `INSERT INTO credential (purpose, room_id, username, kind, updated_at)
         VALUES ($purpose, $roomId, $username, $kind, $at)
         ON CONFLICT (purpose, coalesce(room_id, 0)) DO UPDATE SET username = excluded.username, kind = excluded.kind,
           updated_at = excluded.updated_at, proven_at = NULL, refused_at = NULL`,
        { purpose, roomId, username, kind, at: new Date().toISOString() },
      );
      const row = this.db.one('SELECT id FROM credential WHERE purpose = $purpose AND room_id IS $roomId', {
        purpose,
        roomId,
      });
      this.vault.put(`credential:${row?.id}`, password);
    });
  }

  /** The room's own login if it has one, else the site's for that purpose. Throws CREDENTIAL_MISSING. */
  credential(purpose: Purpose, roomId: number | null = null): Credential {
    const row = this.db.one(
      `SELECT id, kind, username, updated_at, proven_at, refused_at FROM credential WHERE purpose = $purpose AND (room_id = $roomId OR room_id IS NULL)
       ORDER BY room_id IS NULL LIMIT 1`,
      { purpose, roomId },
    );
    const password = row ? this.vault.get(`credential:${row.id}`) : null;
    if (!row || password === null) throw new OtjError('CREDENTIAL_MISSING', purpose);
    return {
      id: Number(row.id),
      kind: row.kind as CredentialKind,
      username: String(row.username),
      password,
      proven: row.proven_at !== null,
      refused: row.refused_at !== null,
      version: `${row.id}@${row.updated_at}`,
    };
  }

  /** All stored logins without their passwords, those for the whole site first. */
  credentials(): CredentialView[] {
    return this.db.all('SELECT * FROM credential ORDER BY coalesce(room_id, 0), purpose').map((row) => ({
      purpose: row.purpose as Purpose,
      roomId: row.room_id as number | null,
      kind: row.kind as CredentialKind,
      username: String(row.username),
      updatedAt: String(row.updated_at),
      proven: row.proven_at !== null,
      refused: row.refused_at !== null,
    }));
  }

  /** Throws CREDENTIAL_MISSING when there is none for exactly this purpose and room. */
  removeCredential(purpose: Purpose, roomId: number | null): void {
    const scope = { purpose, roomId };
    this.db.transaction(() => {
      const row = this.db.one('SELECT id FROM credential WHERE purpose = $purpose AND room_id IS $roomId', scope);
      if (!row) throw new OtjError('CREDENTIAL_MISSING', purpose);
      this.db.run('DELETE FROM secret WHERE owner = $owner', { owner: `credential:${row.id}` });
      this.db.run('DELETE FROM credential WHERE purpose = $purpose AND room_id IS $roomId', scope);
    });
  }

  /** Something small that is kept between sessions, such as the last readiness list; null = never kept. */
  kept(key: string): unknown {
    const text = this.keptText(key);
    return text === null ? null : JSON.parse(text);
  }

  private keptText(key: string): string | null {
    const row = this.db.one('SELECT value FROM setting WHERE key = $key', { key });
    return row ? String(row.value) : null;
  }

  keep(key: string, value: unknown): void {
    this.db.run(
      'INSERT INTO setting (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      { key, value: JSON.stringify(value) },
    );
  }

  /** Refused before any device had accepted it: it is tried on no other until it is corrected. */
  refuseCredential(id: number): void {
    this.db.run('UPDATE credential SET refused_at = $at WHERE id = $id AND proven_at IS NULL', {
      id,
      at: new Date().toISOString(),
    });
  }

  /** It was refused where it had been accepted before. @param version a login that was stored anew since is another */
  withdrawProof(id: number, version: string): void {
    this.db.run(
      "UPDATE credential SET refused_at = $at, proven_at = NULL WHERE id = $id AND id || '@' || updated_at = $version",
      { id, version, at: new Date().toISOString() },
    );
  }

  proveCredential(id: number): void {
    this.db.run('UPDATE credential SET proven_at = $at, refused_at = NULL WHERE id = $id AND proven_at IS NULL', {
      id,
      at: new Date().toISOString(),
    });
  }

  savePlan(roomId: number, steps: readonly PlannedStep[]): void {
    this.db.run(
      `INSERT INTO plan (room_id, steps, made_at) VALUES ($roomId, $steps, $at)
       ON CONFLICT (room_id) DO UPDATE SET steps = excluded.steps, made_at = excluded.made_at`,
      { roomId, steps: JSON.stringify(steps), at: new Date().toISOString() },
    );
  }

  plan(roomId: number): { steps: PlannedStep[]; madeAt: string } | null {
    const row = this.db.one('SELECT steps, made_at FROM plan WHERE room_id = $roomId', { roomId });
    if (!row) return null;
    return {
      steps: z.array(plannedStepSchema).parse(JSON.parse(String(row.steps))),
      madeAt: String(row.made_at),
    };
  }

  /**
   * Keeps other processes from changing rooms through this file while one is at work. The lock is a transaction on a
   * second, empty database: the operating system lets it go when the process dies, so no stale lock is ever left.
   * Throws SITE_BUSY, DISK.
   */
  takeLock(): void {
    // Long enough for somebody who only looks whether it is taken.
    this.lock ??= this.openLock(1_500);
  }

  private openLock(timeout: number): DatabaseSync {
    let lock: DatabaseSync | undefined;
    try {
      // The same lock whatever link the file was opened by.
      lock = new DatabaseSync(`${realpathSync(this.path)}-lock`, { timeout });
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (thrown) {
      lock?.close();
      const busy = (thrown as { errcode?: number }).errcode === SQLITE_BUSY;
      throw new OtjError(busy ? 'SITE_BUSY' : 'DISK', busy ? undefined : (thrown as Error).message, { cause: thrown });
    }
  }

  /** Whether a process is at work on rooms of this file right now. */
  isBusy(): boolean {
    if (this.lock) return true;
    try {
      this.openLock(0).close();
      return false;
    } catch (thrown) {
      return asOtjError(thrown).code === 'SITE_BUSY';
    }
  }

  /** Whether a process other than this one is at work on rooms of this file right now. */
  isBusyElsewhere(): boolean {
    return this.lock === null && this.isBusy();
  }

  /** Lets other processes work on rooms of this file again. */
  releaseLock(): void {
    this.lock?.close();
    this.lock = null;
  }

  close(): void {
    this.releaseLock();
    this.db.close();
  }
}
