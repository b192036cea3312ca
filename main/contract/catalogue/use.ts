/** The errors of wrong use and of bad input. Data only; part of catalogue.ts. */

export const USE_ERRORS = {
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
} as const;
