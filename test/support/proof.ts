/** Compares what the product says of a run with what the simulated devices themselves say, before and after. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { LabDocument, LabState } from './labProcess.ts';

export interface Proof {
  holds: boolean;
  words: string;
}

const macroSchema = z.object({ name: z.string(), content: z.string(), active: z.boolean() });
const codecSchema = z.looseObject({
  serial: z.string(),
  settings: z.record(z.string(), z.string()),
  users: z.array(z.looseObject({ username: z.string(), roles: z.array(z.string()) })),
  macros: z.array(macroSchema),
  panels: z.array(z.unknown()),
  bookings: z.array(z.looseObject({ id: z.string() })),
  runtime: z.looseObject({ active: z.array(z.string()) }),
});
const polySchema = z.looseObject({
  settings: z.record(z.string(), z.string()),
  calendar: z.looseObject({ status: z.string(), meetings: z.array(z.string()) }),
});
const stateSchema = z.object({
  devices: z.record(z.string(), z.unknown()),
  infinity: z.looseObject({ endpoints: z.array(z.looseObject({ room_resource_email: z.string() })) }),
});
const statusSchema = z.looseObject({
  rooms: z.array(
    z.looseObject({
      name: z.string(),
      state: z.string(),
      problem: z.looseObject({ code: z.string() }).nullable(),
      address: z.string().nullable(),
    }),
  ),
});

/** The names under which the lab's codecs carry the Service's macros. */
const OTJ_MACROS = new Set(['otj-macro', 'otj-macro-settings', 'calendar-sync', 'calendar-settings']);

/** Which of the lab's troubles a technician must deal with, and under which code the product must tell it. */
const EXPECTED: Record<string, string> = {
  'another-device': 'IDENTITY_MISMATCH',
  'another-passphrase': 'LOGIN_REFUSED',
  'drops-connection': 'CONNECTION_LOST',
  'in-call': 'IN_CALL',
};

interface Material {
  before: LabState;
  after: LabState;
  lab: LabDocument;
  /** The JSON result of `otj status`. */
  status: Record<string, unknown>;
}

export function compareWithLab({ before, after, lab, status }: Material): Proof[] {
  const was = stateSchema.parse(before);
  const is = stateSchema.parse(after);
  const { rooms } = statusSchema.parse(status);
  const family = new Map(lab.rooms.map((room) => [room.address, room.family]));
  const migrated = rooms.filter(({ state }) => state === 'migrated');
  const addresses = (kind: 'cisco' | 'poly', of = rooms) =>
    of.flatMap(({ address }) => (address && family.get(address) === kind ? [address] : []));
  const codec = (state: typeof was, address: string) => codecSchema.parse(state.devices[address]);
  const poly = (state: typeof was, address: string) => polySchema.parse(state.devices[address]);

  const codecs = addresses('cisco');
  const moved = codecs.filter((address) => !isDeepStrictEqual(others(codec(was, address)), others(codec(is, address))));
  const doneCodecs = addresses('cisco', migrated);
  const served = doneCodecs.filter((address) => {
    const { bookings, macros, runtime } = codec(is, address);
    const gone =
      !macros.some(({ name }) => OTJ_MACROS.has(name)) && !runtime.active.some((name) => OTJ_MACROS.has(name));
    return gone && bookings.length > 0 && bookings.every(({ id }) => id.startsWith('inf-'));
  });
  const donePolys = addresses('poly', migrated);
  const registered = donePolys.filter((address) => {
    const { calendar } = poly(is, address);
    return (
      calendar.status === 'registered' &&
      calendar.meetings.length > 0 &&
      calendar.meetings.every((id) => id.startsWith('inf-'))
    );
  });
  const trouble = new Map(
    lab.trouble.flatMap(({ room, kind }) =>
      EXPECTED[String(kind)] ? [[String(room), EXPECTED[String(kind)]] as const] : [],
    ),
  );
  const attention = new Map(
    rooms.flatMap(({ name, state, problem }) => (state === 'needs attention' ? [[name, problem?.code] as const] : [])),
  );
  const untouchedRooms = rooms.filter(({ problem }) => problem && problem.code !== 'CONNECTION_LOST');
  const touched = untouchedRooms.filter(
    ({ address }) => address && !isDeepStrictEqual(quiet(was.devices[address]), quiet(is.devices[address])),
  );
  const entries = rooms.map((room) => {
    const mailbox = lab.rooms.find(({ address }) => address === room.address)?.mailbox;
    return is.infinity.endpoints.filter((entry) => entry.room_resource_email === mailbox).length;
  });

  return [
    proof(
      moved.length === 0,
      `All other macros, panels, settings and users are byte for byte what they were, on ${codecs.length} codecs`,
      moved,
    ),
    proof(
      served.length === doneCodecs.length && doneCodecs.length > 0,
      `${served.length} of ${doneCodecs.length} migrated codecs show meetings pushed by Infinity; no OTJ macro is stored or running`,
    ),
    proof(
      registered.length === donePolys.length && donePolys.length > 0,
      `${registered.length} of ${donePolys.length} migrated Poly devices are registered and show meetings from Infinity`,
    ),
    proof(
      isDeepStrictEqual([...trouble].sort(), [...attention].sort()),
      `${attention.size} rooms need attention, each for the true reason`,
      [...attention].map(([room, code]) => `${room} ${code}`),
    ),
    proof(
      touched.length === 0,
      `${untouchedRooms.length} rooms refused before any change are exactly as they were`,
      touched.map(({ name }) => name),
    ),
    proof(
      entries.every((count) => count === 1),
      `Infinity has exactly one entry for each of ${entries.length} rooms`,
    ),
  ];
}

function proof(holds: boolean, words: string, names: readonly string[] = []): Proof {
  return { holds, words: names.length > 0 ? `${words} (${names.join(', ')})` : words };
}

/** Everything of a codec that a migration must not move. */
function others({ macros, panels, settings, users }: z.infer<typeof codecSchema>) {
  return {
    macros: macros.filter(({ name }) => !OTJ_MACROS.has(name)).sort((a, b) => a.name.localeCompare(b.name)),
    panels,
    settings,
    users: users.filter(({ username }) => username !== 'otj-push').map(({ username, roles }) => ({ username, roles })),
  };
}

/** A device without what moves by itself: meetings that the old service goes on bringing, failed logins. */
function quiet(device: unknown): unknown {
  const { bookings: _bookings, users, ...rest } = device as Record<string, unknown>;
  const people = Array.isArray(users)
    ? users.map((user: Record<string, unknown>) => ({ ...user, failedLogins: 0 }))
    : users;
  return { ...rest, users: people };
}
