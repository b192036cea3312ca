/**
 * Which places in a Poly device's answers hold what: data. Paths begin with that of the resource (`rest/system/model`), with
 * `cli/` for the command line, and go on with names joined by `/`; a setting stands at its own name, wherever it is told.
 * Places of the REST APIs as public clients show them, names of settings from the device schemas and sample files.
 */
import type { Place } from '../../record/disguise/kinds.ts';
import { SECRET_WORDS } from '../../secretNames.ts';

/** Resources whose values are the makers' own. */
const MAKERS = [
  'rest/system/(model|softwareVersion|build|buildType|hardwareVersion)',
  'rest/devicemanagement/devices/(productName|softwareVersion)',
  'rest/system/status/(name|langtag|languageTag)',
  'rest/(current/)?system/apps(/all)?/(appName|packageName|personaName|versionInfo)',
  'rest/config/(vars/name|names)',
  'api/v1/mgmt/config/get/data',
  'api/v\\d/mgmt/device/info/data/(ModelNumber|DeviceVendor|DeviceType|FirmwareRelease|Firmware/\\w+)',
  'cli/(model|software version|build information)',
  '.*system\\.info\\.humanreadable(model|version)',
];

/** Resources whose values are states, times and counts. */
const STATES = [
  'rest/system/(state|timeServerState|systemTime|timeOffset|uptime|rebootNeeded|lanStatus/\\w+)',
  'rest/devicemanagement/devices/(deviceType|deviceState|deviceCategory|connectionType)',
  'rest/system/status/(stateList|state)',
  'rest/system/mode/device/\\w+',
  'rest/(current/)?session(/sessions)?/(sessionList/)?(session/)?(role|clientType|creationTime|success|reason|loginStatus/\\w+|action)',
  'rest/calendar/status',
  'rest/calendar/meetings/(inCall|startTime|endTime)',
  'rest/config/(rebootNeeded|vars/(result|isEditable|isHidden|isSecure))',
  'api/v\\d/.*/(Status|Source|DHCP|CallState|Type|Protocol|LineID|AppState|ReadyToUse|CanApplyShutdownRequest|IntendToShutdown)',
  'api/v\\d/Status',
  'api/v\\d/mgmt/device/info/data/UpTime/\\w+',
  'cli/(apiport|calendarstatus)',
  '(.*/)?exchange\\.meeting\\.parse(When|Option)(/Value)?',
];

/** The same in more than one word. */
const TIMES = [
  'api/v\\d/mgmt/device/info/data/UpTimeSinceLastReboot',
  'cli/(time in last call|total time in calls|total calls|local time is|snmp enabled)',
];

/** The first that fits decides. */
export const POLY_PLACES: readonly Place[] = [
  [new RegExp(`^(${MAKERS.join('|')})$`, 'i'), 'public'],
  [new RegExp(`^(${TIMES.join('|')})$`, 'i'), 'plain'],
  [/^rest\/(current\/)?system\/mode\/\w+$/, 'text'],
  [/\/reason$/i, 'message'],
  [new RegExp(`^(${STATES.join('|')})$`, 'i'), 'word'],
  [new RegExp(`(${SECRET_WORDS}s?|\\bpin|CallHandle)$`, 'i'), 'token'],
  [/customCaCert\.?\d*$/i, 'certificate'],
  [/serial(num(ber)?)?$/i, 'serial'],
  [/mac(address)?$/i, 'mac'],
  [/(mailbox|e-?mail)$/i, 'mail'],
  [/(user(name|id)?|login)$/i, 'user'],
  [/((system|device|display|host)name|cli\/name|device\.local\.deviceName)$/i, 'name'],
  [/(^|[/.])(ip|ipv4address|ipaddress|address|location)$/i, 'address'],
  [/(server(name|address)?|url|host|domain|gateway|dns|ntp|proxy)$/i, 'host'],
];

/** Words that stay: of the protocols, of what devices say of themselves, and of what the driver looks for in texts. */
export const POLY_WORDS: readonly string[] = [
  'poly polycom realpresence group studio videoos trio hdx debut codec touchcontrol',
  'hi my name is here what i know about myself model serial number software version build information contact time in',
  'last call total calls snmp enabled local empty system not a success',
  'calendar provisioning status server resource domain protocol register reminder',
  'unauthorized forbidden login',
  'online offline notification control event cs active ended callinfo calendarmeetings list info begin start meeting',
  'exchange ews asmx office365 removed secure content begin certificate',
  // In whose mode a device may run; see `parseProvider`.
  'microsoft teams zoom meet webex ringcentral gotomeeting starleaf 8x8',
];
