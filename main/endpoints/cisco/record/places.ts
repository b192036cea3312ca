/**
 * Which places in a codec's answers hold what: data. Paths are names joined by `/`, numbers of list entries and the wrappers
 * of commands left out.
 */
import type { Place } from '../../record/disguise/kinds.ts';
import { SECRET_WORDS } from '../../secretNames.ts';

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

/** The first that fits decides. */
export const CODEC_PLACES: readonly Place[] = [
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
