/** The entry that a room of this site should have on Infinity. */
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
    family: FAMILY_ON_INFINITY[endpoint.family],
    mailbox: room.mailbox,
    groupUri,
    address: endpoint.address,
    port: endpoint.httpsPort === 443 ? null : endpoint.httpsPort,
    ...login,
  };
}
