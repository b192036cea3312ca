/**
 * Shapes of the Management API's objects as far as this product reads them. Fields may be absent in older versions
 * and new in later ones, so only `id` is required and everything else may be missing or null; an odd value is read as
 * what it plainly means, or as null.
 * Sources: Pexip go-infinity-sdk, Pexip's Terraform provider, and the Management Node's own schema page.
 */
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import { RESOURCE } from './paths.ts';
import { flag, id, reference, text, whole } from './tolerant.ts';

/**
 * One OTJ endpoint (`mjx_endpoint`). The node never sends passwords back; should one come all the same it is
 * dropped here, because entries are kept as evidence.
 */
export const EntrySchema = z
  .looseObject({
    id,
    resource_uri: text,
    name: text,
    description: text,
    endpoint_type: text,
    room_resource_email: text,
    mjx_endpoint_group: reference(RESOURCE.groups),
    api_address: text,
    api_port: whole,
    api_username: text,
    use_https: text,
    verify_cert: text,
    poly_username: text,
    poly_raise_alarms_for_this_endpoint: flag,
    webex_device_id: text,
  })
  .transform(({ api_password, poly_password, ...entry }) => entry);
export type Entry = z.infer<typeof EntrySchema>;

/** Whether a row of a list would be read as just this entry. Quick, and false where it is not plain. */
export function tellsEntry(row: object, entry: Entry): boolean {
  let fields = 0;
  for (const [field, value] of Object.entries(row)) {
    if (field === 'api_password' || field === 'poly_password') continue;
    if (!Object.hasOwn(entry, field) || entry[field] !== value) return false;
    fields++;
  }
  return fields === Object.keys(entry).length;
}

/** What OTJ itself knows of an endpoint (`status/v1/mjx_endpoint`). Datetimes without a zone are UTC. */
export const ContactSchema = z.looseObject({
  endpoint_name: text,
  endpoint_type: text,
  endpoint_address: text,
  room_email: text,
  mjx_integration_name: text,
  last_contact_time: text,
  last_worker: text,
  number_of_meetings: whole,
});
export type ContactRow = z.infer<typeof ContactSchema>;

/** OTJ endpoint group: says which location's Conferencing Nodes and which profile serve its endpoints. */
export const GroupSchema = z.looseObject({
  id,
  resource_uri: text,
  name: text,
  system_location: reference(RESOURCE.locations),
  mjx_integration: reference(RESOURCE.profiles),
  disable_proxy: flag,
});
export type Group = z.infer<typeof GroupSchema>;

/** OTJ profile. */
export const ProfileSchema = z.looseObject({
  id,
  resource_uri: text,
  name: text,
  ep_username: text,
  ep_use_https: flag,
  ep_verify_certificate: flag,
  use_webex: flag,
  exchange_deployment: reference(RESOURCE.exchangeDeployments),
  google_deployment: reference(RESOURCE.googleDeployments),
  graph_deployment: reference(RESOURCE.graphDeployments),
});
export type Profile = z.infer<typeof ProfileSchema>;

/**
 * The integration that reads the calendars: fields of all three kinds. Its secrets are write only; should one come all
 * the same it is dropped here, because what was read is shown.
 */
export const DeploymentSchema = z
  .looseObject({
    id,
    resource_uri: text,
    name: text,
    client_id: text,
    oauth_token_url: text,
    service_account_username: text,
    authentication_method: text,
    ews_url: text,
    client_email: text,
    use_user_consent: flag,
  })
  .transform(
    ({ client_secret, private_key, service_account_password, refresh_token, oauth_refresh_token, ...rest }) => ({
      ...rest,
      /** Whether a sign-in was kept; null when the reply does not tell. */
      signedIn: signIn(refresh_token, oauth_refresh_token),
    }),
  );
export type CalendarDeployment = z.infer<typeof DeploymentSchema>;

function signIn(...tokens: unknown[]): boolean | null {
  const told = tokens.filter((token) => token !== undefined);
  return told.length === 0 ? null : told.some((token) => typeof token === 'string' && token !== '');
}

/** Meeting processing rule of a profile: without one, meetings get no Join button. */
export const RuleSchema = z.looseObject({
  id,
  resource_uri: text,
  name: text,
  enabled: flag,
  meeting_type: text,
  mjx_integration: reference(RESOURCE.profiles),
});
export type Rule = z.infer<typeof RuleSchema>;

export const LocationSchema = z.looseObject({ id, resource_uri: text, name: text });

/** A Conferencing Node or Proxying Edge Node (`worker_vm`). */
export const NodeSchema = z.looseObject({
  id,
  name: text,
  hostname: text,
  domain: text,
  address: text,
  system_location: reference(RESOURCE.locations),
  node_type: text,
  maintenance_mode: flag,
});
export type Node = z.infer<typeof NodeSchema>;

/** A node as it reports (`status/v1/worker_vm`): `system_location` is a name here. */
export const NodeStateSchema = z.looseObject({
  name: text,
  configuration_id: whole,
  system_location: text,
  deploy_status: text,
  sync_status: text,
  maintenance_mode: flag,
});
export type NodeState = z.infer<typeof NodeStateSchema>;

/** A raised alarm. The names of those of One-Touch Join are not public. */
export const AlarmSchema = z.looseObject({
  name: text,
  level: text,
  details: text,
  instance: text,
  node: text,
  acknowledged: flag,
  time_raised: text,
});
export type Alarm = z.infer<typeof AlarmSchema>;

/**
 * A meeting that Infinity has read from a room's calendar: whose, and nothing else. Subject and organizer are personal
 * data, so they are dropped where they arrive (a plain object keeps only what it names).
 */
export const MeetingSchema = z.object({ room_email: text, endpoint_name: text });

/** Licence counters: `otj_count` are reserved out of `otj_total`, one for each endpoint. */
export const LicenceSchema = z.looseObject({ otj_count: whole, otj_total: whole });

export const ManagerSchema = z.looseObject({ name: text, version: text });

/** A value that a field of an entry can have on the wire. */
export type FieldValue = string | number | boolean | null;

/**
 * Longest (characters) and shortest value of each field that is sent. Where Pexip's Terraform provider and the
 * node's schema page differ, this is the smaller, so that a value is valid under both.
 */
const LIMITS: Readonly<Record<string, { min: number; max: number }>> = {
  name: { min: 1, max: 100 },
  description: { min: 0, max: 250 },
  room_resource_email: { min: 1, max: 150 },
  api_address: { min: 1, max: 100 },
  api_username: { min: 1, max: 100 },
  api_password: { min: 1, max: 100 },
  poly_username: { min: 1, max: 150 },
  poly_password: { min: 1, max: 100 },
  webex_device_id: { min: 1, max: 100 },
};

/** What the connected version says of a field's length. */
type Told = ReadonlyMap<string, { longest: number | null }>;

/**
 * Checks the fields of an entry before they are sent.
 * @param told by the connected version; where it says less than is documented, less holds
 * @throws OtjError VALUE_TOO_LONG, or INFINITY_REFUSED when a value is missing or out of range; never names a value
 */
export function checkLimits(fields: Readonly<Record<string, FieldValue>>, told: Told | null = null): void {
  for (const [field, value] of Object.entries(fields)) {
    const { min, max } = LIMITS[field] ?? { min: 0, max: Number.POSITIVE_INFINITY };
    if (typeof value === 'string') {
      const length = [...value].length;
      const most = Math.min(max, told?.get(field)?.longest ?? max);
      if (length > most)
        throw new OtjError('VALUE_TOO_LONG', `${field} has ${length} characters, at most ${most} are allowed`);
      if (length < min) throw new OtjError('INFINITY_REFUSED', `${field} is empty (not sent)`);
    }
    if (field === 'api_port' && typeof value === 'number' && !(Number.isInteger(value) && value >= 1 && value <= 65535))
      throw new OtjError('INFINITY_REFUSED', `${field} ${value} is not a port (not sent)`);
  }
}
