/** The errors of Microsoft Graph. Data only; part of catalogue.ts. */

export const GRAPH_ERRORS = {
  M365_BUSY: {
    class: 'unreachable',
    happened: 'Microsoft 365 asks us to send nothing for a while.',
    todo: 'Try again at the time that is named above.',
  },
  M365_UNCERTAIN: {
    class: 'unreachable',
    happened: 'The answer of Microsoft 365 to a change got lost, so it may or may not have been made.',
    todo: 'Run the same again: it looks first at what is there.',
  },
  M365_FORBIDDEN: {
    class: 'refused',
    happened: 'Microsoft 365 does not allow this account to do that.',
    todo: 'Show the words above to the administrator of the tenant: a permission, a role or a share is missing.',
  },
  M365_NOT_FOUND: {
    class: 'refused',
    happened: 'Microsoft 365 has no such thing.',
    todo: 'Check the name, and that the sign-in is to the right tenant.',
  },
  M365_CHANGED: {
    class: 'precondition',
    happened: 'Somebody has changed it in Microsoft 365 since we read it, so nothing was written.',
    todo: 'Look at what stands there now, then decide.',
  },
  M365_REFUSED: {
    class: 'refused',
    happened: 'Microsoft 365 refused the request.',
    todo: 'Read its words above; with the request id Microsoft’s support can find the request.',
  },
  M365_FAILED: {
    class: 'odd',
    happened: 'Microsoft 365 met an error of its own, again and again.',
    todo: 'Try again in a few minutes. If it stays, Microsoft’s support can find the request by its request id.',
  },
  M365_ODD: {
    class: 'odd',
    happened: 'Microsoft 365 answered in a way that is not understood.',
    todo: 'Check the cloud and the addresses of the connection (`otj m365 accounts SITE`), then try again.',
  },
  M365_PORTAL: {
    class: 'odd',
    happened: 'Something between this computer and Microsoft 365 answered in its place.',
    todo: 'Open a web page in a browser: the network may want a sign-in of its own. If a proxy opens TLS, give its certificate to the connection.',
  },
} as const;
