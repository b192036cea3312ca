/** The REST API of VideoOS as a way to speak to a Poly device. */
import { OtjError } from '../../../contract/errors.ts';
import { readInParts } from '../inParts.ts';
import type { Registration } from '../mapping.ts';
import type { Exported, PolyWay } from '../way.ts';
import { parseExport } from './export.ts';
import {
  type Parsed,
  parseCalendarService,
  parseCodecMac,
  parseConfig,
  parseDeviceMode,
  parseMeetings,
  parseProvider,
  parseReboot,
  parseStatusRows,
  parseSystem,
  type StatusRows,
} from './replies.ts';
import type { RestSession } from './session.ts';
import { judgeService, judgeStatus } from './status.ts';

/** Public clients of VideoOS and a public script for the Group. */
const REBOOT = { path: '/rest/system/reboot', body: { action: 'reboot' } };

const CALENDAR = { ask: { path: '/rest/calendar' }, parse: parseCalendarService };
const STATES = { ask: { path: '/rest/system/status' }, parse: parseStatusRows };

/** @param session logged in; closed by the way. @param registration what the device's words mean */
export function restWay(session: RestSession, registration: Registration): PolyWay {
  const { redactor } = session;
  return {
    link: { transport: 'https', weakness: session.weakness },
    redactor,
    proof: 'status',
    readSystem: () => session.read({ path: '/rest/system' }, parseSystem),
    readSerial: async () => (await session.read({ path: '/rest/system' }, parseSystem)).serial,
    async readAbout() {
      const devices = { path: '/rest/devicemanagement/devices', body: { deviceState: 'PAIRED' } };
      const mac = await session.readIfOffered(devices, parseCodecMac);
      const deviceMode = await session.readIfOffered({ path: '/rest/system/mode/device' }, parseDeviceMode);
      const mode = await session.readOrTell({ path: '/rest/current/system/mode' }, parseProvider);
      return typeof mode === 'string'
        ? { mac, deviceMode, providerUnread: mode }
        : { mac, deviceMode, provider: mode.value };
    },
    readNames: (names) =>
      readInParts(names, async (part) => {
        const found = await session.readUnlessUnfit({ path: '/rest/config', body: { names: part } }, parseConfig);
        // A refusal may tell of each name what is wrong with it.
        const isWhole = found?.isFit || part.every((name) => found?.value.vars.has(name.toLowerCase()));
        return found && isWhole ? found.value.vars : 'HTTP 400';
      }),
    writeNames: (vars) => session.read({ path: '/rest/config', body: { vars } }, parseConfig),
    /**
     * The service's own word, and the status row where that word proves nothing. Devices without either resource give
     * `unknown`, never a guess.
     */
    async readStatus() {
      const isOpen = (service: string | null) => judgeService(service, registration) === undefined;
      const [service, rows] = await session.readTogether<string | null, StatusRows>(CALENDAR, STATES, isOpen);
      const status = judgeStatus(service, rows?.calendar ?? [], registration);
      return { ...status, words: redactor.clean(status.words), ...(rows ? { manager: rows.provisioning } : {}) };
    },
    readManager: async () => (await session.readIfOffered(STATES.ask, STATES.parse))?.provisioning ?? [],
    readMeetings: () => session.readIfOffered({ path: '/rest/calendar/meetings?number=1' }, parseMeetings),
    async readExport() {
      const found = await session.readOrTell({ path: '/rest/provisioning/config' }, keepText);
      return typeof found === 'string' ? found : found.value;
    },
    async restart() {
      if (!(await session.read(REBOOT, parseReboot))) throw new OtjError('REFUSED', `${REBOOT.path}: success is false`);
    },
    touch: async (path, body) =>
      void (await session.read(body === undefined ? { path } : { path, body }, (text) => ({ ok: true, value: text }))),
    close: () => session.close(),
  };
}

function keepText(xml: string): Parsed<Exported> {
  const parsed = parseExport(xml);
  return parsed.ok ? { ok: true, value: { xml, settings: parsed.value } } : parsed;
}
