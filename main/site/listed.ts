/** What lists have said: of rooms' devices, and of devices that another program knows. */
import type { Family } from '../contract/plan.ts';
import type { Database } from './database.ts';
import type { Ports } from './rooms.ts';

/** What the last room list said of a room's device. */
export interface ListedFacts {
  address: string | null;
  serial: string | null;
  mac: string | null;
  family: Family | null;
}

/** A device as another program's list tells of it. */
export interface ListedDevice extends ListedFacts {
  /** Which program's: a kind of list. */
  kind: string;
  name: string;
  room: string;
  building: string;
  model: string | null;
  /** No more than the likeliest family of its vendor. */
  familyGuessed: boolean;
}

export class Listed {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** By room. Rooms that came with an earlier version of this program have none. */
  rooms(): Map<number, ListedFacts> {
    return new Map(this.db.all('SELECT * FROM listed_room').map((row) => [Number(row.room_id), toFacts(row)]));
  }

  room(roomId: number): ListedFacts | null {
    const row = this.db.one('SELECT * FROM listed_room WHERE room_id = $roomId', { roomId });
    return row ? toFacts(row) : null;
  }

  /** What a list leaves empty stays as an earlier list had it. */
  saveRoom(roomId: number, { address, serial, mac, family }: ListedFacts): void {
    this.db.run(
      `INSERT INTO listed_room (room_id, address, serial, mac, family) VALUES ($roomId, $address, $serial, $mac, $family)
       ON CONFLICT (room_id) DO UPDATE SET address = coalesce(excluded.address, address),
         serial = coalesce(excluded.serial, serial), mac = coalesce(excluded.mac, mac),
         family = coalesce(excluded.family, family)`,
      { roomId, address, serial, mac, family },
    );
  }

  devices(): ListedDevice[] {
    return this.db.all('SELECT * FROM listed_device ORDER BY id').map(toDevice);
  }

  /**
   * Adds a device or brings a known one up to date. One with an address can then be matched without having been seen;
   * what a list or the device itself has said of its family stays, and a guess gives way to any word.
   * Call inside a transaction.
   */
  saveDevice(device: ListedDevice, ports: Ports): void {
    const { kind, name, room, building, address, serial, mac, model, family } = device;
    const guessed = device.familyGuessed ? 1 : 0;
    const key = deviceKey(device);
    const former = this.db.one('SELECT address FROM listed_device WHERE key = $key', { key });
    this.db.run(
      `INSERT INTO listed_device
         (key, kind, name, room, building, address, serial, mac, model, family, family_guessed, listed_at)
       VALUES ($key, $kind, $name, $room, $building, $address, $serial, $mac, $model, $family, $guessed, $at)
       ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, name = excluded.name, room = excluded.room,
         building = excluded.building, address = excluded.address, serial = excluded.serial, mac = excluded.mac,
         model = excluded.model, family = excluded.family, family_guessed = excluded.family_guessed,
         listed_at = excluded.listed_at`,
      { key, kind, name, room, building, address, serial, mac, model, family, guessed, at: new Date().toISOString() },
    );
    if (former?.address && former.address !== address)
      this.db.run(
        `DELETE FROM endpoint WHERE address = $address AND room_id IS NULL AND seen_at IS NULL AND serial IS NULL`,
        { address: String(former.address) },
      );
    if (address)
      this.db.run(
        `INSERT INTO endpoint (family, family_guessed, address, ssh_port, https_port)
         VALUES ($family, $guessed, $address, $sshPort, $httpsPort)
         ON CONFLICT (address) DO UPDATE SET
           family_guessed = CASE WHEN $family IS NULL OR NOT (family IS NULL OR family_guessed) THEN family_guessed
             ELSE $guessed END,
           family = CASE WHEN family IS NULL OR (family_guessed AND NOT $guessed) THEN coalesce($family, family)
             ELSE family END`,
        { family, guessed, address, ...ports },
      );
  }
}

/** What a listed device is known by from one list to the next. */
export function deviceKey({ serial, mac, address }: Pick<ListedFacts, 'serial' | 'mac' | 'address'>): string {
  return serial ? `serial ${serial.toUpperCase()}` : mac ? `mac ${mac}` : `address ${address}`;
}

function toFacts(row: Record<string, unknown>): ListedFacts {
  return {
    address: row.address as string | null,
    serial: row.serial as string | null,
    mac: row.mac as string | null,
    family: row.family as Family | null,
  };
}

function toDevice(row: Record<string, unknown>): ListedDevice {
  return {
    ...toFacts(row),
    kind: String(row.kind),
    name: String(row.name),
    room: String(row.room),
    building: String(row.building),
    model: row.model as string | null,
    familyGuessed: row.family_guessed === 1,
  };
}
