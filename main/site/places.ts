/** What we have written to the tenant's places, what stood there before, and what is on its way. */
import { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import {
  type PlaceTheirs,
  placeChangeSchema,
  placeDeviceSchema,
  placeTheirsSchema,
} from '../contract/microsoft/places.ts';
import { problemSchema } from '../contract/rooms.ts';
import type { Database } from './database.ts';

const valuesSchema = z.partialRecord(placeDeviceSchema, z.string().nullable());
const oursSchema = z.object({ before: valuesSchema, written: valuesSchema, tags: z.array(z.string()) });
const sendingSchema = z.object({ changes: z.array(placeChangeSchema), undo: z.boolean() });

export interface PlaceRecord {
  roomId: number;
  /** As it was then: of a room with another mailbox since, the place of the old one is still the one that was written to. */
  mailbox: string;
  ours: z.infer<typeof oursSchema>;
  sending: z.infer<typeof sendingSchema> | null;
  /** What was wished for when it came to its end last; null = it has not. */
  wish: string | null;
  theirs: PlaceTheirs[];
  problem: Problem | null;
  at: string | null;
}

export interface MigratedPlace {
  roomId: number;
  mailbox: string;
  model: string | null;
  /** See `PlaceRecord`. */
  wish: string | null;
  /** It failed, or its answer is not known. */
  isOpen: boolean;
}

export class Places {
  private readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  all(): PlaceRecord[] {
    return this.db.all('SELECT * FROM place_update').map(toRecord);
  }

  of(roomId: number): PlaceRecord | null {
    const row = this.db.one('SELECT * FROM place_update WHERE room_id = $roomId', { roomId });
    return row ? toRecord(row) : null;
  }

  /** Rooms that are migrated, in the order of the list, with what tells whether their place has to be looked at. One question for all. */
  migrated(): MigratedPlace[] {
    return this.db
      .all(
        `SELECT r.id, r.mailbox, p.wish, p.problem IS NOT NULL OR p.sending IS NOT NULL AS open,
           (SELECT e.model FROM endpoint e WHERE e.room_id = r.id ORDER BY e.id LIMIT 1) AS model
         FROM room r LEFT JOIN place_update p ON p.room_id = r.id WHERE r.state = 'migrated'
         ORDER BY r.building, r.floor, r.name`,
      )
      .map((row) => ({
        roomId: Number(row.id),
        mailbox: String(row.mailbox),
        model: row.model as string | null,
        wish: row.wish as string | null,
        isOpen: row.open === 1,
      }));
  }

  save({ roomId, mailbox, ours, sending, wish, theirs, problem, at }: PlaceRecord): void {
    this.db.run(
      `INSERT INTO place_update (room_id, mailbox, ours, sending, wish, theirs, problem, at)
       VALUES ($roomId, $mailbox, $ours, $sending, $wish, $theirs, $problem, $at)
       ON CONFLICT (room_id) DO UPDATE SET mailbox = excluded.mailbox, ours = excluded.ours, sending = excluded.sending,
         wish = excluded.wish, theirs = excluded.theirs, problem = excluded.problem, at = excluded.at`,
      {
        ...{ roomId, mailbox, ours: JSON.stringify(ours), theirs: JSON.stringify(theirs), wish, at },
        sending: sending && JSON.stringify(sending),
        problem: problem && JSON.stringify(problem),
      },
    );
  }
}

function toRecord(row: Record<string, unknown>): PlaceRecord {
  return {
    roomId: Number(row.room_id),
    mailbox: String(row.mailbox),
    ours: oursSchema.parse(JSON.parse(String(row.ours))),
    sending: row.sending ? sendingSchema.parse(JSON.parse(String(row.sending))) : null,
    wish: row.wish as string | null,
    theirs: z.array(placeTheirsSchema).parse(JSON.parse(String(row.theirs))),
    problem: row.problem ? (problemSchema.safeParse(JSON.parse(String(row.problem))).data ?? null) : null,
    at: row.at as string | null,
  };
}
