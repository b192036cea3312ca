/** How this site reaches Microsoft 365: which cloud and tenant, as which app, and who is signed in. Never a token. */
import { z } from 'zod';
import { CA_MOST } from '../site.ts';
import { cloudSchema, guidSchema } from './access.ts';

/** `other`: addresses of one's own, for a proxy that opens TLS or a private service. */
export const connectionCloudSchema = z.enum([...cloudSchema.options, 'other']);
export type ConnectionCloud = z.infer<typeof connectionCloudSchema>;

/** An https address without login, query or fragment; a token goes nowhere else. */
const httpsSchema = z
  .string()
  .max(500)
  .transform((text, context) => {
    const url = URL.parse(text.trim());
    if (url?.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash)
      return url.href.replace(/\/+$/, '');
    context.addIssue({ code: 'custom', message: 'must be an https:// address without login, query or fragment' });
    return z.NEVER;
  });

/** An id, or a domain of the tenant. The words that stand for "any tenant" are no tenant, so that nobody ends in a wrong one. */
const tenantSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9])$/,
    {
      error: 'must be the id or a domain of the tenant, such as contoso.onmicrosoft.com',
    },
  )
  .max(253);

/**
 * `browser`: in this computer's own browser. `device-code`: a code that is typed in a browser anywhere. `certificate`: as the
 * app itself, unattended, with a certificate of the customer.
 */
export const signInWaySchema = z.enum(['browser', 'device-code', 'certificate']);
export type SignInWay = z.infer<typeof signInWaySchema>;

export const connectionSchema = z.object({
  cloud: connectionCloudSchema,
  /** Addresses of the cloud `other`; null for the others. */
  other: z.object({ authority: httpsSchema, graph: httpsSchema }).nullable(),
  /** Certificates in PEM of the authorities that are trusted besides the system's; null = only the system's. */
  ca: z.string().max(CA_MOST).nullable(),
  /** Id or a domain. */
  tenant: tenantSchema,
  /** Application (client) id of the registration of this app, which is another than that of Infinity. */
  clientId: guidSchema,
  way: signInWaySchema,
  /** Which of the accounts that are signed in is used, msal's `homeAccountId`; null = none is signed in. */
  account: z.string().nullable(),
  /** Their sign-in name, or the subject of the certificate, to be shown while the site is locked. */
  username: z.string().nullable(),
  /** The administrator opens single SharePoint sites to the app, in place of all that the person may write in. */
  selectedSites: z.boolean().default(false),
  /** Id of the tenant as a sign-in has told it; null = none has. */
  tenantId: z.string().nullable().default(null),
  /** A sign-in has succeeded with these settings once, so that they are worth going back to. */
  reached: z.boolean().default(false),
  /** The sign-in of `account` was told to have ended; a new one is needed. */
  ended: z.boolean().default(false),
});
export type Connection = z.infer<typeof connectionSchema>;

/** What a person wants from Microsoft 365; each asks for its own permissions, and only when it is wanted. */
export const featureSchema = z.enum(['check', 'results', 'list', 'places']);
export type Feature = z.infer<typeof featureSchema>;

export const permissionSchema = z.object({
  /** As Graph names it, such as `Place.Read.All`. */
  scope: z.string(),
  /** What it is needed for, in half a sentence. */
  means: z.string(),
  /** The name was not confirmed in a real tenant. */
  assumed: z.boolean(),
});
export type Permission = z.infer<typeof permissionSchema>;

/** Somebody who is signed in, or the app itself. */
export const accountSchema = z.object({
  /** msal's `homeAccountId`; of the app itself its client id. */
  id: z.string(),
  /** Sign-in name; of the app itself the subject of its certificate. */
  username: z.string(),
  name: z.string(),
  tenant: z.string(),
  /** It is the one that is used now. */
  current: z.boolean(),
  /** It belongs to the tenant that is set, so that it can be used. */
  usable: z.boolean(),
});
export type Account = z.infer<typeof accountSchema>;

/** What a sign-in waits for. `url` is opened on this computer; `userCode` is typed at `verificationUri`, anywhere. */
export const signInPromptSchema = z.discriminatedUnion('way', [
  z.object({
    way: z.literal('browser'),
    url: z.string(),
    /** False: no browser could be opened, so a person has to open the address. */
    opened: z.boolean(),
    until: z.string(),
  }),
  z.object({ way: z.literal('device-code'), userCode: z.string(), verificationUri: z.string(), until: z.string() }),
]);
export type SignInPrompt = z.infer<typeof signInPromptSchema>;

export const connectionViewSchema = z.object({
  /** null = it is not set. */
  connection: connectionSchema.nullable(),
  /** Tenants that were set before, to go back to. */
  known: z.array(connectionSchema),
  /** null while the site is locked: the accounts are sealed. */
  accounts: z.array(accountSchema).nullable(),
  permissions: z.record(featureSchema, z.array(permissionSchema)),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;
