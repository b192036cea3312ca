/** The REST API of a Trio as a way to speak to a Poly device. */
import { OtjError } from '../../../contract/errors.ts';
import { readInParts } from '../inParts.ts';
import { type ConfigVar, type ConfigVars, GOOD_RESULT, type Parsed, type SystemInfo } from '../videoos/replies.ts';
import type { PolyWay } from '../way.ts';
import { readCalls, readInfo, readValues, type TrioInfo } from './replies.ts';
import type { TrioSession } from './session.ts';

/** By software a Trio has one of these or both; a newer one tells more. */
const INFO = ['/api/v2/mgmt/device/info', '/api/v1/mgmt/device/info'];
const CALLS = ['/api/v2/webCallControl/callStatus', '/api/v1/webCallControl/callStatus'];
/** Most names in one request, by the maker's guide. */
const MOST_NAMES = 20;
const GET = '/api/v1/mgmt/config/get';
const SET = '/api/v1/mgmt/config/set';
const RESTART = '/api/v1/mgmt/safeRestart';

/** Its serial number is its MAC address without colons [assumed: as on all phones of UC Software]. */
const serialOf = (mac: string) => mac.replaceAll(':', '');

/**
 * @param session closed by the way. @param first what the device told when it was logged in to; taken for the first
 *   reading, which follows at once
 */
export function trioWay(session: TrioSession, first: SystemInfo | null = null): PolyWay {
  const { redactor } = session;
  let told = first;
  return {
    link: { transport: 'https', weakness: session.weakness },
    redactor,
    proof: 'none',
    async readSystem() {
      const now = told ?? (await readTrio(session));
      told = null;
      return now;
    },
    readSerial: async () => serialOf((await readDevice(session)).mac),
    // The MAC address is the serial number of a Trio, and comes with that.
    readAbout: async () => ({ mac: null, deviceMode: null }),
    async readNames(names) {
      const vars = new Map<string, ConfigVar>();
      for (let at = 0; at < names.length; at += MOST_NAMES) {
        const data = names.slice(at, at + MOST_NAMES);
        for (const one of await readInParts(data, (part) => readValuesOf(session, part))) vars.set(...one);
      }
      return vars;
    },
    /** One status for all of them: which one it was that a device refuses is not told. */
    async writeNames(writes) {
      const data = Object.fromEntries(writes.map(({ name, value }) => [name, value]));
      await session.read('POST', SET, { data });
      const vars = new Map<string, ConfigVar>();
      for (const { name } of writes)
        vars.set(name.toLowerCase(), { value: null, result: GOOD_RESULT, editable: undefined });
      return { vars, rebootNeeded: false };
    },
    // No resource for it was found: the settings are all that a Trio tells of its calendar.
    readStatus: async () => ({ state: 'claimed', words: 'a Trio tells nothing of its calendar registration' }),
    readMeetings: async () => null,
    readExport: async () => null,
    async restart() {
      await session.read('POST', RESTART, {});
    },
    touch: async (path, body) => void (await session.read(body === undefined ? 'GET' : 'POST', path, body)),
    close: () => session.close(),
  };
}

/** The values, or the status by which the whole question was refused. */
async function readValuesOf(session: TrioSession, data: readonly string[]): Promise<ConfigVars | string> {
  const told = await session.readUnlessUnfit('POST', GET, { data });
  return typeof told === 'string' ? told : understood(session, readValues(told.data));
}

function understood<T>({ redactor }: TrioSession, parsed: Parsed<T>): T {
  if (!parsed.ok) throw new OtjError('ODD_REPLY', redactor.clean(parsed.why));
  return parsed.value;
}

async function readDevice(session: TrioSession): Promise<TrioInfo> {
  return understood(session, readInfo(await offered(session, INFO)));
}

/** Who the device is and what it is doing, in two requests. */
export async function readTrio(session: TrioSession): Promise<SystemInfo> {
  const { mac, model, software, starting, inCall, uptime } = await readDevice(session);
  const state = inCall || (await hasCall(session)) ? 'IN_CALL' : starting ? 'STARTING' : 'READY';
  const system = { serial: serialOf(mac), model, software, systemName: '', rebootNeeded: false, state };
  return uptime === null ? system : { ...system, uptime };
}

/** A device that has no such resource, or no call, is in none that we could know of. */
async function hasCall(session: TrioSession): Promise<boolean> {
  try {
    return readCalls(await offered(session, CALLS));
  } catch (thrown) {
    if (thrown instanceof OtjError && [...ABSENT, 'REFUSED', 'NOT_ADMIN'].includes(thrown.code)) return false;
    throw thrown;
  }
}

/** What a device says to a path that it does not have. */
const ABSENT: readonly string[] = ['REST_OFF', 'UNSUPPORTED', 'ODD_REPLY'];
/** Of each session the paths that have answered. */
const answered = new WeakMap<TrioSession, Set<string>>();

/** The first of these resources that the device has; the one that answered before is asked first. */
async function offered(session: TrioSession, paths: readonly string[]): Promise<unknown> {
  const known = answered.get(session) ?? new Set();
  answered.set(session, known);
  let missing: unknown;
  for (const path of paths.toSorted((a, b) => Number(known.has(b)) - Number(known.has(a)))) {
    try {
      const data = await session.read('GET', path);
      known.add(path);
      return data;
    } catch (thrown) {
      if (!(thrown instanceof OtjError) || !ABSENT.includes(thrown.code)) throw thrown;
      missing ??= thrown;
    }
  }
  throw missing;
}
