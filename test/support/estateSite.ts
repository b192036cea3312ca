/** A site file for a practice estate in this process: its list with each device's family, and its logins. */
import { X509Certificate } from 'node:crypto';
import Papa from 'papaparse';
import type { Settings } from '../../main/contract/site.ts';
import { decide } from '../../main/services/decide.ts';
import { importRooms } from '../../main/services/inventory.ts';
import { Site } from '../../main/site/site.ts';
import type { Practice } from '../lab/practice.ts';
import type { AnySpec } from '../lab/types.ts';
import { PASSPHRASE } from './siteFile.ts';

/** As a room list names it. */
const FAMILY: Record<AnySpec['kind'], string> = {
  codec: 'cisco',
  'poly-videoos': 'videoos',
  'poly-group': 'poly-group',
  'poly-trio': 'trio',
  'poly-hdx': 'hdx',
  'poly-debut': 'debut',
};

/** Unlocked; the caller closes it. Somebody has agreed to the restart of every Trio. */
export async function estateSite(
  path: string,
  { document }: Practice,
  settings: Partial<Settings> = {},
): Promise<Site> {
  const { infinity, logins, ports, rooms } = document;
  const at = new URL(infinity.url);
  const site = await Site.create(path, PASSPHRASE, {
    name: 'Mixed',
    technician: 'Test',
    sshPort: ports.ssh,
    httpsPort: ports.https,
    telnetPort: ports.telnet,
    nodePort: ports.https,
    infinity: {
      address: at.hostname,
      port: Number(at.port),
      group: infinity.group,
      pin: new X509Certificate(infinity.certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
    },
    proofEveryMs: 500,
    proofMs: 30_000,
    ...settings,
  });
  const rows = rooms.map(({ room, building, floor, mailbox, address, serial, kind }) => ({
    ...{ room, building, floor, mailbox, address, serial, family: FAMILY[kind] },
  }));
  importRooms(site, Buffer.from(Papa.unparse(rows)));
  site.saveCredential('cisco-roomos', null, logins.cisco.username, logins.cisco.passphrase);
  for (const family of ['poly-videoos', 'poly-group'] as const)
    site.saveCredential(family, null, logins.poly.username, logins.poly.password);
  if (logins.trio) site.saveCredential('poly-trio', null, logins.trio.username, logins.trio.password);
  site.saveCredential('infinity', null, infinity.username, infinity.password);
  for (const { id } of site.rooms.all())
    if (site.rooms.endpointOf(id)?.family === 'poly-trio') decide(site, { roomId: id, accepted: ['restart'] });
  return site;
}
