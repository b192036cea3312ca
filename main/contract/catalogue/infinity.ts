/** The errors of the Infinity management API. Data only; part of catalogue.ts. */

export const INFINITY_ERRORS = {
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
    todo: 'Add licences and prepare again, or leave rooms out. Nothing was written for the rooms beyond.',
  },
} as const;
