/** Signed-off access scripts, and what they have told of the rooms' mailboxes. */
import type { ScriptKind, SignedScript } from '../contract/microsoft/access.ts';
import type { Database } from './database.ts';

export interface MailboxSeen {
  roomId: number;
  /** As it was in the script: a room with another mailbox since is not known. */
  mailbox: string;
  seen: unknown;
  at: string;
}

export class Access {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** @param meant whom the script is about; a result counts only while that is still so */
  sign({ id, kind, sha256, by, at }: SignedScript, meant: string): void {
    this.db.run(
      `INSERT INTO access_script (id, kind, sha256, meant, signed_by, signed_at)
       VALUES ($id, $kind, $sha256, $meant, $by, $at)
       ON CONFLICT (id) DO UPDATE SET signed_by = excluded.signed_by, signed_at = excluded.signed_at`,
      { id, kind, sha256, meant, by, at },
    );
  }

  /** Whom a script that was signed off is about; null when none of that id and kind was. */
  meant(id: string, kind: ScriptKind): string | null {
    const row = this.db.one('SELECT meant FROM access_script WHERE id = $id AND kind = $kind', { id, kind });
    return row ? String(row.meant) : null;
  }

  /** The last signed one first. */
  signed(): SignedScript[] {
    return this.db.all('SELECT * FROM access_script ORDER BY signed_at DESC, rowid DESC').map((row) => ({
      id: String(row.id),
      kind: row.kind as ScriptKind,
      sha256: String(row.sha256),
      by: String(row.signed_by),
      at: String(row.signed_at),
    }));
  }

  /** What was seen later than this stays. @returns whether this counts */
  saveSeen({ roomId, mailbox, seen, at }: MailboxSeen, scriptId: string): boolean {
    const { changes } = this.db.run(
      `INSERT INTO mailbox_access (room_id, mailbox, script_id, seen, at) VALUES ($roomId, $mailbox, $scriptId, $seen, $at)
       ON CONFLICT (room_id) DO UPDATE SET mailbox = excluded.mailbox, script_id = excluded.script_id,
         seen = excluded.seen, at = excluded.at
       WHERE excluded.at >= at OR excluded.mailbox <> mailbox`,
      { roomId, mailbox, scriptId, seen: JSON.stringify(seen), at },
    );
    return changes > 0;
  }

  /** What was told of an app or group says nothing of another. */
  forgetSeen(): void {
    this.db.run('DELETE FROM mailbox_access', {});
  }

  seen(): MailboxSeen[] {
    return this.db.all('SELECT * FROM mailbox_access').map((row) => ({
      roomId: Number(row.room_id),
      mailbox: String(row.mailbox),
      seen: JSON.parse(String(row.seen)) as unknown,
      at: String(row.at),
    }));
  }
}
