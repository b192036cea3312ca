/** Rooms and their endpoints. */

import type { Identity, Told, Transport } from '../contract/device.ts';
import type { Problem } from '../contract/errors.ts';
import type { Family, RoomState } from '../contract/plan.ts';
import type { Database, Row } from './database.ts';
import { type Endpoint, type ListedRoom, type Ports, type Room, toEndpoint, toRoom } from './records.ts';

export type { Endpoint, ListedRoom, Ports, Room };

/** Whether a family is a guess after a list said $family: a firm word settles a guess, and a guess unsettles no firm word. */
const GUESSED = `CASE WHEN $family IS NULL THEN family_guessed WHEN family = $family THEN min(family_guessed, $guessed)
  ELSE $guessed END`;

type Link = { transport: Transport; weakness: string | null };

export class Rooms {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  all(): Room[] {
    return this.db.all('SELECT * FROM room ORDER BY building, floor, name').map(toRoom);
  }

  get(id: number): Room | null {
    const row = this.db.one('SELECT * FROM room WHERE id = $id', { id });
    return row ? toRoom(row) : null;
  }

  /** Those of these that there are, by their id. */
  some(ids: readonly number[]): Map<number, Room> {
    const rows = this.db.all('SELECT * FROM room WHERE id IN (SELECT value FROM json_each($ids))', {
      ids: JSON.stringify(ids),
    });
    return new Map(rows.map((row) => [Number(row.id), toRoom(row)]));
  }

  byMailbox(mailbox: string): Room | null {
    const row = this.db.one('SELECT * FROM room WHERE mailbox_key = $key', { key: mailbox.toLowerCase() });
    return row ? toRoom(row) : null;
  }

  /** Another room that already has this name in this building. */
  clashOf({ name, building, mailbox }: ListedRoom): Room | null {
    const row = this.db.one('SELECT * FROM room WHERE building = $building AND name = $name AND mailbox_key <> $key', {
      building,
      name,
      key: mailbox.toLowerCase(),
    });
    return row ? toRoom(row) : null;
  }

  endpoints(): Endpoint[] {
    return this.db.all('SELECT * FROM endpoint ORDER BY address').map(toEndpoint);
  }

  endpointOf(roomId: number): Endpoint | null {
    const row = this.db.one('SELECT * FROM endpoint WHERE room_id = $roomId ORDER BY id', { roomId });
    return row ? toEndpoint(row) : null;
  }

  /** No more of its endpoint than what people know a device by: a thousand rooms are read one by one. */
  deviceOf(roomId: number): Pick<Endpoint, 'model' | 'software' | 'serial'> | null {
    const row = this.db.one('SELECT model, software, serial FROM endpoint WHERE room_id = $roomId ORDER BY id', {
      roomId,
    });
    return row ? (row as Pick<Endpoint, 'model' | 'software' | 'serial'>) : null;
  }

  endpointAt(address: string): Endpoint | null {
    const row = this.db.one('SELECT * FROM endpoint WHERE address = $address', { address });
    return row ? toEndpoint(row) : null;
  }

  /**
   * Adds a room of a list, or brings a known one (same mailbox) up to date. Work already done on it stays.
   * Call inside one transaction for a whole list: nothing is half imported.
   */
  upsert(listed: ListedRoom, ports: Ports): 'new' | 'changed' | 'same' {
    const { name, building, floor, mailbox, address, serial, family, familyGuessed = false } = listed;
    const key = mailbox.toLowerCase();
    const known = this.db.one('SELECT * FROM room WHERE mailbox_key = $key', { key });
    let outcome: 'new' | 'changed' | 'same' = 'same';
    let roomId: number;
    if (known) {
      roomId = Number(known.id);
      const { changes } = this.db.run(
        `UPDATE room SET name = $name, building = $building, floor = $floor, mailbox = $mailbox WHERE id = $roomId
         AND (name, building, floor, mailbox) IS NOT ($name, $building, $floor, $mailbox)`,
        { name, building, floor, mailbox, roomId },
      );
      if (changes > 0) outcome = 'changed';
    } else {
      roomId = this.db.run(
        `INSERT INTO room (name, building, floor, mailbox, mailbox_key, state_at)
         VALUES ($name, $building, $floor, $mailbox, $key, $at)`,
        { name, building, floor, mailbox, key, at: new Date().toISOString() },
      ).id;
      outcome = 'new';
    }
    if (address && this.placeEndpoint(roomId, { address, serial, family, familyGuessed }, ports) && outcome === 'same')
      outcome = 'changed';
    return outcome;
  }

  /**
   * Gives the names of these rooms free, so that others can have them: two rooms may change names in one list. Call in
   * the transaction that names them anew.
   */
  freeNames(ids: readonly number[]): void {
    this.db.run('UPDATE room SET name = char(0) || id WHERE id IN (SELECT value FROM json_each($ids))', {
      ids: JSON.stringify(ids),
    });
  }

  /** @returns whether anything changed */
  private placeEndpoint(
    roomId: number,
    at: Pick<ListedRoom, 'serial' | 'family'> & { address: string; familyGuessed: boolean },
    ports: Ports,
  ): boolean {
    const current = this.endpointOf(roomId);
    const { address, serial, family } = at;
    const guessed = at.familyGuessed ? 1 : 0;
    if (current && current.address === address) {
      const { changes } = this.db.run(
        `UPDATE endpoint SET serial = coalesce($serial, serial), family = coalesce($family, family),
           family_guessed = ${GUESSED} WHERE id = $id
         AND (serial, family, family_guessed) IS NOT (coalesce($serial, serial), coalesce($family, family), ${GUESSED})`,
        { serial, family, guessed, id: current.id },
      );
      return changes > 0;
    }
    if (current && this.followsDevice(current.id, address)) return true;
    // Another row may hold the address (a sighting, or a room that has since moved): the list is the newer word.
    this.db.run('UPDATE endpoint SET room_id = NULL WHERE room_id = $roomId', { roomId });
    this.db.run(
      `INSERT INTO endpoint (room_id, family, family_guessed, address, ssh_port, https_port, serial)
       VALUES ($roomId, $family, $guessed, $address, $sshPort, $httpsPort, $serial)
       ON CONFLICT (address) DO UPDATE SET room_id = excluded.room_id, family_guessed = ${GUESSED},
         family = coalesce(excluded.family, family), serial = coalesce(excluded.serial, serial)`,
      { roomId, family, guessed, address, serial, ...ports },
    );
    return true;
  }

  /**
   * A device that was worked on keeps its backup, serial and keys when it gets an address that no room has: it moved.
   * @returns whether it did
   */
  private followsDevice(id: number, address: string): boolean {
    const open = `SELECT 1 FROM endpoint e JOIN baseline b ON b.serial = e.serial AND b.closed_at IS NULL
      WHERE e.id = $id`;
    const taken = 'SELECT 1 FROM endpoint WHERE address = $address AND room_id IS NOT NULL';
    if (!this.db.one(open, { id }) || this.db.one(taken, { address })) return false;
    this.db.run('DELETE FROM endpoint WHERE address = $address', { address });
    this.db.run('UPDATE endpoint SET address = $address WHERE id = $id', { address, id });
    return true;
  }

  endpoint(id: number): Endpoint | null {
    const row = this.db.one('SELECT * FROM endpoint WHERE id = $id', { id });
    return row ? toEndpoint(row) : null;
  }

  /**
   * Gives a room this device and no other; null = none. What a list says of a device that was never spoken to, its
   * expected serial number and its family, goes over to a device that has not told its own.
   */
  assign(roomId: number, endpointId: number | null): void {
    this.db.transaction(() => {
      const former = this.endpointOf(roomId);
      this.db.run('UPDATE endpoint SET room_id = NULL WHERE room_id = $roomId', { roomId });
      const expected = former && former.model === null ? former : null;
      this.db.run(
        `UPDATE endpoint SET room_id = $roomId, serial = coalesce(serial, $serial),
           family_guessed = CASE WHEN family IS NULL THEN $guessed ELSE family_guessed END,
           family = coalesce(family, $family) WHERE id = $endpointId`,
        {
          roomId,
          endpointId,
          serial: expected?.serial ?? null,
          family: expected?.family ?? null,
          guessed: expected?.familyGuessed ? 1 : 0,
        },
      );
    });
  }

  /** @param serial null = the next visit takes the one that the device tells */
  expectSerial(endpointId: number, serial: string | null): void {
    this.db.run('UPDATE endpoint SET serial = $serial WHERE id = $endpointId', { serial, endpointId });
  }

  /** Another room's endpoint that is known to be the device with this serial number. */
  otherWithSerial(serial: string, endpointId: number): { room: string; address: string } | null {
    const row = this.db.one(
      `SELECT r.name, e.address FROM endpoint e JOIN room r ON r.id = e.room_id
       WHERE e.serial = $serial AND e.id <> $endpointId`,
      { serial, endpointId },
    );
    return row ? { room: String(row.name), address: String(row.address) } : null;
  }

  /** How to speak to a device from now on. */
  setLink(endpointId: number, { transport, legacy }: Pick<Endpoint, 'transport' | 'legacy'>): void {
    this.db.run('UPDATE endpoint SET transport = $transport, legacy = $legacy WHERE id = $endpointId', {
      transport,
      legacy: legacy ? 1 : 0,
      endpointId,
    });
  }

  /** Records how the device was spoken to and what it told of itself at this visit. */
  noteVisit(endpointId: number, { transport, weakness }: Link, told: readonly Told[]): void {
    // A visit that reads nothing hands on what was told before; a reading always differs, at least in its time.
    this.db.run(
      `UPDATE endpoint SET last_transport = $transport, weakness = $weakness, told = $told,
         told_at = CASE WHEN told = $told THEN told_at ELSE $at END WHERE id = $endpointId`,
      { transport, weakness, told: JSON.stringify(told), at: new Date().toISOString(), endpointId },
    );
  }

  /**
   * Records what the device itself said of its identity. The serial is set once and then only compared.
   * @param family by its own word, where it was taken for another
   */
  identify(endpointId: number, identity: Identity, family: Family | null = null): void {
    const { serial, mac, model, software, systemName } = identity;
    this.db.run(
      `UPDATE endpoint SET serial = coalesce(serial, $serial), mac = coalesce($mac, mac), model = $model,
         software = $software, system_name = $systemName, seen_at = $at, family_guessed = 0,
         family = coalesce($family, family) WHERE id = $endpointId`,
      { serial, mac, model, software, systemName, family, at: new Date().toISOString(), endpointId },
    );
  }

  pinOf(endpointId: number, kind: 'ssh' | 'tls'): string | null {
    const row = this.db.one('SELECT ssh_key, tls_key FROM endpoint WHERE id = $endpointId', { endpointId });
    return (row?.[`${kind}_key`] as string | null | undefined) ?? null;
  }

  pin(endpointId: number, kind: 'ssh' | 'tls', sha256: string | null): void {
    this.db.run(`UPDATE endpoint SET ${kind}_key = $sha256 WHERE id = $endpointId`, { sha256, endpointId });
  }

  setState(roomId: number, state: RoomState, problem: Problem | null = null): void {
    this.db.run('UPDATE room SET state = $state, problem = $problem, state_at = $at WHERE id = $roomId', {
      state,
      problem: problem && JSON.stringify(problem),
      at: new Date().toISOString(),
      roomId,
    });
  }

  /** The two moments between which a room had no One-Touch Join. The first of each is kept. */
  mark(roomId: number, moment: 'cutover_at' | 'served_at', at: Date): void {
    const params: Row = { at: at.toISOString(), roomId };
    this.db.run(`UPDATE room SET ${moment} = coalesce(${moment}, $at) WHERE id = $roomId`, params);
  }

  /**
   * What a technician has judged of a room's macros, and which objections of the checks are accepted. A word on a macro
   * holds for the text that was read last before it was given.
   * @param fresh names for which the word is given anew, whatever it was given for before
   */
  decide(
    roomId: number,
    { takeMacros, leaveMacros, accepted }: Pick<Room, 'takeMacros' | 'leaveMacros' | 'accepted'>,
    fresh: readonly string[] = [],
  ): void {
    const before = this.takeTexts(roomId);
    const seen = this.seenTexts(roomId);
    const texts = takeMacros.flatMap((name): [string, string][] => {
      const text = fresh.includes(name) ? seen.get(name) : (before.get(name) ?? seen.get(name));
      return text === undefined ? [] : [[name, text]];
    });
    this.db.run(
      `UPDATE room SET take_macros = $take, take_texts = $texts, leave_macros = $leave, accepted = $accepted
       WHERE id = $roomId`,
      {
        take: JSON.stringify(takeMacros),
        texts: JSON.stringify(Object.fromEntries(texts)),
        leave: JSON.stringify(leaveMacros),
        accepted: JSON.stringify(accepted),
        roomId,
      },
    );
  }

  /**
   * The texts of a room's macros as they are now, SHA-256 by name. A word that was given before anybody had read them is
   * for these from now on; one that was given for another text is over.
   */
  noteTexts(roomId: number, texts: Readonly<Record<string, string>>): void {
    const room = this.get(roomId);
    if (!room) return;
    const now = new Map(Object.entries(texts));
    this.db.run('UPDATE room SET seen_texts = $texts WHERE id = $roomId', { texts: JSON.stringify(texts), roomId });
    const before = this.takeTexts(roomId);
    const takeMacros = room.takeMacros.filter((name) => {
      const [given, present] = [before.get(name), now.get(name)];
      return given === undefined || present === undefined || given === present;
    });
    if (room.takeMacros.length > 0) this.decide(roomId, { ...room, takeMacros });
  }

  private takeTexts(roomId: number): Map<string, string> {
    return new Map(Object.entries(this.get(roomId)?.takeTexts ?? {}));
  }

  private seenTexts(roomId: number): Map<string, string> {
    const row = this.db.one('SELECT seen_texts FROM room WHERE id = $roomId', { roomId });
    return new Map(Object.entries(row ? (JSON.parse(String(row.seen_texts)) as Record<string, string>) : {}));
  }

  beginWork(roomId: number, work: 'migrate' | 'undo'): void {
    this.db.run('UPDATE room SET work = $work WHERE id = $roomId', { work, roomId });
  }

  /** All effects so far are part of something finished: they are not told as unfinished any more. */
  settle(roomId: number): void {
    this.db.run(
      'UPDATE room SET settled = coalesce((SELECT max(id) FROM journal WHERE room_id = $roomId), 0) WHERE id = $roomId',
      { roomId },
    );
  }

  refusedLogin(endpointId: number): string | null {
    const row = this.db.one('SELECT refused_login FROM endpoint WHERE id = $endpointId', { endpointId });
    return (row?.refused_login as string | null | undefined) ?? null;
  }

  noteRefusedLogin(endpointId: number, login: string | null): void {
    this.db.run('UPDATE endpoint SET refused_login = $login WHERE id = $endpointId AND refused_login IS NOT $login', {
      login,
      endpointId,
    });
  }

  clearMoments(roomId: number): void {
    this.db.run('UPDATE room SET cutover_at = NULL, served_at = NULL WHERE id = $roomId', { roomId });
  }
}
