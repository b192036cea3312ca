/** Two technicians with a site file each, one list, and real devices of the lab: what a run does with a room that is taken, and after `kill -9`. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { RunEvent } from '../../main/contract/progress.ts';
import { withGraph } from '../../main/services/graph.ts';
import { withClaims } from '../../main/services/results/link.ts';
import { publish } from '../../main/services/results/publish.ts';
import { setResults } from '../../main/services/results/settings.ts';
import { type RunOptions, run } from '../../main/services/run.ts';
import { Site } from '../../main/site/site.ts';
import type { LabItem } from '../lab/microsoft/graph/list.ts';
import { polyVideoOs } from '../lab/poly/videoos.ts';
import type { LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';
import { startTeamLab, type TeamLab } from '../support/microsoftSite.ts';
import { jsonLines, otj, spawnOtj } from '../support/otj.ts';
import { addRoom, PASSPHRASE, tempSite } from '../support/siteFile.ts';
import { NEVER } from '../support/teamSites.ts';
import { ADMIN, codec, comparable, PORTS } from './cisco-visit.ts';

let lab: TeamLab;
beforeAll(async () => {
  lab = await startTeamLab();
});
afterAll(() => lab?.stop());

const lists = () => lab.sites.sites[0]?.lists ?? [];
beforeEach(() => void lists().splice(0));

function item(): LabItem['fields'] {
  const found = [...(lists()[0]?.items.values() ?? [])].filter(({ fields }) => fields.Title === 'Fjord');
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} items`);
  return found[0].fields;
}

const POLY = { username: 'admin', password: 'Device-Admin-7654321' };

async function siteOf(technician: string, { spec }: LabDevice, isPoly = false): Promise<Site> {
  const ports = isPoly ? { httpsPort: spec.httpsPort } : PORTS;
  const site = await tempSite({ ...ports, technician, timeoutMs: 4_000, proofMs: 0, proofEveryMs: 50 });
  site.saveCredential('cisco-roomos', null, ADMIN.username, ADMIN.passphrase);
  site.saveCredential('poly-videoos', null, POLY.username, POLY.password);
  const family = isPoly ? 'poly-videoos' : 'cisco-roomos';
  const { room } = addRoom(site, { mailbox: 'fjord@contoso.example', address: spec.address, family });
  if (isPoly)
    site.outbox.saveEntry({ roomId: room.id, entryId: 1, createdByUs: true, before: null, server: 'otj1.example.com' });
  await lab.signIn(site);
  const wish = { address: lab.address, create: true, reports: false };
  await withGraph(site, (graph) => setResults(site, graph, wish));
  return site;
}

const only = (site: Site) => {
  const [room] = site.rooms.all();
  if (!room) throw new Error('no room');
  return room;
};

const NOTHING_AGREED = { agreed: () => false, signal: NEVER, told: () => undefined };

/** As both the window and the command run it. */
async function migrate(
  site: Site,
  listen: (event: RunEvent) => void = () => undefined,
  change: Partial<RunOptions> = {},
) {
  const codes: (string | undefined)[] = [];
  const { technician } = site.settings;
  const signal = change.signal ?? NEVER;
  const told = (event: RunEvent) => {
    if (event.type === 'room') codes.push(event.problem?.code);
    listen(event);
  };
  const claiming = { ...NOTHING_AGREED, signal };
  const result = await withClaims(site, claiming, (claims) =>
    run(site, { kind: 'migrate', rooms: [only(site)], technician, ...change, ...claims, signal, listen: told }),
  );
  site.releaseLock();
  return { result, codes: codes.filter(Boolean) };
}

it('leaves device, state and problem of a taken room as they were, and gives its own back with the result', async () => {
  const device = await codec();
  const [kari, ola] = [await siteOf('Kari', device), await siteOf('Ola', device)];
  const [untouched, room] = [comparable(device), only(ola)];
  await withClaims(kari, NOTHING_AGREED, async ({ claims }) => {
    await claims?.take(only(kari));
    const { result, codes } = await migrate(ola);
    expect({ result, codes }).toMatchObject({ result: { ok: 0, failed: 1 }, codes: ['ROOM_TAKEN'] });
    expect(only(ola)).toEqual(room);
    expect(comparable(device)).toEqual(untouched);
    expect(ola.journal.ofRoom(room.id)).toEqual([]);
    expect(item().InWorkBy).toBe('Kari');
  });
  expect(item().InWorkBy).toBeUndefined();

  const holders: unknown[] = [];
  const { result } = await migrate(kari, (event) => void (event.type === 'step' && holders.push(item().InWorkBy)));
  expect(result).toMatchObject({ ok: 1 });
  expect(new Set(holders)).toEqual(new Set(['Kari']));
  const { state } = only(kari);
  expect(state).toBe('awaiting sync');
  expect(item()).toMatchObject({ MigrationState: state, Technician: 'Kari' });
  expect(item().InWorkBy).toBeUndefined();

  // Finished by Kari: Ola's run still leaves it, though nobody has it in work.
  const migrated = comparable(device);
  expect((await migrate(ola)).codes).toEqual(['ROOM_TAKEN']);
  expect([only(ola), comparable(device)]).toEqual([room, migrated]);
});

it('gives the room back when it fails', async () => {
  const device = await codec();
  const kari = await siteOf('Kari', device);
  device.setFaults({ dropOnce: 'User Add' });
  const holders: unknown[] = [];
  const { codes } = await migrate(kari, (event) => void (event.type === 'step' && holders.push(item().InWorkBy)));
  expect(new Set(holders)).toEqual(new Set(['Kari']));
  expect(codes).toHaveLength(1);
  expect(item()).toMatchObject({ MigrationState: 'needs attention', Problem: expect.stringContaining(codes[0] ?? '') });
  expect(item().InWorkBy).toBeUndefined();
});

it('gives the room back when it is stopped in the middle', async () => {
  const device = await codec();
  const kari = await siteOf('Kari', device);
  const stop = new AbortController();
  const { codes } = await migrate(
    kari,
    (event) => {
      if (event.type === 'step' && event.step === 'account' && event.status === 'running') stop.abort();
    },
    { signal: stop.signal },
  );
  expect(codes).toEqual(['CANCELLED']);
  expect(item()).toMatchObject({ MigrationState: only(kari).state });
  expect(item().InWorkBy).toBeUndefined();
});

it('gives the room back when it waits for a pilot', async () => {
  const start = polyVideoOs({ registerMs: 10, pullTimeoutMs: 2_000 });
  const spec = {
    ...{ kind: 'poly-videoos' as const, address: '127.77.90.1', httpsPort: 18_643, serial: '8L0000000090' },
    ...{ mac: '00:E0:DB:00:00:90', model: 'StudioX50', systemName: 'Fjord', software: '4.3.0' },
    ...{ names: 'exchange' as const, admin: POLY, pollMs: 50 },
    calendar: { enabled: false, mailbox: '', domain: '', server: '', username: '', password: '' },
  };
  const device = await start(spec, createWorld());
  onTestFinished(() => device.stop());
  const kari = await siteOf('Kari', device, true);
  const { result } = await migrate(kari);
  expect(result.waiting).toHaveLength(1);
  expect(item().JobKey).toBeDefined();
  expect(item().InWorkBy).toBeUndefined();
});

it('of a sync that finishes rooms comes before the list is told, and its debts are told as they are in the end', async () => {
  const kari = await siteOf('Kari', await codec());
  const room = only(kari);
  kari.outbox.saveEntry({ roomId: room.id, entryId: 1, createdByUs: true, before: null, server: 'otj1.example.com' });
  kari.rooms.setState(room.id, 'needs attention', new OtjError('NOT_PREPARED').toProblem());
  addRoom(kari, { name: 'Skog', mailbox: 'skog@contoso.example', address: '10.0.0.2' });
  kari.close();
  const { code, stdout } = await otj(['sync', kari.path, '--finish', '--json', '--passphrase-fd', '3'], PASSPHRASE);
  const lines = jsonLines(stdout).filter(({ type }) => type === 'published' || type === 'result');
  expect(lines).toMatchObject([
    { type: 'result', ok: 1, owed: 1, owedToList: 1 },
    { type: 'published', room: 'Skog', what: 'written' },
    // Infinity's word for the room that was just done is asked for by the next sync.
    { type: 'result', owed: 1, owedToList: 0, owedToPlaces: 0, freed: ['Fjord'] },
  ]);
  expect(code).toBe(1);
  expect(item()).toMatchObject({ MigrationState: 'awaiting sync' });
});

it('is carried on with the own lease after kill -9 in the middle of the cutover, and left by others until then', async () => {
  const device = await codec();
  const [kari, ola] = [await siteOf('Kari', device), await siteOf('Ola', device)];
  kari.close();
  const args = ['run', kari.path, '--json', '--passphrase-fd', '3'];
  const child = spawnOtj(args, [PASSPHRASE]);
  if (!child.stdout) throw new Error('no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { step, status } = JSON.parse(line) as { step?: string; status?: string };
    if (step?.startsWith('macro.remove') && status === 'running') child.kill('SIGKILL');
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  const lease = item().InWorkKey;
  expect(item()).toMatchObject({ InWorkBy: 'Kari' });

  const [room, half] = [only(ola), comparable(device)];
  expect((await migrate(ola)).codes).toEqual(['ROOM_TAKEN']);
  expect([only(ola), comparable(device), item().InWorkKey]).toEqual([room, half, lease]);

  const again = await otj(args, PASSPHRASE);
  expect(jsonLines(again.stdout).at(-1)).toMatchObject({ type: 'result', ok: 1, failed: 0 });
  expect(item()).toMatchObject({ MigrationState: 'awaiting sync', Technician: 'Kari' });
  expect(item().InWorkBy).toBeUndefined();
  const opened = Site.open(kari.path);
  onTestFinished(() => opened.close());
  await opened.unlock(PASSPHRASE);
  const published = await withGraph(opened, (graph) =>
    publish(opened, { graph, rooms: null, signal: NEVER, told: () => undefined }),
  );
  expect(published).toMatchObject({ failed: 0, owed: 0 });
}, 120_000);
