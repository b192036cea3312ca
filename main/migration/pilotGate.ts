/**
 * Keeps what is not confirmed for a kind of device from reaching more than one of them. A plan may carry a gate: the
 * first device behind it is the pilot, which a person has to want and watch; others wait until it has come to its end.
 * Who the pilot is stands in the site file before anything is changed on it, so that a kill changes nothing of this.
 * Knows no vendor: what a gate is about is the driver's word.
 */
import { OtjError } from '../contract/errors.ts';
import type { Gate, Seen } from '../endpoints/driver.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

/** Which rooms a person wants as pilots and watches: these, or of each kind the first that comes. */
export type PilotConsent = 'first' | ReadonlySet<number>;

export interface PilotGateOptions {
  site: Site;
  consent: PilotConsent;
  technician: string;
}

/** What a room is told that passes the gate. */
export interface Pass {
  gate: Gate;
  /** Whether this room is the pilot and still has to show that it works. */
  isPilot: boolean;
  words: string;
}

/** How a visit of a pilot ended. */
export interface PilotEnd {
  error: OtjError | null;
  /** Whether anything on the device was changed, or may have been, now or in an earlier visit. */
  touched: boolean;
  /** What its proofs saw last; empty when the visit ended before them. */
  proofs: readonly Seen[];
  /** Whether a proof was left to a later sync. */
  owes: boolean;
}

export class PilotGate {
  private readonly options: PilotGateOptions;
  /** Pilots that were chosen in this run; the site file learns of them a moment later. */
  private readonly chosen = new Map<string, { roomId: number; serial: string; room: string }>();

  constructor(options: PilotGateOptions) {
    this.options = options;
  }

  /**
   * Resolves when the room may be changed, and then it is on disk that it is the pilot, if it is.
   * Throws PILOT_NEEDED or PILOT_WAITS; nothing was changed then.
   */
  async enter(gate: Gate, room: Room, serial: string): Promise<Pass> {
    const { site, technician } = this.options;
    const known = site.pilots.get(gate.key);
    if (known?.confirmedAt)
      return {
        gate,
        isPilot: false,
        words: `${gate.title}: confirmed ${known.confirmedAt} by ${roomName(site, known.roomId)}`,
      };
    const pilot = this.chosen.get(gate.key) ?? (known && { ...known, room: roomName(site, known.roomId) });
    if (pilot) {
      if (pilot.roomId !== room.id) throw new OtjError('PILOT_WAITS', `${pilot.room}: ${gate.title}`);
      // The room has another device now: what was begun on the old one has not come to its end.
      if (pilot.serial !== serial)
        throw new OtjError('PILOT_WAITS', `${pilot.room}, device ${pilot.serial}: ${gate.title}`);
      return { gate, isPilot: true, words: `${gate.title}: pilot, watched by ${known?.technician ?? technician}` };
    }
    if (!this.wants(room)) throw new OtjError('PILOT_NEEDED', gate.title);
    // Said at once: others come while the file is written.
    this.chosen.set(gate.key, { roomId: room.id, serial, room: room.name });
    try {
      const { title, about } = gate;
      await site.db.durably(() =>
        site.pilots.begin({ gate: gate.key, title, about, roomId: room.id, serial, technician }),
      );
    } catch (thrown) {
      this.chosen.delete(gate.key);
      throw thrown;
    }
    return { gate, isPilot: true, words: `${gate.title}: pilot, watched by ${technician}` };
  }

  /** Whether a room that waits behind this gate could go on now. */
  isOpen(gate: Gate, room: Room): boolean {
    const pilot = this.options.site.pilots.get(gate.key);
    return pilot ? pilot.confirmedAt !== null : this.wants(room);
  }

  /** To be called within the transaction that records the end of the pilot's room. */
  ended({ gate, isPilot }: Pass, { error, touched, proofs, owes }: PilotEnd): void {
    if (!isPilot) return;
    const { pilots } = this.options.site;
    if (!error && !owes && proofs.length > 0 && proofs.every(({ holds, weak }) => holds && !weak)) {
      pilots.confirm(gate.key, proofs.map(({ words }) => words).join('\n'));
    } else if (!error) {
      pilots.mend(gate.key);
    } else if (!touched) {
      this.chosen.delete(gate.key);
      pilots.release(gate.key);
    } else {
      pilots.fail(gate.key, error.toProblem());
    }
  }

  private wants(room: Room): boolean {
    const { consent } = this.options;
    return consent === 'first' || consent.has(room.id);
  }
}

/** What stands between a room and its move, where its plan has a gate; null when nothing does, or it is the pilot itself. */
export function pilotWait(site: Site, { key, title }: Gate, room: Room): OtjError | null {
  const pilot = site.pilots.get(key);
  if (!pilot) return new OtjError('PILOT_NEEDED', title);
  if (pilot.confirmedAt || pilot.roomId === room.id) return null;
  return new OtjError('PILOT_WAITS', `${roomName(site, pilot.roomId)}: ${title}`);
}

/** Whether an earlier visit has changed the room's device, and no undo has come to its end since. */
export function isMoved({ cutoverAt, state }: Room): boolean {
  return cutoverAt !== null || state === 'migrated' || state === 'awaiting sync';
}

/** Rooms of the pilots that have not shown that they work. */
export function openPilots({ pilots }: Site): Set<number> {
  return new Set(pilots.all().flatMap(({ confirmedAt, roomId }) => (confirmedAt ? [] : roomId)));
}

/** Whether a visit only asks once more for the proof of a pilot that is moved and works as far as is known. */
export function isSecondLook(site: Site, { id, state }: Room): boolean {
  return (
    (state === 'migrated' || state === 'awaiting sync') &&
    openPilots(site).has(id) &&
    site.journal.effects(id).length === 0
  );
}

/** Whether an error means that a room waits for a pilot, which is no failure of the room. */
export function isPilotWait(code: string): boolean {
  return code === 'PILOT_NEEDED' || code === 'PILOT_WAITS';
}

function roomName({ rooms }: Site, id: number): string {
  return rooms.get(id)?.name ?? `room ${id}`;
}
