/** Who a codec is, read alone: for work that needs no more of it than to be sure that it is the right one. */
import type { Identity } from '../../contract/device.ts';
import { OtjError } from '../../contract/errors.ts';
import { optional, permitted } from './facts/reads.ts';
import { leaf, textAt, type Xapi } from './xapi.ts';

/** One flight of readings. Throws NOT_ADMIN when the login may not read it, ODD_REPLY when there is no serial number. */
export async function readIdentity(xapi: Xapi): Promise<Identity> {
  const [unit, mac, contact] = await Promise.all([
    permitted(xapi.get('Status', 'SystemUnit')),
    optional(xapi.get('Status', 'Network 1 Ethernet MacAddress')),
    optional(xapi.get('Status', 'UserInterface ContactInfo Name')),
  ]);
  return identityOf({ unit, mac, contact });
}

/** What was read, each null or undefined where the codec refused it. */
interface Told {
  unit: unknown;
  mac: unknown;
  contact: unknown;
}

/** Throws NOT_ADMIN when the login may not read it, ODD_REPLY when there is no serial number. */
export function identityOf({ unit, mac, contact }: Told): Identity {
  if (unit === null) throw new OtjError('NOT_ADMIN', 'Status SystemUnit refused');
  const serial = textAt(unit, 'Hardware', 'Module', 'SerialNumber');
  const software = textAt(unit, 'Software', 'Version') ?? '';
  // Some roles are shown no more of the branch than the number of calls (public schemas).
  if (!serial)
    throw software
      ? new OtjError('ODD_REPLY', 'the codec tells no serial number')
      : new OtjError('NOT_ADMIN', 'Status SystemUnit is shown without serial number and version');
  return {
    serial,
    mac: leaf(mac)?.toUpperCase() || null,
    model: textAt(unit, 'ProductId') ?? '',
    software,
    systemName: leaf(contact) || textAt(unit, 'BroadcastName') || '',
  };
}
