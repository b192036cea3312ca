/** `otj m365 results` with a real sign-in: from the address of a site to a list that a colleague sees, and an end with kill -9. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Site } from '../../main/site/site.ts';
import { columnFrom } from '../lab/microsoft/graph/columns.ts';
import { LabList } from '../lab/microsoft/graph/list.ts';
import { startTeamLab, type TeamLab } from '../support/microsoftSite.ts';
import { jsonLines, otj, spawnOtj } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';
import { addRoom, PASSPHRASE, tempFolder, tempSite } from '../support/siteFile.ts';

let lab: TeamLab;
beforeAll(async () => {
  lab = await startTeamLab();
});
afterAll(() => lab?.stop());

const lists = () => lab.sites.sites[0]?.lists ?? [];

/** @returns the path of a site file that is signed in */
async function siteWith(rooms: number, technician = 'Kari'): Promise<string> {
  const site = await tempSite({ technician });
  site.db.transaction(() => {
    for (let at = 1; at <= rooms; at++)
      addRoom(site, { name: `Room ${at}`, mailbox: `room-${at}@contoso.example`, address: `10.0.0.${at}` });
  });
  await lab.signIn(site);
  site.close();
  return site.path;
}

function results(site: string, ...args: string[]) {
  const [command = '', ...rest] = args;
  return otjHere(['m365', 'results', command, site, ...rest, '--passphrase-fd', '3'], PASSPHRASE);
}

/** Each command is a process of its own that opens the vault. */
const PATIENCE_MS = 240_000;

it(
  'makes the list, publishes, shows what a person changed, and tells a colleague',
  async () => {
    const site = await siteWith(3);
    const early = await results(site, 'publish');
    expect(early).toMatchObject({ code: 3, stderr: expect.stringContaining('RESULTS_UNSET') });
    const absent = await results(site, 'set', '--site', lab.address);
    expect(absent).toMatchObject({ code: 3, stderr: expect.stringContaining('RESULTS_LIST_MISSING') });
    const set = await results(site, 'set', '--site', lab.address, '--create');
    expect(set).toMatchObject({ code: 0, stdout: expect.stringContaining('3 rooms to be published') });
    const args = ['m365', 'results', 'publish', site, '--json', '--passphrase-fd', '3'];
    const first = await otj(args, PASSPHRASE);
    expect(jsonLines(first.stdout).at(-1)).toMatchObject({ written: 3, failed: 0, owed: 0, files: 2 });
    expect(first.code).toBe(0);
    const files = ({ stdout }: { stdout: string }) => jsonLines(stdout).filter(({ type }) => type === 'file');
    expect(files(first)).toMatchObject([{ sent: true }, { sent: true }]);
    const again = await results(site, 'publish', '--json');
    expect(files(again)).toMatchObject([{ sent: false }, { sent: false }]);
    const [list] = lists();
    expect(list?.items.size).toBe(3);

    list?.edit('2', { RemainingSteps: '=HYPERLINK("x")\u202e' });
    const team = await results(site, 'team');
    expect(team.stdout).toContain('Room 2');
    const colleague = await siteWith(3, 'Ola');
    expect((await results(colleague, 'set', '--site', lab.address)).code).toBe(0);
    const theirs = await results(colleague, 'publish', '--json');
    expect(jsonLines(theirs.stdout).at(-1)).toMatchObject({ written: 0, same: 3, owed: 0 });
    const known = await otjHere(['m365', 'results', 'status', colleague]);
    expect(known).toMatchObject({ code: 0, stdout: expect.stringContaining('3 rooms in the list') });
  },
  PATIENCE_MS,
);

it(
  'leaves a deleted item out when that is decided, until its room is named without a decision',
  async () => {
    const site = await siteWith(2);
    lists().length = 0;
    expect((await results(site, 'set', '--site', lab.address, '--create', '--no-reports')).code).toBe(0);
    expect((await results(site, 'publish')).code).toBe(0);
    const [list] = lists();
    list?.remove('1');
    const opened = Site.open(site);
    const [room] = opened.rooms.all();
    opened.rooms.setState(room?.id ?? 0, 'migrated', null);
    opened.close();
    const gone = await results(site, 'publish', 'Room 1');
    expect(gone).toMatchObject({ code: 1, stdout: expect.stringContaining('RESULTS_GONE') });
    const mark = /mark ([0-9a-f]{8})/.exec(gone.stdout)?.[1] ?? '';
    const other = await results(site, 'publish', '--take', 'list', '--shown', '00000000', 'Room 1');
    expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining('RESULTS_MOVED') });
    for (const decided of [
      await results(site, 'publish', '--take', 'list', '--shown', mark, 'Room 1'),
      await results(site, 'publish'),
    ])
      expect(decided.code).toBe(0);
    expect([...(list?.items.keys() ?? [])]).toEqual(['2']);
    expect((await results(site, 'publish', 'Room 1')).code).toBe(0);
    expect(list?.items.size).toBe(2);
  },
  PATIENCE_MS,
);

it(
  'has one item for each room after kill -9 in the middle, also in a list that does not refuse doubles',
  async () => {
    const site = await siteWith(100);
    const column = (name: string, indexed: boolean) => columnFrom(name, { name, displayName: name, indexed, text: {} });
    const list = new LabList(
      'Prosjekt',
      [column('JobKey', true), column('MigrationState', false)].filter((one) => one !== null),
    );
    lists().push(list);
    const set = await results(site, 'set', '--site', lab.address, '--list', 'Prosjekt', '--no-reports');
    expect(set).toMatchObject({ code: 0, stdout: expect.stringContaining('two items with one room key') });
    lab.graph.behaviour.latencyMs = 40;
    // Answers are on their way to the program when it dies.
    for (const most of [1, 45]) {
      const child = spawnOtj(['m365', 'results', 'publish', site, '--passphrase-fd', '3'], [PASSPHRASE]);
      const closed = once(child, 'close');
      // The second may end by itself before: what the first has left uncertain, it leaves alone.
      const isThere = () => list.items.size >= most || child.exitCode !== null;
      await expect.poll(isThere, { timeout: PATIENCE_MS, interval: 5 }).toBe(true);
      child.kill('SIGKILL');
      await closed;
    }
    lab.graph.behaviour.latencyMs = 0;
    // What was sent a moment ago and is not seen may only be late in such a list, so it is waited for.
    const soon = jsonLines((await results(site, 'publish', '--json')).stdout).filter(
      ({ type }) => type === 'published',
    );
    const codes = new Set(soon.map(({ problem }) => (problem as { code: string } | null)?.code ?? 'written'));
    expect(codes.difference(new Set(['written', 'RESULTS_UNSURE']))).toEqual(new Set());
    const opened = Site.open(site);
    opened.db.run("UPDATE result_item SET sending_at = '2026-01-01T00:00:00.000Z' WHERE sending_at IS NOT NULL");
    opened.close();
    const last = await results(site, 'publish', '--json');
    expect(jsonLines(last.stdout).at(-1)).toMatchObject({ failed: 0, owed: 0 });
    const keys = [...list.items.values()].map(({ fields }) => fields.JobKey);
    expect(keys).toHaveLength(100);
    expect(new Set(keys).size).toBe(100);
  },
  PATIENCE_MS,
);

it(
  'otj sync publishes what the list is owed; without a sign-in it says so, and what is owed is told everywhere',
  async () => {
    const path = await siteWith(2);
    const folder = tempFolder();
    expect((await results(path, 'set', '--site', lab.address, '--create', '--list', 'Sync')).code).toBe(0);
    expect(await otjHere(['status', path])).toMatchObject({
      stdout: expect.stringContaining('2 results are owed to the team’s list.'),
    });
    expect((await otjHere(['report', path, '--out', folder])).code).toBe(0);
    const reports = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(reports).toHaveLength(2);
    for (const text of reports) expect(text).toContain('The team’s list does not have the newest result yet.');

    expect((await otjHere(['m365', 'sign-out', path, '--passphrase-fd', '3'], PASSPHRASE)).code).toBe(0);
    const refused = await otjHere(['sync', path, '--json', '--passphrase-fd', '3'], PASSPHRASE);
    expect(refused.code).toBe(1);
    expect(jsonLines(refused.stdout)).toContainEqual(
      expect.objectContaining({ type: 'list', problem: expect.objectContaining({ code: 'M365_SIGN_IN_NEEDED' }) }),
    );
    expect(jsonLines(refused.stdout).at(-1)).toMatchObject({ type: 'result', owed: 0, owedToList: 2 });
    const opened = Site.open(path);
    await opened.unlock(PASSPHRASE);
    await lab.signIn(opened);
    opened.close();

    const done = await otj(['sync', path, '--json', '--passphrase-fd', '3'], PASSPHRASE);
    expect(done.code).toBe(0);
    expect(jsonLines(done.stdout).at(-1)).toEqual({
      type: 'result',
      owed: 0,
      owedToList: 0,
      owedToPlaces: 0,
      freed: [],
    });
    expect(lists().find(({ displayName }) => displayName === 'Sync')?.items.size).toBe(2);
    expect((await otjHere(['status', path])).stdout).not.toContain('team’s list');
  },
  PATIENCE_MS,
);

it(
  'a report file that could not go up is owed until it has, and otj sync delivers it though no room is owed',
  async () => {
    const path = await siteWith(2);
    expect((await results(path, 'set', '--site', lab.address, '--create', '--list', 'Files')).code).toBe(0);
    const locked = { on: 'PUT /sites', body: { error: { code: 'resourceLocked', message: 'in use' } } };
    lab.graph.behaviour.faults.push({ ...locked, status: 423, times: 2 });
    const lost = await results(path, 'publish', '--json');
    expect(lost.code).toBe(1);
    expect(jsonLines(lost.stdout).at(-1)).toMatchObject({ written: 2, failed: 0, files: 0, owed: 2 });
    const words = 'Nothing is owed.';
    expect((await otjHere(['status', path])).stdout).toContain('2 results are owed to the team’s list.');

    lab.graph.behaviour.faults.push({ ...locked, status: 423 });
    const half = await otjHere(['sync', path, '--passphrase-fd', '3'], PASSPHRASE);
    expect(half).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('1 result is still owed to the team’s list.'),
    });
    expect(half.stdout).not.toContain(words);
    const done = await otjHere(['sync', path, '--passphrase-fd', '3'], PASSPHRASE);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining(words) });
  },
  PATIENCE_MS,
);

it(
  'a report file is owed no longer where reports are not wanted any more',
  async () => {
    const path = await siteWith(1);
    expect((await results(path, 'set', '--site', lab.address, '--create', '--list', 'None')).code).toBe(0);
    lab.graph.behaviour.faults.push({ on: 'PUT /sites', status: 423, times: 2 });
    expect((await results(path, 'publish')).code).toBe(1);
    expect((await results(path, 'set', '--site', lab.address, '--list', 'None', '--no-reports')).code).toBe(0);
    expect(await otjHere(['m365', 'results', 'status', path])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 owed.'),
    });
  },
  PATIENCE_MS,
);
