import { createHash } from 'node:crypto';
import type { LabMeeting } from './types.ts';

/** Room calendars of the lab's tenant. Who delivers a meeting shows in its id, so that tests can tell the pushers apart. */
export interface Calendars {
  /** Meetings of a mailbox, soonest first; none for a mailbox that does not exist. */
  meetings(mailbox: string, source: 'inf' | 'svc', now?: Date): LabMeeting[];
  has(mailbox: string): boolean;
  mailboxes(): string[];
}

const SUBJECTS = [
  'Statusmøte kredittrisiko',
  'Weekly leadership sync',
  'Kundemøte: Fjordkraft',
  'Design review – mobile bank',
  'Budsjett Q3',
  'Onboarding & introductions',
  'Security stand-up',
  'Interview <panel 2>',
];
const PEOPLE = ['Ingrid Dahl', 'Olav Strand', 'Siri Nygård', 'Henrik Bakke', 'Amira Haddad', 'Jonas Lie'];
const SLOT_MS = 2 * 3_600_000;

/**
 * 3 or 4 meetings for each room, fixed by its address: same ids and subjects at every start. Their times lie in the
 * coming two-hour slots, so that a lab that stays up for days never runs dry.
 */
export function createCalendars(mailboxes: Iterable<string>): Calendars {
  const known = new Set([...mailboxes].map((mailbox) => mailbox.toLowerCase()));
  return {
    has: (mailbox) => known.has(mailbox.toLowerCase()),
    mailboxes: () => [...known],
    meetings(mailbox, source, now = new Date()) {
      const room = mailbox.toLowerCase();
      if (!known.has(room)) return [];
      const hash = createHash('sha256').update(room).digest();
      const nextSlot = Math.floor(now.getTime() / SLOT_MS) + 1;
      const count = 3 + (byte(hash, 0) % 2);
      return Array.from({ length: count }, (_, index) => {
        const start = new Date((nextSlot + index) * SLOT_MS + (byte(hash, index + 1) % 5) * 900_000);
        const organizer = pick(PEOPLE, byte(hash, index + 8));
        return {
          id: `${source}-${hash.toString('hex', 0, 5)}-${index + 1}`,
          subject: pick(SUBJECTS, byte(hash, index + 16)),
          organizer: { name: organizer, email: `${ascii(organizer)}@${room.split('@')[1] ?? 'lab.example'}` },
          start: start.toISOString(),
          minutes: 30 + 15 * (byte(hash, index + 24) % 3),
          alias: `${100_000 + hash.readUInt16BE(index + 2)}@meet.lab.example`,
        };
      });
    },
  };
}

/** Meetings as the codec's `Bookings Put` command takes them (RoomOS xAPI, Bookings Put). */
export function bookingsOf(meetings: LabMeeting[]): Record<string, unknown>[] {
  return meetings.map((meeting) => ({
    Id: meeting.id,
    Title: meeting.subject,
    Number: meeting.alias,
    Protocol: 'SIP',
    Organizer: { Name: meeting.organizer.name },
    Time: { StartTime: meeting.start, Duration: meeting.minutes },
  }));
}

const byte = (hash: Buffer, index: number): number => hash[index] ?? 0;

function pick(list: readonly string[], number: number): string {
  return list[number % list.length] ?? '';
}

/** Letters that mail addresses and host names take: `Siri Nygård` becomes `siri.nygard`. */
export function ascii(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replaceAll(/[^a-z0-9 .-]/g, '')
    .replaceAll(' ', '.');
}
