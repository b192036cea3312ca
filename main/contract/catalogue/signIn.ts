/** Errors of Microsoft 365, as the catalogue has them. Data only. */

/** Signing in. Words name the permissions that were asked for, so that a person can forward the whole to an administrator. */
export const SIGN_IN_ERRORS = {
  M365_NOT_SET: {
    class: 'precondition',
    happened: 'It is not known yet how to reach this tenant of Microsoft 365.',
    todo: 'Give the tenant and the client id of the app registration: `otj m365 connect SITE --tenant TENANT --client ID`.',
  },
  M365_SIGN_IN_NEEDED: {
    class: 'login',
    happened: 'Nobody is signed in to Microsoft 365, or the sign-in has ended.',
    todo: 'Sign in again: `otj m365 sign-in SITE`. Nothing that waits to be published is lost.',
  },
  M365_CONSENT_NEEDED: {
    class: 'login',
    happened: 'The tenant has not consented to the permissions that this needs.',
    todo: 'Forward this to an administrator of the tenant: in Microsoft Entra ID, App registrations, open this app, add the permissions named above under API permissions, and choose “Grant admin consent”. Then sign in again.',
  },
  M365_POLICY: {
    class: 'login',
    happened: 'A Conditional Access policy of the tenant does not let this sign-in through.',
    todo: 'Forward this to an administrator of the tenant: the sign-in logs of Microsoft Entra ID name the policy under the ids above. Or sign in on a computer that the policy allows.',
  },
  M365_DEVICE_CODE_BLOCKED: {
    class: 'login',
    happened: 'The tenant does not allow signing in with a device code.',
    todo: 'Sign in with the browser of this computer: `otj m365 sign-in SITE`. Only an administrator can allow device codes, in the Conditional Access policies.',
  },
  M365_MFA: {
    class: 'login',
    happened: 'The second proof of identity (MFA) was missing, or was not given in time.',
    todo: 'Sign in again with the phone or key at hand. If no proof was asked for, an administrator has to let you register one.',
  },
  M365_TENANT_UNKNOWN: {
    class: 'usage',
    happened: 'Microsoft 365 knows no tenant of this name in this cloud.',
    todo: 'Check the spelling of the tenant and the cloud: `otj m365 connect SITE --tenant TENANT`. Microsoft Entra ID shows the tenant id under Overview.',
  },
  M365_TENANT_WRONG: {
    class: 'login',
    happened: 'The account belongs to another tenant than this site is for.',
    todo: 'Sign in with an account of the tenant named above, or have its administrator invite yours as a guest.',
  },
  M365_APP_UNKNOWN: {
    class: 'precondition',
    happened: 'The tenant does not have the app registration with this client id, or not as a public client.',
    todo: 'Forward this to an administrator of the tenant: the registration needs the platform “Mobile and desktop applications” with http://localhost, “Allow public client flows”, and the client id must be that of this app.',
  },
  M365_ACCOUNT: {
    class: 'login',
    happened:
      'Microsoft 365 does not take this account: it is disabled or locked, its password is wrong or over, or it may not use this app.',
    todo: 'See the words above. An administrator of the tenant can unlock the account, or assign it to this app under Enterprise applications.',
  },
  M365_DECLINED: {
    class: 'login',
    happened: 'The sign-in was declined in the browser.',
    todo: 'Sign in again and accept the permissions named above, or have an administrator of the tenant consent to them.',
  },
  M365_CODE_EXPIRED: {
    class: 'login',
    happened: 'Nobody signed in before the time was up.',
    todo: 'Sign in again; the time begins anew.',
  },
  M365_UNREACHABLE: {
    class: 'unreachable',
    happened: 'Microsoft 365 does not answer.',
    todo: 'Check the internet connection, a proxy, and whether a hotspot wants a login first. What is owed stays owed until you are online.',
  },
  M365_UNTRUSTED: {
    class: 'precondition',
    happened: 'The certificate shown for Microsoft 365 is not signed by an authority that this computer trusts.',
    todo: 'If a proxy of the company opens TLS, ask for its authority’s certificate and give it: `otj m365 connect SITE --ca FILE`. Otherwise use another network: somebody may be listening. Nothing was sent.',
  },
  M365_ISSUER: {
    class: 'precondition',
    happened: 'The identity service is not the one that this site is set for.',
    todo: 'Check the cloud and its addresses: `otj m365 connect SITE --cloud NAME`. Nothing was sent.',
  },
  M365_CERTIFICATE: {
    class: 'login',
    happened: 'Microsoft 365 does not take the app’s certificate.',
    todo: 'Upload the certificate (without its key) to the app registration under Certificates & secrets, check that it has not expired, then sign in again with --certificate.',
  },
  M365_CERTIFICATE_UNFIT: {
    class: 'usage',
    happened: 'The file does not hold a certificate and its RSA private key that fit together.',
    todo: 'Give one PEM file with both, the key without a password: -----BEGIN CERTIFICATE----- and -----BEGIN PRIVATE KEY-----.',
  },
  M365_BROWSER: {
    class: 'precondition',
    happened: 'No browser could be opened for the sign-in.',
    todo: 'Sign in with a device code from any other device: `otj m365 sign-in SITE --device-code`.',
  },
  M365_SIGN_IN_REFUSED: {
    class: 'login',
    happened: 'Microsoft 365 refused the sign-in.',
    todo: 'Forward the words above to an administrator of the tenant: the ids lead to this attempt in the sign-in logs of Microsoft Entra ID.',
  },
} as const;
