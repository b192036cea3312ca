/** Facts about devices as they were seen on the network, and the search that is not finished. */

import type { Conflict, Fact, FactSource, KeptFact, Seen, Unfinished } from '../contract/evidence.ts';
import type { Family } from '../contract/plan.ts';
import type { Database } from './database.ts';
import { type Endpoint, type Ports, toEndpoint } from './records.ts';

/** Of one device. A stranger who makes up new words all the time pushes out only its own older ones. */
const MOST_FACTS = 200;

/** What the facts about a device come to. */
export interface Summary {
  kind: string | null;
  ours: boolean | null;
  family: Family | null;
  /** One line for a person. */
  sighting: string;
  seen: Seen;
  conflicts: readonly Conflict[];
}

/** What a search was asked for, as it is needed to carry it on. */
export interface SearchWish {
  ranges: readonly string[];
  sshPort: number;
  httpsPort: number;
  allowPublic: boolean;
}

export class Evidence {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Endpoints that are known, or were seen, to be the one with this serial number or MAC address. */
  known(by: 'serial' | 'mac', value: string): Endpoint[] {
    return this.db
      .all(
        `SELECT * FROM endpoint WHERE ${by} = $value
         UNION SELECT e.* FROM fact f JOIN endpoint e ON e.id = f.endpoint_id
           WHERE f.name IN ('serial', 'mac') AND f.name = '${by}' AND f.value = $value AND e.${by} IS NULL
         ORDER BY id`,
        { value },
      )
      .map(toEndpoint);
  }

  /** A place for what was seen at an address that nobody is known at. @returns its id */
  add(address: string, { sshPort, httpsPort }: Ports): number {
    return this.db.run('INSERT INTO endpoint (address, ssh_port, https_port) VALUES ($address, $sshPort, $httpsPort)', {
      address,
      sshPort,
      httpsPort,
    }).id;
  }

  /**
   * The ports are those at which it was found last. A room's device that somebody has signed in to keeps the ports at
   * which that went well; before that they are only what the settings said when the list was imported.
   */
  setPorts(endpointId: number, { sshPort, httpsPort }: Ports): void {
    this.db.run(
      `UPDATE endpoint SET ssh_port = $sshPort, https_port = $httpsPort
       WHERE id = $endpointId AND (room_id IS NULL OR coalesce(ssh_key, tls_key) IS NULL)`,
      { sshPort, httpsPort, endpointId },
    );
  }

  /** The device has another address now. Nobody may be known there. */
  move(endpointId: number, address: string): void {
    this.db.run('UPDATE endpoint SET address = $address WHERE id = $endpointId', { address, endpointId });
  }

  /** Two were one all the time: the facts go over, and the first is no more. */
  absorb(endpointId: number, into: number): void {
    this.db.run('UPDATE OR REPLACE fact SET endpoint_id = $into WHERE endpoint_id = $endpointId', { into, endpointId });
    this.db.run('DELETE FROM endpoint WHERE id = $endpointId', { endpointId });
  }

  note(endpointId: number, address: string, facts: readonly Fact[], at: string): void {
    for (const { source, name, value } of facts)
      this.db.run(
        `INSERT INTO fact (endpoint_id, address, source, name, value, first_at, last_at)
         VALUES ($endpointId, $address, $source, $name, $value, $at, $at)
         ON CONFLICT (endpoint_id, address, source, name, value) DO UPDATE SET last_at = excluded.last_at`,
        { endpointId, address, source, name, value, at },
      );
    this.db.run(
      `DELETE FROM fact WHERE endpoint_id = $endpointId AND id NOT IN
         (SELECT id FROM fact WHERE endpoint_id = $endpointId ORDER BY last_at DESC, id DESC LIMIT ${MOST_FACTS})`,
      { endpointId },
    );
  }

  /** The newest first. */
  factsOf(endpointId: number): KeptFact[] {
    return this.db
      .all('SELECT * FROM fact WHERE endpoint_id = $endpointId ORDER BY last_at DESC, id', { endpointId })
      .map((row) => ({
        address: String(row.address),
        source: row.source as FactSource,
        name: String(row.name),
        value: String(row.value),
        firstAt: String(row.first_at),
        lastAt: String(row.last_at),
      }));
  }

  /** What a list or a login said of the family stays, unless the list named no more than the vendor. */
  summarise(endpointId: number, { kind, ours, family, sighting, seen, conflicts }: Summary, at: string): void {
    this.db.run(
      `UPDATE endpoint SET kind = $kind, ours = $ours, sighting = $sighting,
         family = CASE WHEN family_guessed THEN coalesce($family, family) ELSE coalesce(family, $family) END,
         family_guessed = CASE WHEN $family IS NULL THEN family_guessed ELSE 0 END, seen = $seen, conflicts = $conflicts, seen_at = $at WHERE id = $endpointId`,
      {
        kind,
        ours: ours === null ? null : Number(ours),
        family,
        sighting,
        seen: JSON.stringify(seen),
        conflicts: JSON.stringify(conflicts),
        at,
        endpointId,
      },
    );
  }

  search(): { wish: SearchWish; unfinished: Unfinished } | null {
    const row = this.db.one('SELECT * FROM search');
    if (!row) return null;
    const wish = JSON.parse(String(row.wish)) as SearchWish;
    const [looked, total] = [Number(row.looked), Number(row.total)];
    return { wish, unfinished: { ranges: [...wish.ranges], looked, total, at: String(row.at) } };
  }

  /** @param looked how many addresses were looked at, in the order of the ranges; all = it is finished */
  keepSearch(wish: SearchWish, looked: number, total: number): void {
    if (looked >= total) {
      this.db.run('DELETE FROM search');
      return;
    }
    this.db.run(
      `INSERT INTO search (id, wish, looked, total, at) VALUES (1, $wish, $looked, $total, $at)
       ON CONFLICT (id) DO UPDATE SET wish = excluded.wish, looked = excluded.looked, total = excluded.total, at = excluded.at`,
      { wish: JSON.stringify(wish), looked, total, at: new Date().toISOString() },
    );
  }
}
