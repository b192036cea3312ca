/** What keeps a room from being moved or undone, and what is left to a person. Data only; part of catalogue.ts. */

export const BEFORE_ERRORS = {
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
} as const;
