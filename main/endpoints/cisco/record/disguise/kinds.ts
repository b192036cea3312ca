/**
 * Which places in a codec's answers hold what: data. What stands at a place that is not named here is judged by its form,
 * and a text that has none is replaced, so that a place nobody thought of gives nothing away.
 * Paths are names joined by `/`, numbers of list entries and the wrappers of commands left out.
 */

import { SECRET_WORDS } from '../../../secretNames.ts';

/**
 * `public`: never touched. `plain`: only what is known to be somebody's is replaced in it. `message`: the codec's own words
 * on what went wrong, which may name a host.
 */
export type Kind =
  | 'public'
  | 'plain'
  | 'message'
  | 'name'
  | 'user'
  | 'serial'
  | 'mac'
  | 'address'
  | 'host'
  | 'mail'
  | 'token'
  | 'zone'
  | 'program'
  | 'text';

/** Names whose values are the firmware's own words wherever they stand; such a value is one word. */
const NAMES_OF_SETTINGS =
  'Mode|Status|Active|Blocked|Role|Roles|ShellLogin|Enabled|Phase|Protocol|CallType|' +
  'StartTime|EndTime|StartTimeBuffer|EndTimeBuffer|LastUpdated|LastLogin|TotalRows|Duration|Uptime|SystemTime|' +
  'AutoStart|UnresponsiveTimeout|EvaluateTranspiled|QuickJSEngine|Transpiled|Running|ActiveMacros|Crashes|' +
  'AllowHTTP|AllowInsecureHTTPS|UseHttpProxy|Websocket|MinimumTLSVersion|HostKeyAlgorithm|AllowLegacy|WelcomeText|' +
  'Verify(Client|Server)Certificate|WebexEdge|ActivityType|BookingStatus|ConnectMode|TimeFormat|DateFormat|' +
  '(Passphrase|Pin)(ChangeRequired|Expired)|FailedLoginAttempts|NumberOf\\w+|Speed|Urgency|Connectivity|Assignment|XPath';

/** Names that elsewhere may hold what a person wrote. */
const AT_HOME = [
  'Status/SystemUnit/State/.*',
  'ExtensionsListResult/Extensions/Panel/(Location|Type|Visibility|Origin|Color|Icon|Order)',
  'RuntimeStatusResult/\\w+',
];
/** Where a codec says why it did not do something; the same names elsewhere hold texts of people. */
const FAILURES = '(^|/)(\\w*Result|ActionError|Configuration|Status)/(Reason|Error|Description|Cause|Message)$';
const ONE_WORD = /^[\w.:+/-]{0,40}$/;

/** The first that fits decides. */
const PLACES: readonly (readonly [RegExp, Kind | 'word'])[] = [
  [/^Status\/SystemUnit\/(Product\w+|Software\/.*|Hardware\/Module\/CompatibilityLevel)$/, 'public'],
  [new RegExp(`^(${AT_HOME.join('|')})$`), 'plain'],
  [/\/(status|id|error|item|maxOccurrence|ghost|valueSpaceRef|product|version|apiVersion|ResultId)$/, 'plain'],
  [new RegExp(FAILURES), 'message'],
  [/^Status\/(NetworkServices|Network|Webex|Provisioning|Time)\/(\w+\/)*State$/, 'word'],
  [new RegExp(`(^|/)(${NAMES_OF_SETTINGS})$`), 'word'],
  [/^UserInterfaceExtensions\/Version$|(^|\/)Extensions\/Version$/, 'plain'],
  [new RegExp(`(${SECRET_WORDS}s?|Community\\w*|DeveloperId|(^|/)(Pin|Key|Headers?))$`, 'i'), 'token'],
  [/Macro\/Content$/, 'program'],
  [/SerialNumber$/, 'serial'],
  [/MacAddress$/i, 'mac'],
  [/(^|\/)(User|Login)Name$/i, 'user'],
  [/(^|\/)E-?mail$/i, 'mail'],
  [/^Configuration\/Time\/Zone$/, 'zone'],
  [/^BookingsListResult\/Booking\/Id$/, 'token'],
  [/(^|\/)(Panel\/(Name|PanelId)|Macro\/Name|ContactInfo\/Name|BroadcastName|Organizer\/\w+Name)$/, 'name'],
  [/^(Status|Configuration)\/SystemUnit\/Name$/, 'name'],
  [/^HttpClient.*Expression$|^AllowHostnameListResult|HostnameListResult\/.*Expression$/, 'host'],
];

/** Words of switches and states that stand at many places; whatever their place, they are nobody's. */
const SWITCHES =
  /^(True|False|On|Off|Auto|Manual|None|N\/?A|Unknown|Default|Enabled|Disabled|Yes|No|Up|Down|Idle|Active|Inactive|Available|Unavailable|Running|Stopped|Synced|Registered|Provisioned|Hidden|DHCP|Static|IPv4|IPv6|Dual|HTTPS?|HTTP\+HTTPS|TLSv1(\.\d)?|RSA|ECDSA|ed25519|WebWidget|WebApp|Custom|FollowHTTPService)$/i;
const SHORT_NUMBER = /^-?\d{1,6}(\.\d{1,3})?$/;
const MOMENT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** @param path as described above */
export function kindAt(path: string, value: string): Kind {
  const [, kind] = PLACES.find(([pattern]) => pattern.test(path)) ?? [];
  if (kind === 'word') return ONE_WORD.test(value) || MOMENT.test(value) ? 'plain' : 'text';
  if (kind) return kind;
  return SWITCHES.test(value) || SHORT_NUMBER.test(value) || MOMENT.test(value) ? 'plain' : 'text';
}

/** Kinds whose values name somebody, so that they are replaced wherever else they turn up. */
export const TELLING: ReadonlySet<Kind> = new Set<Kind>([
  'name',
  'user',
  'serial',
  'mac',
  'address',
  'host',
  'mail',
  'token',
]);
