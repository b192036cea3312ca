/** A tenant with one mailbox of each kind that a check has to tell apart. */
import type { LabGroup } from '../lab/microsoft/graph/tenant.ts';
import { Tenant } from '../lab/microsoft/graph/tenant.ts';

export const GROUP = 'otjrooms@contoso.example';

export interface MailboxTenant {
  tenant: Tenant;
  group: LabGroup;
  /** A group inside of the group. */
  floor: LabGroup;
}

export function mailboxTenant(): MailboxTenant {
  const tenant = new Tenant();
  const group = tenant.addGroup({ name: 'OTJ rooms', mail: GROUP });
  const floor = tenant.addGroup({ name: 'Second floor', mail: 'floor2@contoso.example' });
  const room = (name: string, change: Parameters<Tenant['add']>[0] | object = {}) =>
    tenant.addRoom({ upn: `${name}@contoso.example`, name, place: { building: 'Oslo', capacity: 8 }, ...change });
  tenant.join(
    group,
    room('fjord'),
    room('hidden', { hidden: true }),
    room('quote', { upn: "o'neil@contoso.example", mail: "o'neil@contoso.example" }),
  );
  tenant.join(group, floor);
  // a ring, which directories allow
  tenant.join(floor, room('nested'), group);
  room('outside');
  tenant.join(group, room('alias', { aliases: ['old-alias@contoso.example'] }));
  tenant.join(group, room('renamed', { upn: 'room-17@contoso.example', mail: 'renamed@contoso.example' }));
  tenant.join(group, room('closed', { calendar: 'denied' }));
  tenant.join(group, tenant.add({ upn: 'person@contoso.example', purpose: 'user' }));
  tenant.join(group, tenant.add({ upn: 'shared@contoso.example', purpose: 'shared', enabled: false, licensed: false }));
  tenant.join(group, tenant.add({ upn: 'beamer@contoso.example', purpose: 'equipment', enabled: false }));
  tenant.add({ upn: 'bare@contoso.example', purpose: null, licensed: false });
  tenant.remove(room('gone'));
  room('stranger', { name: "‮x\n'; $(Remove-Mailbox x) `y`" });
  return { tenant, group, floor };
}
