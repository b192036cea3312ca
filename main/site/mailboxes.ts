/** What the last check told of the rooms' mailboxes, and the rooms that the tenant has. */
import type { TenantRoom } from '../contract/microsoft/mailboxes.ts';
import type { Database } from './database.ts';

export interface MailboxRecord {
  roomId: number;
  /** As it was asked for: a room with another mailbox since is not known. */
  mailbox: string;
  findings: unknown;
  at: string;
}

/** A room of the tenant; `knownAs`: the site has it, under this mailbox. */
export interface TenantRoomRecord extends TenantRoom {
  knownAs: string | null;
}

export class Mailboxes {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** What was told before of these rooms is replaced; that of others stays. Call inside one transaction. */
  save(records: readonly MailboxRecord[]): void {
    for (const { roomId, mailbox, findings, at } of records)
      this.db.run(
        `INSERT INTO mailbox_check (room_id, mailbox, findings, at) VALUES ($roomId, $mailbox, $findings, $at)
         ON CONFLICT (room_id) DO UPDATE SET mailbox = excluded.mailbox, findings = excluded.findings, at = excluded.at`,
        { roomId, mailbox, findings: JSON.stringify(findings), at },
      );
  }

  records(): MailboxRecord[] {
    return this.db.all('SELECT * FROM mailbox_check').map(toRecord);
  }

  of(roomId: number): MailboxRecord | null {
    const row = this.db.one('SELECT * FROM mailbox_check WHERE room_id = $roomId', { roomId });
    return row ? toRecord(row) : null;
  }

  /** The whole list anew. Call inside one transaction. */
  saveTenant(rooms: readonly TenantRoomRecord[]): void {
    this.db.run('DELETE FROM tenant_room', {});
    for (const { mailbox, name, building, floor, capacity, knownAs } of rooms)
      this.db.run(
        `INSERT INTO tenant_room (mailbox_key, mailbox, name, building, floor, capacity, known_as)
         VALUES ($key, $mailbox, $name, $building, $floor, $capacity, $knownAs) ON CONFLICT (mailbox_key) DO NOTHING`,
        { key: mailbox.toLowerCase(), mailbox, name, building, floor, capacity, knownAs },
      );
  }

  /** Addresses of the tenant, in lower case, whose room the site has under another one. */
  knownOtherwise(): Set<string> {
    const rows = this.db.all('SELECT mailbox_key FROM tenant_room WHERE known_as IN (SELECT mailbox_key FROM room)');
    return new Set(rows.map((row) => String(row.mailbox_key)));
  }

  /** The tenant's own address, in lower case, of a room that the site has under this one; null = it is not known otherwise. */
  primaryOf(key: string): string | null {
    const row = this.db.one('SELECT mailbox_key FROM tenant_room WHERE known_as = $key', { key });
    return row ? String(row.mailbox_key) : null;
  }

  /** Rooms of the tenant that no room of the site has. */
  strangers(): TenantRoom[] {
    return this.db
      .all(
        `SELECT * FROM tenant_room WHERE mailbox_key NOT IN (SELECT mailbox_key FROM room)
         AND (known_as IS NULL OR known_as NOT IN (SELECT mailbox_key FROM room)) ORDER BY building, floor, name`,
      )
      .map((row) => ({
        mailbox: String(row.mailbox),
        name: String(row.name),
        building: String(row.building),
        floor: String(row.floor),
        capacity: row.capacity === null ? null : Number(row.capacity),
      }));
  }
}

function toRecord(row: Record<string, unknown>): MailboxRecord {
  return {
    roomId: Number(row.room_id),
    mailbox: String(row.mailbox),
    findings: JSON.parse(String(row.findings)) as unknown,
    at: String(row.at),
  };
}
