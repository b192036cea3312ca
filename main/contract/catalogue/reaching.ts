/** The errors on the way to a device or a server, and at its door. Data only; part of catalogue.ts. */

export const REACHING_ERRORS = {
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
} as const;
