/** A sync with three who are owed something: Infinity, the team's list and the tenant's places. None waits for another. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { withGraph } from '../../main/services/graph.ts';
import { setPlaces } from '../../main/services/places/settings.ts';
import { setResults } from '../../main/services/results/settings.ts';
import { Site } from '../../main/site/site.ts';
import { DEFAULT_BEHAVIOUR } from '../lab/microsoft/graph/behaviour.ts';
import { columnFrom } from '../lab/microsoft/graph/columns.ts';
import { LabList } from '../lab/microsoft/graph/list.ts';
import { startAppHere } from '../support/appClient.ts';
import { startTeamLab, type TeamLab } from '../support/microsoftSite.ts';
import { jsonLines } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

let lab: TeamLab;
beforeAll(async () => {
  lab = await startTeamLab();
});
afterAll(() => lab?.stop());
beforeEach(() => {
  Object.assign(lab.graph.behaviour, DEFAULT_BEHAVIOUR, { faults: [] });
});

/** Where nobody listens: a port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

let labs = 0;

/**
 * A site whose Infinity is out of reach and is owed an entry, with two rooms for a list of their own and one migrated room whose
 * place is to be written.
 */
async function owing() {
  labs++;
  const [name, list] = [`Skog ${labs}`, `List ${labs}`];
  const mailbox = `skog-${labs}@contoso.example`;
  const port = await closedPort();
  const site = await tempSite({
    technician: 'Kari',
    infinity: { address: '127.0.0.1', port, group: 'OTJ', pin: null },
  });
  await lab.signIn(site);
  site.saveCredential('infinity', null, 'admin', 'secret');
  const { room: fjord } = addRoom(site);
  const { room: skog, endpoint } = addRoom(site, { name, mailbox, address: '10.0.0.2' });
  site.rooms.identify(endpoint.id, { serial: 'S2', mac: null, model: 'Room Bar', software: '11', systemName: '' });
  site.rooms.setState(skog.id, 'migrated', null);
  site.outbox.owe(fjord.id, 'entry');
  setPlaces(site, { devices: ['videoDeviceName'], tags: [] });
  await withGraph(site, (graph) =>
    setResults(site, graph, { address: lab.address, list, create: true, reports: false }),
  );
  const account = lab.directory.addRoom({ upn: mailbox, name, place: {} });
  site.close();
  const items = () => lab.sites.sites[0]?.lists.find(({ displayName }) => displayName === list)?.items.size;
  return { path: site.path, name, list, account, items };
}

const sync = (path: string) => otjHere(['sync', path, '--json', '--passphrase-fd', '3'], PASSPHRASE);
const debts = (path: string) => {
  const site = Site.open(path);
  try {
    return { infinity: site.outbox.owed().map(({ kind }) => kind), list: site.results.owedCount() };
  } finally {
    site.close();
  }
};
const withCode = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

it('otj tells what is owed to each of them, and each trouble; nothing is lost, and what can be told is', async () => {
  const { path, name, list, account, items } = await owing();
  const before = await otjHere(['status', path]);
  expect(before.stdout).toContain(
    '1 owed to Infinity. 2 results are owed to the team’s list. 1 place is owed to Microsoft 365.',
  );
  const told = jsonLines((await otjHere(['status', path, '--json'])).stdout).at(-1);
  expect(told).toMatchObject({ owed: 1, owedToList: 2, owedToPlaces: 1 });
  expect(told).toMatchObject({
    rooms: expect.arrayContaining([
      expect.objectContaining({ name: 'Fjord', owed: ['entry', 'result'] }),
      expect.objectContaining({ name, owed: ['result', 'place'] }),
    ]),
  });

  lab.graph.behaviour.faults.push({ on: '/columns', status: 403, body: { error: { code: 'accessDenied' } } });
  const first = await sync(path);
  const lines = jsonLines(first.stdout);
  expect(lines).toContainEqual(expect.objectContaining({ type: 'list', list }));
  expect(lines).toContainEqual(withCode('M365_FORBIDDEN'));
  expect(`${first.stdout}${first.stderr}`).toContain('INFINITY_UNREACHABLE');
  // what keeps the whole sync from Infinity is how it ends
  expect(first.code).toBe(3);
  expect(items()).toBe(0);
  expect(debts(path)).toEqual({ infinity: ['entry'], list: 2 });
  expect(account.place).toMatchObject({ videoDeviceName: 'Room Bar' });

  const second = await sync(path);
  expect(second.code).toBe(3);
  expect(items()).toBe(2);
  expect(debts(path)).toEqual({ infinity: ['entry'], list: 0 });
  expect((await otjHere(['status', path])).stdout).toContain('1 owed to Infinity.\n');
});

it('otj ends with 1 where only Microsoft 365 was not told, and owes it still', async () => {
  const { path, account } = await owing();
  const site = Site.open(path);
  await site.unlock(PASSPHRASE);
  site.saveSettings({ infinity: null });
  site.db.run('DELETE FROM outbox');
  site.close();
  expect((await otjHere(['m365', 'sign-out', path, '--passphrase-fd', '3'], PASSPHRASE)).code).toBe(0);
  const refused = await sync(path);
  expect(refused.code).toBe(1);
  const lines = jsonLines(refused.stdout);
  for (const type of ['list', 'places'])
    expect(lines).toContainEqual(
      expect.objectContaining({ type, problem: expect.objectContaining({ code: 'M365_SIGN_IN_NEEDED' }) }),
    );
  expect(lines.at(-1)).toEqual({ type: 'result', owed: 0, owedToList: 2, owedToPlaces: 1, freed: [] });
  expect(account.place).toEqual({});
  const words = await otjHere(['sync', path, '--passphrase-fd', '3'], PASSPHRASE);
  expect(words.stdout).toContain('1 place is still owed to Microsoft 365.');
  expect(words.stdout).not.toContain('Nothing is owed.');
});

it('the window counts all of it, tells each trouble of a sync as an item, and loses nothing', async () => {
  const { path, name, list, account, items } = await owing();
  const app = startAppHere(tempFolder());
  onTestFinished(() => app.backend.close());
  const owed = async () => {
    const { site } = await app.call('app.state', undefined);
    return site && { all: site.owed, list: site.owedToList, places: site.owedToPlaces };
  };
  const sync = async () => {
    const job = await app.start('jobs.sync', { waitMs: 0, finish: false });
    const { problem } = await app.until(job, ({ endedAt }) => endedAt !== null);
    return { job, code: problem?.code };
  };
  await app.call('site.open', { path });
  await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
  expect(await owed()).toEqual({ all: 4, list: 2, places: 1 });
  lab.graph.behaviour.faults.push({ on: '/columns', status: 403, body: { error: { code: 'accessDenied' } } });
  const { job, code } = await sync();
  expect(code).toBe('INFINITY_UNREACHABLE');
  const { items: told } = await app.call('jobs.detail', { job });
  expect(told.map(({ about, what, problem }) => [about, what, problem?.code ?? null])).toEqual([
    [list, 'failed', 'M365_FORBIDDEN'],
    [name, 'placed', null],
  ]);
  expect(await owed()).toEqual({ all: 3, list: 2, places: 0 });
  expect([items(), account.place]).toEqual([0, { videoDeviceName: 'Room Bar' }]);

  // Switched on for more, the room is owed again.
  await app.call('places.set', { devices: ['videoDeviceName'], tags: ['One-Touch Join'] });
  expect(await owed()).toEqual({ all: 4, list: 2, places: 1 });
  expect((await sync()).code).toBe('INFINITY_UNREACHABLE');
  expect(await owed()).toEqual({ all: 1, list: 0, places: 0 });
  expect([items(), account.place]).toEqual([2, { videoDeviceName: 'Room Bar', tags: ['One-Touch Join'] }]);
});

it('a sync that migrates counts what the run leaves for the list as well: never more done than there is', async () => {
  const { path, name } = await owing();
  const site = Site.open(path);
  await site.unlock(PASSPHRASE);
  // A list without marks: it hears of each room at the end only.
  const columns = ['JobKey', 'MigrationState'].flatMap((text) => columnFrom(text, { name: text, text: {} }) ?? []);
  const list = new LabList(`Plain ${labs}`, columns);
  lab.sites.sites[0]?.lists.push(list);
  await withGraph(site, (graph) =>
    setResults(site, graph, { address: lab.address, list: list.displayName, create: false, reports: false }),
  );
  setPlaces(site, null);
  const [freed, other] = [false, true].map((isOther) =>
    site.rooms.all().find((room) => (room.name === name) === isOther),
  );
  if (!freed || !other) throw new Error('no room');
  // of which Infinity would be asked
  site.rooms.setState(other.id, 'ready', null);
  site.outbox.delivered(freed.id, 'entry');
  site.outbox.saveEntry({ roomId: freed.id, entryId: 7, createdByUs: true, before: null, server: null });
  site.rooms.setState(freed.id, 'needs attention', new OtjError('NOT_PREPARED').toProblem());
  site.close();

  const app = startAppHere(tempFolder());
  onTestFinished(() => app.backend.close());
  await app.call('site.open', { path });
  await app.call('site.unlock', { passphrase: PASSPHRASE, remember: false });
  await app.done('jobs.publish', { rooms: null });
  const job = await app.start('jobs.sync', { waitMs: 0, finish: true, pilots: 'first' });
  const { result, problem, total, done, failed } = await app.until(job, ({ endedAt }) => endedAt !== null);
  expect(problem).toBeNull();
  expect(result).toMatchObject({ freed: [freed.id] });
  // the room, which has no device to be reached, and its result
  expect({ total, done, failed }).toEqual({ total: 2, done: 2, failed: 1 });
  expect([...list.items.values()].map(({ fields }) => fields.MigrationState)).toContain('needs attention');
});
