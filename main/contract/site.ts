/** A site as a screen sees it: an open document, its settings, its logins. Never a secret. */
import { z } from 'zod';

export const purposeSchema = z.enum(['cisco-roomos', 'poly-videoos', 'poly-group', 'poly-trio', 'infinity']);
export type Purpose = z.infer<typeof purposeSchema>;

/** How a login is proven: by a password, or by the private key of an OAuth2 client (Infinity only). */
export const credentialKindSchema = z.enum(['basic', 'oauth2']);
export type CredentialKind = z.infer<typeof credentialKindSchema>;

/** Longest list of authorities, characters: some hundred certificates. */
export const CA_MOST = 500_000;

export const portSchema = z.number().int().min(1).max(65_535);

export const infinityAddressSchema = z.object({
  address: z.string().min(1),
  port: portSchema,
  /** Name of the OTJ endpoint group. */
  group: z.string().min(1),
  /** SHA-256 of the Management Node's certificate when it is pinned; null = the system's authorities. */
  pin: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /**
   * Certificates in PEM of the authorities that vouch for it in the system's stead; null = the system's. Not looked at
   * where the certificate itself is pinned.
   */
  ca: z.string().max(CA_MOST).nullable().exactOptional(),
});
export type InfinityAddress = z.infer<typeof infinityAddressSchema>;

export const settingsSchema = z.object({
  name: z.string().describe('name of the site, for reports'),
  technician: z.string().describe('who works with it; empty = the user of this computer'),
  sshPort: portSchema.describe('SSH port of codecs that are imported or discovered next'),
  httpsPort: portSchema.describe('HTTPS port of endpoints that are imported or discovered next'),
  telnetPort: portSchema.describe('port of the command line over telnet on Poly Group devices'),
  nodePort: portSchema.describe('HTTPS port of the Conferencing Nodes, as Poly devices sign in to it'),
  accountName: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,32}$/)
    .describe('account that Infinity uses on Cisco codecs'),
  tidyHttpClient: z
    .boolean()
    .describe('Cisco: after the move, take Pexip Service off the HttpClient allow list, and HttpClient off if unused'),
  httpsOnly: z
    .boolean()
    .describe(
      'Cisco: HTTP mode HTTPS, also of rooms migrated before, at their next run; without it, plain HTTP stays on where it is, because control systems may use it',
    ),
  clearBookings: z.boolean().describe('Cisco: after the move, clear the meetings that the old macro left on the codec'),
  infinity: infinityAddressSchema.nullable().describe('Management Node; change it with otj infinity set'),
  searchRate: z.number().int().min(1).max(10_000).describe('connection attempts per second while looking for devices'),
  concurrency: z.number().int().min(1).max(256).describe('rooms worked on at once'),
  timeoutMs: z.number().int().min(100).describe('longest wait for one reply of a device, milliseconds'),
  proofMs: z
    .number()
    .int()
    .min(0)
    .describe('how long a room waits for its first meeting, milliseconds; then it is left to sync'),
  proofEveryMs: z.number().int().min(50).describe('how often it looks for the meeting, milliseconds'),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What a site has until somebody changes it, and what a file of an earlier version does not tell. */
export const DEFAULT_SETTINGS: Settings = {
  name: 'Site',
  technician: '',
  sshPort: 22,
  httpsPort: 443,
  telnetPort: 24,
  nodePort: 443,
  accountName: 'otj-push',
  tidyHttpClient: false,
  httpsOnly: false,
  clearBookings: true,
  infinity: null,
  /** About 30 kB a second: an office switch does not notice it, and a /22 is through in five seconds. */
  searchRate: 500,
  concurrency: 8,
  timeoutMs: 10_000,
  proofMs: 180_000,
  proofEveryMs: 5_000,
};

/** A stored login, without its password. */
export const credentialSchema = z.object({
  purpose: purposeSchema,
  /** null = for the whole site. */
  roomId: z.number().nullable(),
  kind: credentialKindSchema,
  /** Of an OAuth2 client its id. */
  username: z.string(),
  updatedAt: z.string(),
  /** Whether some device has accepted it since it was stored. */
  proven: z.boolean(),
  /** Whether the first device it was tried on refused it. */
  refused: z.boolean(),
});
export type CredentialView = z.infer<typeof credentialSchema>;

export const siteSchema = z.object({
  path: z.string(),
  /** False once the passphrase was given or the keychain opened it. */
  locked: z.boolean(),
  /** Whether this computer's keychain opens it without the passphrase. */
  remembered: z.boolean(),
  /** Another process is at work on the file. */
  busyElsewhere: z.boolean(),
  settings: settingsSchema,
  credentials: z.array(credentialSchema),
  /** Writes owed to Infinity, results owed to the team's list, and places owed to Microsoft 365. */
  owed: z.number(),
  /** Those of them that are results for the team's list, or report files that could not go up beside it. */
  owedToList: z.number(),
  /** Those of them that are rooms whose place in Microsoft 365 is to be written, where that is switched on. */
  owedToPlaces: z.number(),
  /** The simulated devices of the practice site run for this file now. */
  practice: z.boolean(),
});
export type SiteView = z.infer<typeof siteSchema>;

export const certificateSchema = z.object({
  /** Whether an authority that this computer trusts has signed it for this name. */
  trusted: z.boolean(),
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  /** As browsers show it: upper-case hex with colons. */
  fingerprint: z.string(),
  /** The same as lower-case hex. */
  sha256: z.string(),
});
export type ShownCertificate = z.infer<typeof certificateSchema>;

/** A file of certificate authorities, read. */
export const authoritiesSchema = z.object({
  /** Only the certificates, in PEM. */
  ca: z.string(),
  /** Whom each is for, in the order of the file. */
  subjects: z.array(z.string()),
});
export type Authorities = z.infer<typeof authoritiesSchema>;
