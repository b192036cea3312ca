/** The REST API of VideoOS as a way to speak to a Poly device. */
import { OtjError } from '../../../contract/errors.ts';
import type { Registration } from '../mapping.ts';
import type { Exported, PolyWay } from '../way.ts';
import { parseExport } from './export.ts';
import {
  type Parsed,
  parseCalendarRow,
  parseCalendarService,
  parseCodecMac,
  parseConfig,
  parseDeviceMode,
  parseMeetings,
  parseProvider,
  parseReboot,
  parseSystem,
} from './replies.ts';
import type { RestSession } from './session.ts';
import { judgeService, judgeStatus } from './status.ts';

/** Public clients of VideoOS and a public script for the Group. */
const REBOOT = { path: '/rest/system/reboot', body: { action: 'reboot' } };

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
    readNames: async (names) => (await session.read({ path: '/rest/config', body: { names } }, parseConfig)).vars,
    writeNames: (vars) => session.read({ path: '/rest/config', body: { vars } }, parseConfig),
    /**
     * The service's own word, and the status row where that word proves nothing. Devices without either resource give
     * `unknown`, never a guess.
     */
    async readStatus() {
      const service = await session.readIfOffered({ path: '/rest/calendar' }, parseCalendarService);
      const alone = judgeService(service, registration);
      if (alone) return alone;
      const row = await session.readIfOffered({ path: '/rest/system/status' }, parseCalendarRow);
      const status = judgeStatus(service, row ?? [], registration);
      return { ...status, words: redactor.clean(status.words) };
    },
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
