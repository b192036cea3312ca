import { z } from 'zod';
import { method, nothing } from '../method.ts';
import { connectionSchema, connectionViewSchema, featureSchema } from '../microsoft/connection.ts';

export const connectionMethods = {
  /** Which tenant, as which app, who is signed in, and what each feature asks for. */
  'microsoft.connection': method(nothing, connectionViewSchema),
  /** Sets the tenant; one that was set before comes back with its account. Throws SETTING_UNFIT. */
  'microsoft.connect': method(
    connectionSchema
      .pick({ cloud: true, other: true, ca: true, tenant: true, clientId: true })
      .extend({ selectedSites: z.boolean().exactOptional() }),
    connectionViewSchema,
  ),
  /** Another of those who are signed in is used. Throws M365_SIGN_IN_NEEDED, M365_TENANT_WRONG. */
  'microsoft.account': method(z.object({ username: z.string() }), connectionViewSchema),
  /**
   * Signs the app in as itself. `base64`: a PEM file with certificate and key. Throws M365_CERTIFICATE_UNFIT,
   * M365_CERTIFICATE, and other errors of a sign-in.
   */
  'microsoft.certificate': method(z.object({ base64: z.string().max(100_000) }), connectionViewSchema),
  /** Forgets who uses this tenant now; `all`: everybody in all tenants that are remembered. */
  'microsoft.signOut': method(z.object({ all: z.boolean() }), connectionViewSchema),
  /**
   * A person signs in; the job's `prompt` says what there is to do. Throws M365_NOT_SET, VAULT_LOCKED, JOB_RUNNING; the job
   * fails with the errors of a sign-in.
   */
  'jobs.signIn': method(
    z.object({ way: z.enum(['browser', 'device-code']), features: z.array(featureSchema).min(1) }),
    z.object({ job: z.number() }),
  ),
};
