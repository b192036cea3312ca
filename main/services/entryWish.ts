/** The entry that a room of this site should have on Infinity. */
import type { ToldKey } from '../contract/device.ts';
import type { Family } from '../contract/plan.ts';
import type { EntryWish } from '../infinity/entry.ts';
import type { Endpoint, Room } from '../site/rooms.ts';

const FAMILY_ON_INFINITY: Record<Family, 'CISCO' | 'POLY'> = {
  'cisco-roomos': 'CISCO',
  'poly-videoos': 'POLY',
  'poly-group': 'POLY',
  'poly-trio': 'POLY',
  'poly-hdx': 'POLY',
  'poly-debut': 'POLY',
};

/**
 * How Infinity reaches the device. A codec of the Webex cloud is known by what it told at a visit; until then it is one like
 * any other, and its entry is changed when it has been seen. One that somebody on the premises manages keeps its local
 * accounts, registered or not.
 */
export function typeOnInfinity({ family, told }: Pick<Endpoint, 'told'> & { family: Family }): EntryWish['family'] {
  const isCloud = family === 'cisco-roomos' && word(told, 'webex') === 'Registered' && word(told, 'manager') === null;
  return isCloud ? 'WEBEX' : FAMILY_ON_INFINITY[family];
}

function word(told: Endpoint['told'], key: ToldKey): string | null {
  return told.find((one) => one.key === key)?.value || null;
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
    webexDeviceId: word(endpoint.told, 'webex-id'),
    mailbox: room.mailbox,
    groupUri,
    address: endpoint.address,
    port: endpoint.httpsPort === 443 ? null : endpoint.httpsPort,
    ...login,
  };
}
