import { z } from 'zod';
import { checkSchema } from '../jobs.ts';
import { method, nothing } from '../method.ts';
import {
  authoritiesSchema,
  CA_MOST,
  certificateSchema,
  credentialKindSchema,
  infinityAddressSchema,
  portSchema,
  purposeSchema,
  settingsSchema,
  siteSchema,
} from '../site.ts';

const secret = z.string();

export const siteMethods = {
  'site.create': method(
    z.object({
      path: z.string().min(1),
      name: z.string(),
      technician: z.string(),
      passphrase: secret,
      /** Let this computer's keychain open it from now on. */
      remember: z.boolean(),
    }),
    siteSchema,
  ),
  'site.open': method(z.object({ path: z.string().min(1) }), siteSchema),
  'site.unlock': method(z.object({ passphrase: secret, remember: z.boolean() }), siteSchema),
  /** Throws JOB_RUNNING while work goes on. */
  'site.close': method(nothing, nothing),
  /** Takes the site's key out of this computer's keychain. */
  'site.forgetKey': method(nothing, siteSchema),
  'site.change': method(settingsSchema.omit({ infinity: true }).partial(), siteSchema),
  /** null = no Infinity. */
  'site.infinity': method(infinityAddressSchema.nullable(), siteSchema),
  /** What certificate a server shows; null when nothing answers. Sends nothing. `ca`: judged by these authorities. */
  'site.certificate': method(
    z.object({ address: z.string().min(1), port: portSchema, ca: z.string().max(CA_MOST).nullable().exactOptional() }),
    certificateSchema.nullable(),
  ),
  /** Reads a file of authorities, PEM or DER. Throws CA_UNFIT. */
  'site.authorities': method(z.object({ base64: z.string().max(2 * CA_MOST) }), authoritiesSchema),
  /** The readiness list as it was looked at last with `jobs.check`, in this session or before; null = never. */
  'site.checks': method(nothing, z.object({ checks: z.array(checkSchema), at: z.string() }).nullable()),
  'credentials.save': method(
    z.object({
      purpose: purposeSchema,
      roomId: z.number().nullable(),
      username: z.string().min(1),
      /** Of an OAuth2 client its private key, as PEM or JWK. Throws KEY_UNFIT. */
      password: secret,
      /** Absent = basic. `oauth2` is for Infinity only. */
      kind: credentialKindSchema.exactOptional(),
    }),
    siteSchema,
  ),
  'credentials.remove': method(z.object({ purpose: purposeSchema, roomId: z.number().nullable() }), siteSchema),
  /** A secret, because somebody asked to see it. `room`: the login that Infinity and the room's device share. */
  'secrets.reveal': method(
    z.discriminatedUnion('of', [
      z.object({ of: z.literal('credential'), purpose: purposeSchema, roomId: z.number().nullable() }),
      z.object({ of: z.literal('room'), roomId: z.number() }),
    ]),
    z.object({ username: z.string(), password: secret }),
  ),
};
