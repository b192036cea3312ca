/** The errors themselves: what happened, in one sentence, and what to do next. Data only. */

import { GRAPH_ERRORS } from './catalogueGraph.ts';
import { SIGN_IN_ERRORS } from './catalogueMicrosoft.ts';
import { PLACES_ERRORS } from './cataloguePlaces.ts';
import { POWERSHELL_ERRORS } from './cataloguePowershell.ts';
import { RESULTS_ERRORS } from './catalogueResults.ts';

/** What kind of trouble it is decides what may follow: wait, stop the credential, never repeat, or ask. */
export type ErrorClass = 'usage' | 'unreachable' | 'login' | 'refused' | 'odd' | 'precondition' | 'internal';

type Entry = { class: ErrorClass; happened: string; todo: string };

export const CATALOGUE = {
  // wrong use, bad input
  USAGE: {
    class: 'usage',
    happened: 'The command was not understood.',
    todo: 'See the help of this command (--help).',
  },
  PASSPHRASE_SHORT: {
    class: 'usage',
    happened: 'The passphrase is too short.',
    todo: 'Choose one of at least 8 characters; four words are easy to keep in mind.',
  },
  DECLINED: {
    class: 'usage',
    happened: 'You said no, so nothing was changed.',
    todo: 'Run the command again when you have made sure.',
  },
  YES_NEEDED: {
    class: 'usage',
    happened: 'The line may change something, and there was nobody who could be asked, so it was not sent.',
    todo: 'Read it once more; then run the same with --yes.',
  },
  SETTING_UNFIT: {
    class: 'usage',
    happened: 'A setting does not exist or its value does not fit.',
    todo: 'See the settings and what they mean with `otj settings SITE`.',
  },
  LIST_MISSING: {
    class: 'usage',
    happened: 'The room list cannot be opened.',
    todo: 'Check the path of the file.',
  },
  SITE_MISSING: {
    class: 'usage',
    happened: 'The site file does not exist.',
    todo: 'Check the path, or make a new one with `otj init`.',
  },
  SITE_EXISTS: {
    class: 'usage',
    happened: 'A file of that name exists already.',
    todo: 'Choose another name; an existing file is never overwritten.',
  },
  SITE_NOT_OURS: {
    class: 'usage',
    happened: 'The file is not an OTJ Migrator site file, or it is damaged.',
    todo: 'Open another file, or restore it from a copy.',
  },
  SITE_NEWER: {
    class: 'usage',
    happened: 'The site file was written by a newer version of OTJ Migrator.',
    todo: 'Install the newer version to open it.',
  },
  SITE_BUSY: {
    class: 'usage',
    happened: 'Another OTJ Migrator is at work on this site file.',
    todo: 'Wait for it to end, or stop it, then try again.',
  },
  DISK: {
    class: 'internal',
    happened: 'The site file could not be written.',
    todo: 'Free disk space and check that the folder can be written to, then run the same command again.',
  },
  VAULT_LOCKED: {
    class: 'usage',
    happened: 'The site file is locked.',
    todo: 'Give its passphrase and try again.',
  },
  SECRET_NEEDED: {
    class: 'usage',
    happened: 'A password or passphrase is needed and there is no terminal to ask for it.',
    todo: 'Run it in a terminal, or give it from a file descriptor (--passphrase-fd, --password-fd).',
  },
  VAULT_PASSPHRASE: {
    class: 'usage',
    happened: 'The passphrase does not open this site file.',
    todo: 'Type it again; nothing was changed.',
  },
  SECRET_DAMAGED: {
    class: 'internal',
    happened: 'A sealed secret could not be opened: the site file was changed by something else.',
    todo: 'Restore the site file from a copy, or enter the secret again.',
  },
  ACCESS_UNSET: {
    class: 'precondition',
    happened: 'It is not known yet which app may read which mailboxes.',
    todo: 'Give the app’s id and the address of the group: `otj m365 set SITE --app ID --group ADDRESS`.',
  },
  SCRIPT_CHANGED: {
    class: 'precondition',
    happened: 'The rooms or the settings have changed since the script was shown, so nothing was written.',
    todo: 'Look at the script as it is now, and sign it off again.',
  },
  OLD_APP_NEEDED: {
    class: 'precondition',
    happened:
      'Rooms that have not moved yet still depend on the old app, so the script that takes its access away was not written.',
    todo: 'Move these rooms first, or say that you want the script all the same (--before-all-moved).',
  },
  RESULT_MISSING: {
    class: 'usage',
    happened: 'The result of the script cannot be opened.',
    todo: 'Check the path of the file: the script wrote otj-access-result.json where it was run.',
  },
  RESULT_UNREADABLE: {
    class: 'usage',
    happened: 'The file is no result of an access script, or it is damaged.',
    todo: 'Choose the JSON file that the script wrote (otj-access-result.json), as it is.',
  },
  RESULT_OLD: {
    class: 'usage',
    happened:
      'The result is about another app, group or cloud than this site has now, so it says nothing of its mailboxes.',
    todo: 'Sign off a script with what is set now, and have it run; without -Apply it only looks.',
  },
  RESULT_TENANT: {
    class: 'usage',
    happened: 'The script was signed in to another tenant than this site is about, so nothing of its result was noted.',
    todo: 'Run it again and sign in to the right tenant. If it ran with -Apply there, its own words tell what it changed in that other tenant.',
  },
  RESULT_FOREIGN: {
    class: 'usage',
    happened: 'The result comes from a script that was not signed off in this site file.',
    todo: 'Open the site file in which the script was made, or make and run a script from this one.',
  },
  LIST_UNREADABLE: {
    class: 'usage',
    happened: 'The room list could not be read as a table.',
    todo: 'Save it as XLSX or CSV (UTF-8) with a heading row; assets/sample-rooms.csv shows the columns.',
  },
  LIST_TOO_LARGE: {
    class: 'usage',
    happened: 'The list is larger than any list of rooms, or becomes so when it is unpacked.',
    todo: 'Check that it is the right file; copy the rooms into a new workbook, or save the sheet as CSV.',
  },
  LIST_UNSAFE: {
    class: 'usage',
    happened: 'The workbook holds declarations that no spreadsheet program writes, so it was not read.',
    todo: 'Open it in your spreadsheet program, save it as a new workbook, and import that; ask who sent it.',
  },
  LIST_FORMAT: {
    class: 'usage',
    happened: 'The workbook is of a format that is not read: OpenDocument (ODS), XLS, or one with a password.',
    todo: 'Open it in your spreadsheet program and save it as XLSX without a password, or as CSV (UTF-8).',
  },
  LIST_DAMAGED: {
    class: 'usage',
    happened: 'The workbook cannot be read: it is damaged, or holds no sheet.',
    todo: 'Open it in your spreadsheet program and save it as XLSX without a password, or as CSV (UTF-8).',
  },
  SHEET_UNKNOWN: {
    class: 'usage',
    happened: 'The workbook has no sheet of that name.',
    todo: 'Choose one of the sheets that are named above.',
  },
  LIST_CHANGED: {
    class: 'usage',
    happened: 'Importing the list would now do something else than what was shown, so nothing was written.',
    todo: 'Look at the preview again, then import.',
  },
  MATCH_NONE: {
    class: 'usage',
    happened: 'There is no match to undo.',
    todo: 'See with `otj match SITE` which rooms have a device.',
  },
  ROOM_UNKNOWN: {
    class: 'usage',
    happened: 'No room of that name is in the site file.',
    todo: 'See the names with `otj status`, or import the room list first.',
  },
  CREDENTIAL_MISSING: {
    class: 'usage',
    happened: 'There is no login for this kind of device in the site file.',
    todo: 'Store one with `otj credential set`.',
  },
  DEVICE_UNKNOWN: {
    class: 'usage',
    happened: 'No device of that address is in the site file.',
    todo: 'Look for devices first, or correct the address.',
  },
  SITE_NONE: {
    class: 'usage',
    happened: 'No site is open.',
    todo: 'Open a site file, or make a new one.',
  },
  JOB_RUNNING: {
    class: 'usage',
    happened: 'Other work is going on in this site.',
    todo: 'Wait for it to end, or stop it; then try again.',
  },
  JOB_UNKNOWN: {
    class: 'usage',
    happened: 'The work that was asked for is not known, or it is over.',
    todo: 'Look at where it stands now and start it again if need be.',
  },
  MATCH_REFUSED: {
    class: 'precondition',
    happened: 'The device cannot be given to this room.',
    todo: 'Finish or undo the room that was begun with its present device, then match again.',
  },
  RANGE_UNFIT: {
    class: 'usage',
    happened: 'This is not an address or a range of addresses.',
    todo: 'Write it like 10.20.3.0/24, 10.20.3.10-40 or 10.20.3.41; with a ! before it, it is left out.',
  },
  RANGE_REVERSED: {
    class: 'usage',
    happened: 'The range ends before it begins.',
    todo: 'Write the lower address first.',
  },
  RANGE_IPV6: {
    class: 'usage',
    happened: 'IPv6 networks are too large to be looked through.',
    todo: 'Name the IPv4 range of the devices.',
  },
  RANGE_TOO_LARGE: {
    class: 'usage',
    happened: 'These are more addresses than a /16 has.',
    todo: 'Name smaller ranges, one after the other.',
  },
  RANGE_PUBLIC: {
    class: 'usage',
    happened: 'Some of the addresses are public, and may belong to others.',
    todo: 'Make sure that they are the customer’s own and that the customer agrees, then confirm it (--public).',
  },
  NOTHING_TO_RESUME: {
    class: 'usage',
    happened: 'No search was stopped before its end.',
    todo: 'Start one with ranges.',
  },
  PRACTICE_FAILED: {
    class: 'internal',
    happened: 'The practice devices could not be started.',
    todo: 'End other practice sites on this computer, then try again.',
  },
  NOTHING_TO_DO: {
    class: 'usage',
    happened: 'No room is waiting for this.',
    todo: 'See where each room stands with `otj status`.',
  },

  // reaching a device or a server
  UNREACHABLE: {
    class: 'unreachable',
    happened: 'Nothing answered at the address.',
    todo: 'Check power, cable and address, and that this laptop is on the right network; then try the room again.',
  },
  TIMEOUT: {
    class: 'unreachable',
    happened: 'No answer came within the time allowed.',
    todo: 'See whether the device is hung or restarting; then try the room again.',
  },
  CONNECTION_LOST: {
    class: 'unreachable',
    happened: 'The connection dropped while work was going on.',
    todo: 'Try the room again: it looks at what is true on the device and carries on from there.',
  },
  HANDSHAKE: {
    class: 'odd',
    happened: 'No secure connection could be agreed with the device.',
    todo: 'See its words above: the certificate may not be trusted. For Infinity see `otj infinity set --pin`.',
  },
  LEGACY_NEEDED: {
    class: 'precondition',
    happened: 'The device offers only encryption that is no longer safe.',
    todo: 'Update its software; or allow old encryption for this one device with `otj device SITE ROOM --legacy on`.',
  },
  CLIENT_CERTIFICATE: {
    class: 'precondition',
    happened: 'The HTTPS service of the device lets in only clients with a certificate of their own.',
    todo: 'Switch NetworkServices HTTPS VerifyClientCertificate off at the device; Infinity could not reach it either.',
  },
  TRUST_CHANGED: {
    class: 'precondition',
    happened: 'The device shows another key than the one it was known by.',
    todo: 'Make sure it is the same device (a factory reset or a swap changes the key), then trust the new key with `otj trust`.',
  },
  LOGIN_REFUSED: {
    class: 'login',
    happened: 'The device refused the user name and password.',
    todo: 'Store the right login with `otj credential set SITE --for cisco|poly --user NAME --room ROOM` and try the room again. It was tried once and is not tried again by itself; `otj run SITE --retry` does.',
  },
  ACCOUNT_LOCKED: {
    class: 'login',
    happened: 'The device has locked this account after failed logins.',
    todo: 'Wait for the lock to end, or unblock the user on the device; then try the room again.',
  },
  CREDENTIAL_PAUSED: {
    class: 'login',
    happened: 'This login was refused elsewhere and is not tried on more devices.',
    todo: 'Correct it with `otj credential set`, then run this room again (by name, or all with --retry).',
  },
  PASSPHRASE_CHANGE: {
    class: 'login',
    happened: 'The device demands a new passphrase before it lets anyone in.',
    todo: 'Sign in to its web page once, set the passphrase, store it here, and try the room again.',
  },
  ACCOUNT_EXPIRED: {
    class: 'login',
    happened: 'The passphrase of this account has expired, or the account is not active.',
    todo: 'Set a new passphrase on the device, store it with `otj credential set --room ROOM`, and try the room again.',
  },
  SESSION_LIMIT: {
    class: 'unreachable',
    happened: 'The device has as many sessions open as it allows.',
    todo: 'Close other sessions (web pages, control systems, scripts) or wait a few minutes; then try the room again.',
  },
  DUPLICATE_SESSION: {
    class: 'unreachable',
    happened: 'The device lets this user in only once, and it is signed in already.',
    todo: 'End the other session of this user (a web page, a control system, another laptop with this program); then try the room again.',
  },
  STARTING: {
    class: 'unreachable',
    happened: 'The device is starting and does not take commands yet.',
    todo: 'Wait two minutes and try the room again.',
  },
  RATE_LIMITED: {
    class: 'unreachable',
    happened: 'The other side asked us to slow down and did not recover in time.',
    todo: 'Wait a minute and try again.',
  },

  // what a device said
  ODD_REPLY: {
    class: 'odd',
    happened: 'The reply had a shape that is not known, so it does not count as success.',
    todo: 'Look at the words of the device and try the room again; if it stays, report them to the maintainers.',
  },
  DESCRIPTION_UNFIT: {
    class: 'odd',
    happened: 'A device announces a description that is not fetched or cannot be read.',
    todo: 'Look at the words above; the device is recorded without it.',
  },
  REPLY_TOO_LARGE: {
    class: 'odd',
    happened: 'The reply was larger than any sane one and was cut off.',
    todo: 'Restart the device and try the room again.',
  },
  REFUSED: {
    class: 'refused',
    happened: 'The device refused the command.',
    todo: 'Its own words tell why; it is not repeated by itself.',
  },
  NOT_CONFIRMED: {
    class: 'odd',
    happened: 'The change was sent but reading back shows another value.',
    todo: 'See what the device says now (below), then try the room again or undo it.',
  },
  UNKNOWN_DEVICE: {
    class: 'precondition',
    happened: 'What answers here is not recognised as a device of a supported family.',
    todo: 'Check the address in the room list. If it is right, write the exact kind into the column `family` and import it again.',
  },
  UNSUPPORTED: {
    class: 'precondition',
    happened: 'This device or software version is not supported.',
    todo: 'Update the device, or migrate this room by hand.',
  },
  FAMILY_CORRECTED: {
    class: 'precondition',
    happened: 'The device told its model, and it is of another kind than was known until now.',
    todo: 'Try the room again: the kind is corrected, and the device is spoken to as what it is.',
  },

  // before anything is changed
  IDENTITY_MISMATCH: {
    class: 'precondition',
    happened: 'Another device is at this address now.',
    todo: 'Find out where the right device is now (its web page or touch panel tells), correct the address or serial in the room list, and import it again.',
  },
  FAMILY_UNKNOWN: {
    class: 'precondition',
    happened: 'The room list does not tell whether the device is Cisco or Poly, and nobody has looked yet.',
    todo: 'Fill in the column `family`, or run `otj discover` where the device can be reached.',
  },
  NO_ADDRESS: {
    class: 'precondition',
    happened: 'The room has no device address yet.',
    todo: 'Put the address of its device in the room list and import it again.',
  },
  WEBEX_ID: {
    class: 'precondition',
    happened:
      'The codec is registered with Webex and does not tell its Webex device id, which its Infinity entry needs.',
    todo: 'Look the id up in Webex Control Hub, give this room’s entry on Infinity the type WEBEX and that id by hand (make the entry if there is none), then sync.',
  },
  NOT_ADMIN: {
    class: 'precondition',
    happened: 'The login works but is not allowed to administer the device.',
    todo: 'Use a login with the Admin role.',
  },
  IN_CALL: {
    class: 'precondition',
    happened: 'The device is in a call.',
    todo: 'Try the room again after the call. A Cisco codec can be moved in spite of it with `--accept call`: the call is not cut off, but the macros restart.',
  },
  UPGRADING: {
    class: 'precondition',
    happened: 'The device is installing new software.',
    todo: 'Wait until it has restarted, then try the room again.',
  },
  CLOCK_WRONG: {
    class: 'precondition',
    happened: 'The clock of the device is more than 5 minutes off, which hides the Join button of meetings.',
    todo: 'Correct its NTP server or time, then try the room again; or go ahead with `--accept clock`.',
  },
  TLS_TOO_OLD: {
    class: 'precondition',
    happened: 'The HTTPS service of the device speaks no TLS version that Infinity accepts.',
    todo: 'Update the software of the device, then try the room again.',
  },
  MANAGED: {
    class: 'precondition',
    happened: 'A management system provisions this device and would overwrite the change.',
    todo: 'Make the change in the management system, or take the device out of it; then go ahead with `--accept manager`.',
  },
  ACCOUNT_TAKEN: {
    class: 'precondition',
    happened: 'A user with the name meant for Infinity exists on the device and is not ours.',
    todo: 'Remove that user on the device, or choose another name (`otj settings SITE accountName=NAME`).',
  },
  MACRO_IN_THE_WAY: {
    class: 'precondition',
    happened: 'Somebody has saved a macro of their own under the name of one that the undo would put back.',
    todo: 'Rename that macro on the device and undo again; or look at it and let it be overwritten, in the window or with `otj undo SITE ROOM --overwrite-macro NAME`, which shows it and asks: `otj backup SITE ROOM` has its text then.',
  },
  PASSPHRASE_POLICY: {
    class: 'precondition',
    happened: 'The password policy of the device does not take the passphrase made for Infinity’s account.',
    todo: 'Ease the rule that is named above on the device, then try the room again.',
  },
  MACRO_UNCERTAIN: {
    class: 'precondition',
    happened: 'A macro looks like One-Touch Join but not surely enough to be removed unasked.',
    todo: 'Look at it with `otj macros SITE ROOM`; then `otj run SITE ROOM --take-macro NAME` if it is OTJ, `--leave-macro NAME` if not.',
  },
  MACRO_UNFIT: {
    class: 'precondition',
    happened: 'A macro cannot be saved and put back as it is.',
    todo: 'The detail says which one and why; take care of this macro by hand, then try the room again.',
  },
  XAPI_LINE: {
    class: 'usage',
    happened: 'The line is no xAPI command.',
    todo: 'Write it as in the API guide: `xCommand …`, `xStatus …` or `xConfiguration …`, texts in double quotes.',
  },
  RECORD_UNCLEAN: {
    class: 'precondition',
    happened: 'The recording would still have told something of the device or the site, so it was not written.',
    todo: 'Record again; if it stays, report it to the maintainers with the kind that is named above.',
  },
  NAMES_UNKNOWN: {
    class: 'precondition',
    happened: 'The device does not offer the calendar settings under any name that we know.',
    todo: 'Set the calendar by hand on its web page.',
  },
  VALUE_TOO_LONG: {
    class: 'precondition',
    happened: 'A value is longer than the device or Infinity accepts.',
    todo: 'Shorten the value named above.',
  },
  VALUE_UNFIT: {
    class: 'precondition',
    happened: 'A value holds a character that the device cannot take, or it is empty.',
    todo: 'Correct the value named above.',
  },
  PROVIDER_MODE: {
    class: 'precondition',
    happened: 'The device runs in the mode of another provider, where its own calendar is presumably not used.',
    todo: 'Take it out of that mode, or make sure that its own calendar is used; then go ahead with `--accept provider`.',
  },
  PARTLY_READ: {
    class: 'precondition',
    happened: 'The device did not tell its export, or whether another provider has it, although it may have them.',
    todo: 'Try the room again. If it stays so: look on the device’s web page that its calendar server is the one that is shown here and that no other provider has it, then go ahead with `--accept unread`.',
  },
  SERVER_UNTRUSTED: {
    class: 'precondition',
    happened: 'The device checks certificates, and it would not accept the one of the Conferencing Node.',
    todo: 'Give the node a certificate made out to its name by an authority that the device knows, or install that authority on the device; then try the room again. If you know that the device accepts it: `--accept certificate`.',
  },
  SERVER_UNJUDGED: {
    class: 'precondition',
    happened:
      'The device checks certificates by an authority of its own that nobody can read from here, so it is not known whether it accepts the one of the Conferencing Node.',
    todo: 'Compare the authority on the device’s web page with the issuer named above; if it is that one, go ahead with `--accept certificate`.',
  },
  BY_HAND: {
    class: 'precondition',
    happened: 'No program can set up this model, so a person does it; its entry on Infinity is ready.',
    todo: 'Print the recipe (`otj poly recipe SITE ROOM`), type the values at the device, then `otj tick SITE ROOM`. Infinity’s word proves it.',
  },
  RESTART_CONSENT: {
    class: 'precondition',
    happened: 'The device has to be restarted for the settings to take effect, and nobody has agreed to that yet.',
    todo: 'Choose a time at which nobody uses the room, then run it with `--accept restart`.',
  },
  NOT_BACK: {
    class: 'unreachable',
    happened: 'The device was restarted and did not come back in time.',
    todo: 'Look at the device in the room. When it is up again, run the same again: it carries on from there.',
  },
  REST_OFF: {
    class: 'precondition',
    happened: 'The programming interface (REST API) of the device is switched off, as it is from the factory.',
    todo: 'Switch it on (apps.restapi.enabled = 1) in the web pages of the device or in its provisioning file, then try again.',
  },
  DEFAULT_PASSWORD: {
    class: 'precondition',
    happened: 'The device still has its default password, and with that it takes no commands.',
    todo: 'Set an administrator password on the device, store it with `otj credential set`, then try again.',
  },
  RESTART_NEEDED: {
    class: 'precondition',
    happened: 'The device waits for a restart before settings take effect.',
    todo: 'Choose a quiet time. Then run the room with `--accept restart`, or restart the device yourself and try again; it is never restarted unasked.',
  },
  NOT_PREPARED: {
    class: 'precondition',
    happened:
      'The entry of this room on Infinity is not written yet, and a Poly device must not be moved before it is.',
    todo: 'Go online and run `otj prepare` (or `otj sync`), then try the room again.',
  },
  UNDO_UNFINISHED: {
    class: 'precondition',
    happened: 'An undo of this room was begun and is not finished.',
    todo: 'Finish it with `otj undo`; or migrate the room after all with `otj run SITE ROOM --retry`.',
  },
  BACKUP_MISSING: {
    class: 'precondition',
    happened: 'There is no backup of this room, so there is nothing to undo.',
    todo: 'See with `otj status` whether the room was migrated with this site file.',
  },
  OLD_PASSWORD_NEEDED: {
    class: 'precondition',
    happened: 'All settings are back but the old calendar password, which the device never lets anyone read.',
    todo: 'Create a new password for this room in Pexip Control Center and undo again with --old-password-fd, or type it on the device.',
  },

  // flow
  CANCELLED: {
    class: 'precondition',
    happened: 'The work was stopped on request before this room was done.',
    todo: 'Try the room again: it carries on from what is true on the device.',
  },
  BATCH_PAUSED: {
    class: 'precondition',
    happened: 'The same failure repeated, so the batch was paused before this room.',
    todo: 'Look at the failure of the rooms before it, then run again.',
  },
  SYNC_STOPPED: {
    class: 'precondition',
    happened:
      'Infinity failed in the same way again and again, so the sync was stopped. Nothing is lost: what it has not got is still owed.',
    todo: 'Mend what the failures before this one say, then sync again.',
  },
  PILOT_NEEDED: {
    class: 'precondition',
    happened: 'What would be changed is not confirmed for this model and software, so one device has to go first.',
    todo: 'Stand by one such device and run it as the pilot: `otj run SITE ROOM --pilot ROOM`. When its meeting was seen, the others follow.',
  },
  PILOT_WAITS: {
    class: 'precondition',
    happened: 'The room waits for its pilot: another device of this model and software goes first.',
    todo: 'See how the pilot room that is named above ends, or put that one back; then run again, and this room follows.',
  },
  PILOT_NONE: {
    class: 'usage',
    happened: 'No pilot of this kind is in the site file.',
    todo: 'See which there are with `otj poly pilots SITE`.',
  },
  FIRST_DID_NOT: {
    class: 'precondition',
    happened: 'The first device did not take it, so it was sent to no other.',
    todo: 'Look at what the first device said, correct the line, then send it again.',
  },
  NOT_ARRIVED: {
    class: 'odd',
    happened: 'The device is set, but it has not registered with the Conferencing Node in time.',
    todo: 'Check that the device can reach the node by name on port 443, then try the room again or undo it.',
  },

  // Infinity
  INFINITY_NOT_SET: {
    class: 'usage',
    happened: 'No Infinity Management Node is set in this site file.',
    todo: 'Set it with `otj infinity set`.',
  },
  INFINITY_UNREACHABLE: {
    class: 'unreachable',
    happened: 'The Infinity Management Node does not answer.',
    todo: 'Check the network or VPN; what is owed stays in the site file, and `otj sync` delivers it later.',
  },
  INFINITY_LOGIN: {
    class: 'login',
    happened: 'Infinity refused the login.',
    todo: 'See its words above. If the password has expired, sign in to the admin pages once and change it; then store the right login with `otj credential set --for infinity`. If the words are not Infinity’s, the address is wrong.',
  },
  INFINITY_LOGIN_PAUSED: {
    class: 'login',
    happened:
      'Infinity refused this login before, so it was not tried again: some failed tries would lock the account.',
    todo: 'Store the right login with `otj credential set SITE --for infinity`, or the same one anew once Infinity accepts it again; then repeat what you did.',
  },
  INFINITY_FORBIDDEN: {
    class: 'refused',
    happened: 'The Infinity account may not do this.',
    todo: 'Give its role the permission to edit One-Touch Join, then sync again.',
  },
  INFINITY_REFUSED: {
    class: 'refused',
    happened: 'Infinity did not accept the entry.',
    todo: 'Read its own words above, correct the room list, and sync again.',
  },
  INFINITY_ODD: {
    class: 'odd',
    happened: 'What answers at the Infinity address does not speak like a Management Node.',
    todo: 'Check the address: it may be a router’s or another web page, or a proxy may be in between. The detail has what it said.',
  },
  INFINITY_CONFLICT: {
    class: 'precondition',
    happened: 'It is not clear which entry on Infinity is this room’s.',
    todo: 'See above which ones may be, and why. Correct the mailbox, name or address that is wrong, there or in the room list, or remove an entry that no room needs; then prepare or sync again. Nothing was written.',
  },
  INFINITY_TRUST: {
    class: 'precondition',
    happened: 'Infinity shows another certificate than the one that this site trusts.',
    todo: 'Ask its administrators whether it was renewed, and compare the fingerprint; then trust it with `otj infinity set`. No login was sent.',
  },
  SETUP_CROSSED: {
    class: 'precondition',
    happened: 'What is on Infinity goes against this set-up, or has changed since it was shown.',
    todo: 'See it again as it is now, and choose another name or change it in the admin pages. Nothing more was written.',
  },
  INFINITY_SETUP: {
    class: 'precondition',
    happened: 'Something this site needs is not configured on Infinity.',
    todo: 'Correct the name with `otj infinity set`, or create it in the Infinity admin pages; then try again.',
  },
  INFINITY_VERSION: {
    class: 'precondition',
    happened: 'The version of Infinity cannot take the entry as it has to be.',
    todo: 'The detail says what it lacks or demands; update Infinity, or make this entry by hand. Nothing was written.',
  },
  INFINITY_CHANGED: {
    class: 'precondition',
    happened:
      'The entry of this room on Infinity is not as we last wrote it, or was there before us with other values.',
    todo: 'Compare the values; then `otj sync SITE --take site ROOM` writes ours, and `otj sync SITE --take infinity ROOM` leaves theirs. After a dry run alone `otj prepare SITE ROOM` shows them and asks. Nothing was written.',
  },
  CLOCK_SKEW: {
    class: 'precondition',
    happened: 'The clock of this computer is so far off that Infinity does not accept its login.',
    todo: 'Set the clock of this computer right (automatic time, and the time zone), then try again. The login itself may be fine.',
  },
  OAUTH_OFF: {
    class: 'precondition',
    happened: 'Infinity offers no OAuth2 login.',
    todo: 'Switch on OAuth2 for the management API in the global settings of Infinity; or store a user name and password in place of the OAuth2 client.',
  },
  KEY_UNFIT: {
    class: 'usage',
    happened: 'This is not the private key of an Infinity OAuth2 client.',
    todo: 'Give the private key that Infinity showed when the client was made: an EC key on the curve P-256, as PEM or JWK. If it is lost, make a new client.',
  },
  CA_UNFIT: {
    class: 'usage',
    happened: 'The certificate authority does not serve for Infinity.',
    todo: 'Give a file with the certificate of the authority that signed the Management Node’s certificate, as PEM or DER.',
  },
  SETUP_UNFIT: {
    class: 'usage',
    happened: 'A value for the set-up of Infinity is missing or does not fit.',
    todo: 'Correct the value named above; nothing was written.',
  },
  CONTACT_LATE: {
    class: 'odd',
    happened: 'Infinity has not reached the device since the change, though it had time to.',
    todo: 'See the likely cause below and mend it on that side; then `otj sync` asks again.',
  },
  EXPORT_UNREADABLE: {
    class: 'usage',
    happened: 'The file could not be read as an export of OTJ endpoints from Infinity.',
    todo: 'Export the OTJ endpoints as CSV with a heading row, and give that file; see above what it lacks. Nothing was noted.',
  },
  LICENCES: {
    class: 'precondition',
    happened: 'Infinity has too few One-Touch Join licences for the rooms.',
    todo: 'Add licences and prepare again, or leave rooms out. Nothing was written for the rooms beyond, and they stay on the list of what is owed.',
  },

  ...SIGN_IN_ERRORS,
  ...GRAPH_ERRORS,
  ...RESULTS_ERRORS,
  ...POWERSHELL_ERRORS,
  ...PLACES_ERRORS,

  INTERNAL: {
    class: 'internal',
    happened: 'OTJ Migrator met a fault of its own.',
    todo: 'Run the same command again; if it stays, report it to the maintainers.',
  },
} as const satisfies Record<string, Entry>;
