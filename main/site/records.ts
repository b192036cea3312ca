/** What is on record of a room and of a device, and how a row of the site file becomes it. */
import type { Accepted, Told, Transport, TransportChoice } from '../contract/device.ts';
import type { Problem } from '../contract/errors.ts';
import { type Conflict, NOTHING_SEEN, type Seen } from '../contract/evidence.ts';
import type { Family, RoomState } from '../contract/plan.ts';

export interface Room {
  id: number;
  name: string;
  building: string;
  floor: string;
  mailbox: string;
  state: RoomState;
  problem: Problem | null;
  stateAt: string;
  /** When the old service was cut off on the device. */
  cutoverAt: string | null;
  /** When the first meeting from Infinity was seen. */
  servedAt: string | null;
  /** What was begun on the room last; with `needs attention` or `in progress` it is unfinished. */
  work: 'migrate' | 'undo' | null;
  /** Macros that a technician has judged to be OTJ's. */
  takeMacros: string[];
  /** SHA-256 of the text for which that was said, by macro; absent = nobody had read it yet. */
  takeTexts: Record<string, string>;
  /** Macros that a technician has judged not to be OTJ's. */
  leaveMacros: string[];
  /** Objections of the checks that a technician has accepted for this room. */
  accepted: Accepted[];
}

export interface Endpoint {
  id: number;
  roomId: number | null;
  family: Family | null;
  /** The list named the vendor alone, and nothing of the device has said yet which family it is of. */
  familyGuessed: boolean;
  address: string;
  sshPort: number;
  httpsPort: number;
  serial: string | null;
  mac: string | null;
  model: string | null;
  software: string | null;
  systemName: string | null;
  /** What discovery saw there, in a few words. */
  sighting: string | null;
  seenAt: string | null;
  /** How to speak to it: the technician's choice, and how it went the last time. */
  transport: TransportChoice;
  lastTransport: Transport | null;
  /** What was not safe about the last link, in words. */
  weakness: string | null;
  /** Whether algorithms that are no longer safe may be agreed. */
  legacy: boolean;
  /** What it told of itself at the last visit. */
  told: Told[];
  /** When it told that; null = never, or before this was kept. */
  toldAt: string | null;
  /** What discovery takes it for, and whether that is a video system of a meeting room; null = not recognised. */
  kind: string | null;
  ours: boolean | null;
  /** What it shows of itself to everybody. */
  seen: Seen;
  /** Where sources disagree about it. */
  conflicts: Conflict[];
}

export interface ListedRoom {
  name: string;
  building: string;
  floor: string;
  mailbox: string;
  address: string | null;
  serial: string | null;
  family: Family | null;
  /** No more than the likeliest family of its vendor. */
  familyGuessed?: boolean;
}

export type Ports = { sshPort: number; httpsPort: number };

export function toRoom(row: Record<string, unknown>): Room {
  return {
    id: Number(row.id),
    name: String(row.name),
    building: String(row.building),
    floor: String(row.floor),
    mailbox: String(row.mailbox),
    state: row.state as RoomState,
    problem: row.problem ? (JSON.parse(String(row.problem)) as Problem) : null,
    stateAt: String(row.state_at),
    cutoverAt: row.cutover_at as string | null,
    servedAt: row.served_at as string | null,
    work: row.work as Room['work'],
    takeMacros: JSON.parse(String(row.take_macros)) as string[],
    takeTexts: JSON.parse(String(row.take_texts)) as Record<string, string>,
    leaveMacros: JSON.parse(String(row.leave_macros)) as string[],
    accepted: JSON.parse(String(row.accepted)) as Accepted[],
  };
}

export function toEndpoint(row: Record<string, unknown>): Endpoint {
  return {
    id: Number(row.id),
    roomId: row.room_id as number | null,
    family: row.family as Family | null,
    familyGuessed: row.family_guessed === 1,
    address: String(row.address),
    sshPort: Number(row.ssh_port),
    httpsPort: Number(row.https_port),
    serial: row.serial as string | null,
    mac: row.mac as string | null,
    model: row.model as string | null,
    software: row.software as string | null,
    systemName: row.system_name as string | null,
    sighting: row.sighting as string | null,
    toldAt: row.told_at as string | null,
    seenAt: row.seen_at as string | null,
    transport: row.transport as TransportChoice,
    lastTransport: row.last_transport as Transport | null,
    weakness: row.weakness as string | null,
    legacy: row.legacy === 1,
    told: JSON.parse(String(row.told)) as Told[],
    kind: row.kind as string | null,
    ours: row.ours === null ? null : row.ours === 1,
    seen: { ...NOTHING_SEEN, ...(JSON.parse(String(row.seen)) as Partial<Seen>) },
    conflicts: JSON.parse(String(row.conflicts)) as Conflict[],
  };
}
