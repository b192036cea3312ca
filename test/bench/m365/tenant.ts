/**
 * A tenant of this bench, in a process of its own so that its work is not counted as ours. Ends with its parent. Arguments: rooms of
 * the site; `way` or `service`; milliseconds.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { directoryRoutes } from '../../lab/microsoft/graph/directory.ts';
import { mailboxRoutes } from '../../lab/microsoft/graph/mailboxes.ts';
import { startGraphLab } from '../../lab/microsoft/graph/server.ts';
import { Tenant } from '../../lab/microsoft/graph/tenant.ts';
import { benchRooms, GROUP } from './rooms.ts';

export interface TenantReady {
  url: string;
  certificate: string;
  token: string;
}

export interface TenantCount {
  /** HTTP requests. */
  requests: number;
  parts: number;
  /** Requests and parts for Outlook that were let in. */
  outlook: number;
  refused: number;
}

const [count = '0', where = 'way', ms = '0'] = process.argv.slice(2);
const tenant = new Tenant();
const group = tenant.addGroup({ name: 'OTJ rooms', mail: GROUP });
const nested = tenant.addGroup({ name: 'A floor', mail: 'floor@bench.example' });
tenant.join(group, nested);
for (const { mailbox, kind } of benchRooms(Number(count))) {
  if (kind === 'missing') continue;
  const place = { building: 'Oslo', floorNumber: 2, capacity: 8 };
  const room =
    kind === 'person'
      ? tenant.add({ upn: mailbox })
      : kind === 'alias'
        ? tenant.addRoom({ upn: `primary-${mailbox}`, aliases: [mailbox], place })
        : tenant.addRoom({ upn: mailbox, hidden: kind === 'hidden', place });
  if (kind !== 'outside') tenant.join(kind === 'nested' ? nested : group, room);
}
// rooms that the site lacks, and people
for (let at = 0; at < Number(count) / 50; at++) tenant.addRoom({ upn: `stranger-${at}@bench.example` });
for (let at = 0; at < Number(count) / 5; at++) tenant.add({ upn: `person-${at}@bench.example` });

const { privateKey, publicKey } = await generateKeyPair('ES256');
const rules = { issuer: 'https://login.bench.example', audience: 'https://graph.bench.example' };
const scp = 'User.Read.All MailboxSettings.Read GroupMember.Read.All Place.Read.All Calendars.Read.Shared';
const token = await new SignJWT({ scp, appid: 'bench', oid: 'bench' })
  .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
  .setIssuer(rules.issuer)
  .setAudience(rules.audience)
  .setExpirationTime('2h')
  .sign(privateKey);
const lab = await startGraphLab({
  ...rules,
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256' }] },
  address: '127.0.0.1',
  port: 0,
  routes: [...directoryRoutes(tenant), ...mailboxRoutes(tenant)],
  behaviour: where === 'way' ? { latencyMs: Number(ms) } : { serviceMs: Number(ms) },
});
process.on('message', () => {
  const { requests, parts, outlook, refused } = lab.counts;
  process.send?.({ requests, parts, outlook, refused } satisfies TenantCount);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: lab.url, certificate: lab.certificate, token } satisfies TenantReady);
