/** Backups: the state of a device before its first change, sealed, and read back before it is relied on. */
import { createHash } from 'node:crypto';
import type { BackupItem, Baseline } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { Database } from './database.ts';
import type { Vault } from './vault.ts';

export interface BackupSummary {
  kind: string;
  name: string;
  /** Of the clear content. */
  sha256: string;
  bytes: number;
  savedAt: string;
  /** False once the device was undone. */
  open: boolean;
}

export function hashOf(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

export class Backups {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Saves a first baseline in one transaction; durable when it resolves. */
  async open(vault: Vault, serial: string, items: readonly BackupItem[]): Promise<void> {
    await this.db.durably(() => {
      const { id } = this.db.run('INSERT INTO baseline (serial, taken_at) VALUES ($serial, $at)', {
        serial,
        at: new Date().toISOString(),
      });
      for (const item of items) this.insert(vault, id, item);
    });
  }

  /**
   * Adds items to the open baseline, e.g. content that changed since it was taken. @returns them as read back, opened and
   * compared with their hashes. Throws BACKUP_MISSING, SECRET_DAMAGED.
   */
  async add(vault: Vault, serial: string, ...items: BackupItem[]): Promise<BackupItem[]> {
    const id = this.openId(serial);
    if (id === null) throw new OtjError('BACKUP_MISSING');
    await this.db.durably(() => {
      for (const item of items) this.insert(vault, id, item);
    });
    return items.map((item) => this.readOne(vault, id, item));
  }

  private readOne(vault: Vault, baselineId: number, { kind, name, content }: BackupItem): BackupItem {
    const row = this.db.one(
      'SELECT * FROM backup WHERE baseline_id = $baselineId AND kind = $kind AND name = $name AND sha256 = $sha256',
      { baselineId, kind, name, sha256: hashOf(content) },
    );
    if (!row) throw new OtjError('SECRET_DAMAGED', `backup ${kind} ${name}`);
    return opened(vault, row);
  }

  /** A text that is saved again becomes the last one under its name. */
  private insert(vault: Vault, baselineId: number, { kind, name, content }: BackupItem): void {
    const sha256 = hashOf(content);
    this.db.run(
      `INSERT OR REPLACE INTO backup (baseline_id, kind, name, sha256, bytes, sealed, saved_at)
       VALUES ($baselineId, $kind, $name, $sha256, $bytes, $sealed, $at)`,
      {
        baselineId,
        kind,
        name,
        sha256,
        bytes: Buffer.byteLength(content),
        sealed: vault.seal(ownerOf(baselineId, kind, name, sha256), content),
        at: new Date().toISOString(),
      },
    );
  }

  /** The open baseline, opened and checked against its hashes; null when none. Throws SECRET_DAMAGED. */
  read(vault: Vault, serial: string): Baseline | null {
    const id = this.openId(serial);
    if (id === null) return null;
    const rows = this.db.all('SELECT * FROM backup WHERE baseline_id = $id ORDER BY id', { id });
    return { items: rows.map((row) => opened(vault, row)) };
  }

  /** Everything saved for a device in the order of `list`, opened and checked as `read` does. Throws SECRET_DAMAGED. */
  contents(vault: Vault, serial: string): (BackupItem & { open: boolean })[] {
    return this.rows(serial).map((row) => ({ ...opened(vault, row), open: row.closed_at === null }));
  }

  /** Whether a device has been backed up and not been undone since. */
  isOpen(serial: string): boolean {
    return this.openId(serial) !== null;
  }

  /** What is saved for a device, newest baseline first, without contents. */
  list(serial: string): BackupSummary[] {
    return this.rows(serial).map((row) => ({
      kind: String(row.kind),
      name: String(row.name),
      sha256: String(row.sha256),
      bytes: Number(row.bytes),
      savedAt: String(row.saved_at),
      open: row.closed_at === null,
    }));
  }

  private rows(serial: string): Record<string, unknown>[] {
    return this.db.all(
      `SELECT b.*, l.closed_at FROM backup b JOIN baseline l ON l.id = b.baseline_id WHERE l.serial = $serial
       ORDER BY l.id DESC, b.id`,
      { serial },
    );
  }

  /** After an undo: the next migration takes a new baseline; the old one stays in the file. */
  close(serial: string): void {
    this.db.run('UPDATE baseline SET closed_at = $at WHERE serial = $serial AND closed_at IS NULL', {
      at: new Date().toISOString(),
      serial,
    });
  }

  private openId(serial: string): number | null {
    const row = this.db.one('SELECT id FROM baseline WHERE serial = $serial AND closed_at IS NULL', {
      serial,
    });
    return row ? Number(row.id) : null;
  }
}

function opened(vault: Vault, row: Record<string, unknown>): BackupItem {
  const item = { kind: String(row.kind), name: String(row.name) };
  const sha256 = String(row.sha256);
  const owner = ownerOf(Number(row.baseline_id), item.kind, item.name, sha256);
  const content = vault.open(owner, row.sealed as Uint8Array);
  if (hashOf(content) !== sha256) throw new OtjError('SECRET_DAMAGED', `backup ${item.kind} ${item.name}`);
  return { ...item, content };
}

function ownerOf(baselineId: number, kind: string, name: string, sha256: string): string {
  return `backup:${baselineId}:${kind}:${name}:${sha256}`;
}
