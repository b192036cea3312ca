/**
 * A wrong password over a whole building: tried once on one codec, on no other, however often the run is started. The
 * rules behind it have their own tests (unit: engine-batch; integration: room-visit).
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Transport, TransportChoice } from '../../../main/contract/device.ts';
import { parseLine } from '../../../main/endpoints/cisco/line.ts';
import { recordRoom } from '../../../main/services/record.ts';
import { run } from '../../../main/services/run.ts';
import { sendLine } from '../../../main/services/xapiLine.ts';
import type { Site } from '../../../main/site/site.ts';
import { startCodec } from '../../lab/cisco/codec.ts';
import { GENERATIONS } from '../../lab/cisco/generations.ts';
import type { CodecSpec, LabDevice } from '../../lab/types.ts';
import { createWorld } from '../../lab/world.ts';
import { codeOf } from '../../support/codeOf.ts';
import { PLACE } from '../../support/place.ts';
import { addRoom, tempFolder, tempSite } from '../../support/siteFile.ts';

const CODECS = 200;
const NET = `127.67.${PLACE}`;
const PORTS = { sshPort: 3268, httpsPort: 9868 };
const ADMIN = { username: 'admin', passphrase: 'Right-Secret-1234', roles: ['Admin' as const] };
const WRONG = 'Wrong-Secret-1234';

const running: LabDevice[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((device) => device.stop()));
});

async function building(transport: TransportChoice, last: Transport | null = null, count = CODECS): Promise<Site> {
  const site = await tempSite({ ...PORTS, timeoutMs: 10_000, proofMs: 0, concurrency: 32 });
  site.saveCredential('cisco-roomos', null, ADMIN.username, WRONG);
  for (let at = 1; at <= count; at++) {
    const address = `${NET}.${at}`;
    const spec: CodecSpec = {
      kind: 'codec',
      ...GENERATIONS.roomos26,
      address,
      ...PORTS,
      serial: `FOC5555L${1_000 + at}`,
      mac: '00:50:60:00:00:05',
      systemName: `Room ${at}`,
      users: [ADMIN],
      macros: [],
    };
    running.push(await startCodec(spec, createWorld()));
    const { endpoint } = addRoom(site, { name: `Room ${at}`, mailbox: `room${at}@example.com`, address });
    site.rooms.setLink(endpoint.id, { transport, legacy: false });
    if (last) site.rooms.noteVisit(endpoint.id, { transport: last, weakness: null }, []);
  }
  return site;
}

function failedLogins(): number {
  const users = running.flatMap((device) => device.snapshot().users as { failedLogins: number; blocked: boolean }[]);
  expect(users.filter(({ blocked }) => blocked)).toEqual([]);
  return users.reduce((sum, { failedLogins: count }) => sum + count, 0);
}

const { signal } = new AbortController();
const migrate = (site: Site) =>
  run(site, { kind: 'migrate', rooms: site.rooms.all(), technician: 'Ada', signal, listen: () => undefined });

describe('a password that is no more what it was', () => {
  it('is tried once in a run, though it worked on these codecs before', async () => {
    const site = await building('ssh');
    const room = site.rooms.all()[0];
    if (!room) throw new Error('no room');
    site.proveCredential(site.credential('cisco-roomos', room.id).id);
    const { ok } = await migrate(site);
    expect(ok).toBe(0);
    expect(failedLogins()).toBe(1);
    expect(site.rooms.all().filter(({ problem }) => problem?.code === 'CREDENTIAL_PAUSED')).toHaveLength(CODECS - 1);
  });
});

describe('trouble with the account on one codec', () => {
  it.each([
    ['PASSPHRASE_CHANGE', { passphraseChange: true }],
    ['ACCOUNT_EXPIRED', { expired: true }],
  ] as const)('%s keeps no other from being moved, and that one may be tried again', async (code, faults) => {
    const site = await building('ssh', null, 4);
    site.saveCredential('cisco-roomos', null, ADMIN.username, ADMIN.passphrase);
    running[0]?.setFaults(faults);
    await migrate(site);
    const codes = site.rooms.all().map(({ problem }) => problem?.code ?? null);
    expect(codes).toEqual([code, null, null, null]);
    running[0]?.setFaults({});
    await migrate(site);
    expect(site.rooms.all()[0]?.problem).toBeNull();
  });
});

describe(`a wrong password and ${CODECS} codecs`, () => {
  it.each<[string, TransportChoice, Transport | null]>([
    ['SSH', 'ssh', null],
    ['HTTPS', 'https', null],
    ['whichever is there', 'auto', null],
    ['HTTPS first, as the last time', 'auto', 'https'],
  ])('over %s: one failed login in all, and none more by any other work', async (_name, transport, last) => {
    const site = await building(transport, last);
    const result = await migrate(site);
    expect(result.ok).toBe(0);
    expect(result.failed + result.skipped).toBe(CODECS);
    expect(failedLogins()).toBe(1);
    await migrate(site);
    await sendLine(site, {
      rooms: site.rooms.all(),
      line: parseLine('xStatus SystemUnit Uptime', null),
      apply: false,
      signal,
      answered: () => undefined,
    });
    for (const room of site.rooms.all().slice(0, 3))
      expect(await codeOf(() => recordRoom(site, { room, folder: tempFolder(), transport: null, signal }))).toMatch(
        /^(CREDENTIAL_PAUSED|LOGIN_REFUSED)$/,
      );
    expect(failedLogins()).toBe(1);
  });
});
