/** The entry that a room of this site should have on Infinity. */
import type { ToldKey } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { Family } from '../contract/plan.ts';
import { isLeft } from '../infinity/endpoints.ts';
import { type EntryWish, fieldValue, sameValue } from '../infinity/entry.ts';
import type { InfinityEntry } from '../site/outbox.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

const FAMILY_ON_INFINITY: Record<Family, 'CISCO' | 'POLY'> = {
  'cisco-roomos': 'CISCO',
  'poly-videoos': 'POLY',
  'poly-group': 'POLY',
  'poly-trio': 'POLY',
  'poly-hdx': 'POLY',
  'poly-debut': 'POLY',
};

type Seen = Pick<Endpoint, 'told'> & { family: Family };

/**
 * How Infinity reaches the device. A codec of the Webex cloud is known by what it told at a visit; until then it is one like
 * any other, and the visit that sees it has its entry changed. One that somebody on the premises manages keeps its local
 * accounts, registered or not.
 */
export function typeOnInfinity({ family, told }: Seen): EntryWish['family'] {
  const isCloud = family === 'cisco-roomos' && word(told, 'webex') === 'Registered' && word(told, 'manager') === null;
  return isCloud ? 'WEBEX' : FAMILY_ON_INFINITY[family];
}

/** What the device has told and its entry must say for Infinity to reach it. */
export function reachFields(device: Seen): Record<string, string> {
  const type = typeOnInfinity(device);
  const id = type === 'WEBEX' ? webexId(device) : null;
  return { endpoint_type: type, ...(id === null ? {} : { webex_device_id: id }) };
}

/** Whether the entry, as it was read back last, says what the device has told since, or somebody has decided that it shall not. */
export function isReached(device: Seen, { base, yielded }: Pick<InfinityEntry, 'base' | 'yielded'>): boolean {
  const wished = reachFields(device);
  // An entry that was made by hand, or by an earlier version, was made for what was known of the device then.
  const entry = base ?? { endpoint_type: FAMILY_ON_INFINITY[device.family] };
  return Object.entries(wished).every(
    ([field, value]) => sameValue(field, fieldValue(entry, field), value) || isLeft(field, wished, yielded),
  );
}

/** What Webex knows the codec by; null when it has not told. */
export function webexId({ told }: Pick<Endpoint, 'told'>): string | null {
  return word(told, 'webex-id');
}

function word(told: Endpoint['told'], key: ToldKey): string | null {
  return told.find((one) => one.key === key)?.value || null;
}

/** The room's device as it is known now; a visit may just have told more of it. Throws NO_ADDRESS, FAMILY_UNKNOWN. */
export function entryDevice(site: Site, room: Room): Endpoint & { family: Family } {
  const endpoint = site.rooms.endpointOf(room.id);
  if (!endpoint) throw new OtjError('NO_ADDRESS');
  const { family } = endpoint;
  if (!family) throw new OtjError('FAMILY_UNKNOWN', endpoint.address);
  return { ...endpoint, family };
}

export interface EntryContext {
  /** Resource URI of the endpoint group. */
  groupUri: string;
  login: { username: string; password: string };
}

export function entryWish(
  room: Room,
  endpoint: Endpoint & { family: Family },
  { groupUri, login }: EntryContext,
): EntryWish {
  return {
    name: room.name,
    description: [room.building, room.floor && `floor ${room.floor}`].filter(Boolean).join(', '),
    family: typeOnInfinity(endpoint),
    webexDeviceId: webexId(endpoint),
    mailbox: room.mailbox,
    groupUri,
    address: endpoint.address,
    port: endpoint.httpsPort === 443 ? null : endpoint.httpsPort,
    ...login,
  };
}
