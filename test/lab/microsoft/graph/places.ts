/**
 * Writing to a place through the lab's Graph. Sources: pages of Microsoft Graph on place-update: the id names the place, the body
 * names its kind, only some properties may be written, and a change without the administrator's role may be answered well and not
 * be kept. The words of its refusals are not documented; these are the lab's.
 */
import type { Room } from '@microsoft/microsoft-graph-types';
import { placeRow } from './mailboxes.ts';
import { type Call, fault, type Reply, type Route } from './route.ts';
import type { Tenant } from './tenant.ts';

const WRITE_PLACES = ['Place.ReadWrite.All'];
const KIND = /^#?microsoft\.graph\.room$/;

type Kind = 'text' | 'texts' | 'number' | 'flag' | 'object';
/** What may be written of a room. */
const WRITABLE: Partial<Record<keyof Room, Kind>> = {
  address: 'object',
  geoCoordinates: 'object',
  isWheelChairAccessible: 'flag',
  label: 'text',
  phone: 'text',
  tags: 'texts',
  audioDeviceName: 'text',
  displayDeviceName: 'text',
  videoDeviceName: 'text',
  building: 'text',
  capacity: 'number',
  floorLabel: 'text',
  floorNumber: 'number',
  nickname: 'text',
};

const IS: Record<Kind, (value: unknown) => boolean> = {
  text: (value) => value === null || typeof value === 'string',
  // The page calls tags a collection that is required: it may be empty, and not null.
  texts: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  number: (value) => value === null || Number.isInteger(value),
  flag: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object',
};

export function placeRoutes(tenant: Tenant): Route[] {
  return [
    {
      method: 'PATCH',
      pattern: '/places/{place}',
      workload: 'outlook',
      needs: WRITE_PLACES,
      handle: (call) => update(tenant, call),
    },
  ];
}

function update(tenant: Tenant, { params, body }: Call): Reply {
  const account = tenant.account(params.place ?? '');
  // By its id only, as the present page has it.
  if (account?.purpose !== 'room' || account.id !== params.place?.toLowerCase())
    return fault(404, 'ErrorItemNotFound', 'The specified object was not found.');
  const refused = (why: string) => fault(400, 'ErrorInvalidRequest', why);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused('The request has no JSON body.');
  const { '@odata.type': kind, ...values } = body as Record<string, unknown>;
  if (typeof kind !== 'string' || !KIND.test(kind)) return refused('The type of the place is missing or another.');
  for (const [name, value] of Object.entries(values)) {
    const wanted = Object.hasOwn(WRITABLE, name) ? WRITABLE[name as keyof Room] : undefined;
    if (!wanted) return refused(`The property '${name}' cannot be updated.`);
    if (!IS[wanted](value)) return refused(`The value of the property '${name}' is of another type.`);
  }
  tenant.placeWrites++;
  const before = account.place;
  account.place = { ...before, ...values };
  const told = { '@odata.type': '#microsoft.graph.room', ...placeRow(account) };
  if (!tenant.keepsPlaces) account.place = before;
  return { status: 200, body: told };
}
