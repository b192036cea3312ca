/**
 * Commands that only tell something: they may be sent without anybody's word. Small and explicit, because the name of a
 * command is no proof: `HttpClient Get` sends a request to another host. Source: the public xAPI schemas, 9.15 to 26.4.
 */
const READ_ONLY = [
  'Audio Equalizer List',
  'Audio SoundsAndAlerts Ringtone List',
  'Bookings Get',
  'Bookings List',
  'CallHistory Get',
  'CallHistory Recents',
  'Camera Preset List',
  'Camera Preset Show',
  'Cameras Background Get',
  'Cameras Background List',
  'HttpClient Allow Hostname List',
  'Macros Log Get',
  'Macros Macro Get',
  'Macros Runtime Status',
  'MicrosoftTeams List',
  'Network SNMP USM User List',
  'Peripherals List',
  'Phonebook Search',
  'Security Certificates CA Show',
  'Security Certificates Services Show',
  'Security Certificates ThirdParty List',
  'Security Certificates Webex Show',
  'Security Certificates WebexIdentity Show',
  'Security Ciphers List',
  'Security Session Get',
  'Security Session List',
  'SystemUnit OptionKey List',
  'SystemUnit SignInBanner Get',
  'SystemUnit WelcomeBanner Get',
  'Time DateTime Get',
  'UserInterface Branding Get',
  'UserInterface Extensions Export',
  'UserInterface Extensions Icon Get',
  'UserInterface Extensions Icon List',
  'UserInterface Extensions List',
  'UserInterface Presentation ExternalSource List',
  'UserInterface WallpaperBundle List',
  'UserManagement User Get',
  'UserManagement User List',
  'WebEngine MediaAccess List',
] as const;

const KNOWN: ReadonlySet<string> = new Set(READ_ONLY.map((path) => path.toLowerCase()));

/** @param path words of the command in any case, without `xCommand` */
export function isReadOnlyCommand(path: string): boolean {
  return KNOWN.has(path.toLowerCase());
}
