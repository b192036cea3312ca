/** A device that looks at certificates, and a node that shows one: what the run makes of it, over real sockets. */
import { lookup } from 'node:dns/promises';
import { generate } from 'selfsigned';
import { expect, it, onTestFinished } from 'vitest';
import type { Accepted } from '../../main/contract/device.ts';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { run } from '../../main/services/run.ts';
import { answerEws } from '../lab/ews.ts';
import { startHttpsHost } from '../lab/https-host.ts';
import { startPoly } from '../lab/poly/poly.ts';
import type { PolySpec } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { PLACE } from '../support/place.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const ADMIN = { username: 'admin', password: 'Device-Admin-7654321' };
const MAILBOX = 'fjord@example.com';
/** The one name that every computer's own table of names has. */
const NODE = 'localhost';
const AT = `127.150.${PLACE}.1`;
const PORT = 18_543;
const CHECKS = 'sec.TLS.cert.validatePeer.enable';
const AUTHORITY = 'sec.TLS.customCaCert.1';
const THIRD = 'sec.TLS.customCaCert.3';

/** A node that is made out to these names, a device with these settings, and a run over its room. */
async function migrated(
  names: string[],
  settings: (certificate: string) => Record<string, string>,
  { hidesAuthorities = false, accept = [] as Accepted[] } = {},
): Promise<{ state: string; code: string | null; words: string; server: string }> {
  const world = createWorld();
  const logins = new Map<string, string>();
  const { address } = await lookup(NODE);
  const node = await startHttpsHost({
    address,
    port: 0,
    certificateNames: names,
    handler: (request, response) =>
      answerEws(request, response, {
        realm: NODE,
        login: (name, secret) => (logins.get(name) === secret ? MAILBOX : undefined),
        meetings: () => [
          {
            id: 'm1',
            subject: 'Plan',
            organizer: { name: 'Ada', email: 'ada@example.com' },
            start: new Date(Date.now() + 600_000).toISOString(),
            minutes: 30,
            alias: 'plan@example.com',
          },
        ],
        served: () => undefined,
      }),
  });
  onTestFinished(() => node.stop());
  world.names.set(NODE, { address, port: node.port });
  const spec: PolySpec = {
    kind: 'poly-videoos',
    address: AT,
    httpsPort: PORT,
    serial: '8L0000000081',
    mac: '00:E0:DB:00:00:81',
    model: 'StudioX50',
    software: '4.2.0',
    systemName: 'Fjord',
    admin: ADMIN,
    calendar: { enabled: false, mailbox: '', domain: '', server: '', username: '', password: '' },
    pollMs: 50,
    settings: settings(node.certificate),
    hidesAuthorities,
  };
  const device = await startPoly(spec, world);
  const site = await tempSite({ httpsPort: PORT, nodePort: node.port, proofMs: 20_000, proofEveryMs: 50 });
  site.saveCredential('poly-videoos', null, ADMIN.username, ADMIN.password);
  const { room } = addRoom(site, { mailbox: MAILBOX, address: AT, family: 'poly-videoos' });
  site.outbox.saveEntry({ roomId: room.id, entryId: 1, createdByUs: true, before: null, server: NODE });
  const { username, password } = roomLogin(site, room, 'poly-videoos');
  logins.set(username, password);
  try {
    const { signal } = new AbortController();
    const listen = () => undefined;
    await run(site, { kind: 'migrate', rooms: [room], technician: 'Ada', pilots: 'first', signal, listen, accept });
    const { state = '', problem = null } = site.rooms.get(room.id) ?? {};
    const fit = site.journal.ofRoom(room.id).find(({ step, edge }) => step === 'check.fit' && edge === 'outcome');
    const { settings: now } = device.snapshot() as { settings: Record<string, string> };
    return {
      state,
      code: problem?.code ?? null,
      words: problem?.words ?? fit?.words ?? '',
      server: now['cal.ews.server'] ?? '',
    };
  } finally {
    await device.stop();
  }
}

it('refuses a node whose authority the device does not have, before anything is written', async () => {
  const seen = await migrated([NODE], () => ({ [CHECKS]: 'True' }));
  expect(seen).toMatchObject({ state: 'needs attention', code: 'SERVER_UNTRUSTED', server: '' });
  expect(seen.words).toContain('localhost: issued by');
});

it('refuses a node whose certificate is made out to another name', async () => {
  const seen = await migrated(['otj1.example.com'], (certificate) => ({ [CHECKS]: 'True', [AUTHORITY]: certificate }));
  expect(seen).toMatchObject({ state: 'needs attention', code: 'SERVER_UNTRUSTED', server: '' });
  expect(seen.words).toContain('made out to CN=otj1.example.com');
});

it('goes on where the device has the authority, and the device itself comes to the node', async () => {
  const seen = await migrated([NODE], (certificate) => ({ [CHECKS]: 'True', [AUTHORITY]: certificate }));
  expect(seen).toMatchObject({ state: 'migrated', code: null, server: NODE });
});

it('refuses where the device has another authority than the node’s', async () => {
  const { cert } = await generate([{ name: 'commonName', value: 'Another authority' }], { keyType: 'ec' });
  const seen = await migrated([NODE], () => ({ [CHECKS]: 'True', [AUTHORITY]: cert }));
  expect(seen).toMatchObject({ state: 'needs attention', code: 'SERVER_UNTRUSTED', server: '' });
});

it('goes on where the authority is in another slot', async () => {
  const { cert } = await generate([{ name: 'commonName', value: 'Another authority' }], { keyType: 'ec' });
  const seen = await migrated([NODE], (certificate) => ({ [CHECKS]: 'True', [AUTHORITY]: cert, [THIRD]: certificate }));
  expect(seen).toMatchObject({ state: 'migrated', code: null, server: NODE });
});

it('does not judge by an authority that nobody can read, and goes on where somebody has looked at the device', async () => {
  const own = (certificate: string) => ({ [CHECKS]: 'True', [AUTHORITY]: certificate });
  const seen = await migrated([NODE], own, { hidesAuthorities: true });
  expect(seen).toMatchObject({ state: 'needs attention', code: 'SERVER_UNJUDGED', server: '' });
  expect(seen.words).toContain('localhost: issued by');
  const known = await migrated([NODE], own, { hidesAuthorities: true, accept: ['certificate'] });
  expect(known).toMatchObject({ state: 'migrated', code: null, server: NODE });
});

it('goes on where the device does not look, and says so', async () => {
  const seen = await migrated(['otj1.example.com'], () => ({ [CHECKS]: 'False' }));
  expect(seen).toMatchObject({ state: 'migrated', server: NODE });
  expect(seen.words).toContain('the device does not check it');
});
