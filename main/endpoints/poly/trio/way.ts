/** The REST API of a Trio as a way to speak to a Poly device. */
import { OtjError } from '../../../contract/errors.ts';
import { type ConfigVar, GOOD_RESULT, type Parsed, type SystemInfo } from '../videoos/replies.ts';
import type { PolyWay } from '../way.ts';
import { GOOD_STATUS, readCalls, readInfo, readValues, type TrioInfo } from './replies.ts';
import type { TrioSession } from './session.ts';

const INFO = '/api/v2/mgmt/device/info';
const CALLS = '/api/v1/webCallControl/callStatus';
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
    readNames: async (names) => understood(session, readValues(await session.read('POST', GET, { data: names }))),
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

function understood<T>({ redactor }: TrioSession, parsed: Parsed<T>): T {
  if (!parsed.ok) throw new OtjError('ODD_REPLY', redactor.clean(parsed.why));
  return parsed.value;
}

async function readDevice(session: TrioSession): Promise<TrioInfo> {
  return understood(session, readInfo(await session.read('GET', INFO)));
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
    const { status, data } = await session.ask('GET', CALLS);
    return status === GOOD_STATUS && readCalls(data);
  } catch (thrown) {
    if (thrown instanceof OtjError && ['REST_OFF', 'ODD_REPLY'].includes(thrown.code)) return false;
    throw thrown;
  }
}
