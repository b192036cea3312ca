/** The Microsoft 365 of a practice site: its people, a mailbox for each room, and a SharePoint site for the results. */
import { Tenant as Directory } from './graph/tenant.ts';
import { PERMISSIONS, type Tenant } from './identity/tenant.ts';
import { type MicrosoftLab, startMicrosoft } from './index.ts';

const DOMAIN = 'nordbank.example';
const GROUP = `otjrooms@${DOMAIN}`;
const SITE = { host: 'nordbank.sharepoint.com', path: '/sites/otj', name: 'OTJ' };

export interface PracticeMicrosoft {
  connection: MicrosoftLab['connection'];
  /** Sign-in names to choose from; there are no passwords. */
  people: string[];
  group: string;
  /** Address of the SharePoint site. */
  site: string;
}

export interface PracticeMicrosoftOptions {
  rooms: readonly { room: string; mailbox: string; building: string }[];
  address: string;
  /** That of Graph is the next one. */
  port: number;
  /** One mailbox is a person's, one room is missing in the group, and one of the tenant is in no list. */
  trouble: boolean;
}

export async function startPracticeMicrosoft(
  options: PracticeMicrosoftOptions,
): Promise<{ lab: MicrosoftLab; document: PracticeMicrosoft }> {
  const { rooms, address, port, trouble } = options;
  const people = [
    { id: '5b0c6a8e-0000-4000-8000-00000000000a', username: `kari@${DOMAIN}`, name: 'Kari Nordmann' },
    { id: '5b0c6a8e-0000-4000-8000-00000000000b', username: `ola@${DOMAIN}`, name: 'Ola Nordmann' },
  ];
  const tenant: Tenant = {
    id: '5b0c6a8e-0000-4000-8000-000000000001',
    domain: DOMAIN,
    people,
    registration: { clientId: '5b0c6a8e-0000-4000-8000-000000000002', certificate: null },
    consented: new Set(PERMISSIONS),
    roles: new Set(PERMISSIONS),
    peopleConsent: false,
  };
  const directory = new Directory();
  const group = directory.addGroup({ name: 'OTJ rooms', mail: GROUP });
  for (const [at, { room, mailbox, building }] of rooms.entries()) {
    const account = { upn: mailbox, name: room, place: { building, capacity: 8 } };
    const made = trouble && at === 1 ? directory.add(account) : directory.addRoom(account);
    if (!trouble || at !== 2) directory.join(group, made);
  }
  if (trouble) directory.addRoom({ upn: `loft@${DOMAIN}`, name: 'Loft', place: { building: 'Oslo' } });
  const lab = await startMicrosoft({
    tenant,
    directory,
    site: SITE,
    address,
    ports: { identity: port, graph: port + 1 },
  });
  return {
    lab,
    document: {
      connection: lab.connection,
      people: people.map(({ username }) => username),
      group: GROUP,
      site: `https://${SITE.host}${SITE.path}`,
    },
  };
}
