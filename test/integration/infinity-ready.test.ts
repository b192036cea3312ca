/** From an Infinity where nothing is configured to a proven room: `otj infinity` as a technician uses it, on the lab. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../main/contract/jobs.ts';
import { type LabProcess, type LabRoom, startLab } from '../support/labProcess.ts';
import { jsonLines, type OtjRun, otj } from '../support/otj.ts';
import { type PracticeSite, setUpSite } from '../support/practiceSite.ts';

const NETWORK = ['--device-net', '127.71', '--core-net', '127.72.0', '--ssh-port', '2271', '--https-port', '8471'];
const CLIENT_SECRET = 'Graph~Secret-0815';
const NEW = { group: 'Nye rom', profile: 'Nordbank nye', location: 'Oslo' };

let lab: LabProcess;
let site: PracticeSite;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-infinity-ready-'));
  lab = await startLab(['--rooms', '6', ...NETWORK]);
  site = await setUpSite(folder, lab.document, lab.document.roomsCsv);
  await otj(['settings', site.path, `nodePort=${lab.document.ports.https}`]);
}, 120_000);

afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true });
});

const call = (args: string[], ...secrets: string[]): Promise<OtjRun> =>
  otj([...args, '--passphrase-fd', '3'], site.passphrase, ...secrets);
const json = async (args: string[], ...secrets: string[]) => {
  const run = await call(['--json', ...args], ...secrets);
  return { ...run, lines: jsonLines(run.stdout) };
};
const of = (lines: Record<string, unknown>[], type: string) => lines.filter((line) => line.type === type);

interface LabEntry {
  name: string;
  room_resource_email: string;
}
async function entriesOf(room: LabRoom): Promise<LabEntry[]> {
  const { infinity } = (await lab.state()) as { infinity: { endpoints: LabEntry[] } };
  return infinity.endpoints.filter((entry) => entry.room_resource_email === room.mailbox);
}

describe('otj infinity check', () => {
  it('tells of each part what was seen, and where it is mended', async () => {
    const { code, lines } = await json(['infinity', 'check', site.path]);
    const checks = new Map(of(lines, 'check').map((line) => [line.id, line as unknown as Check]));
    expect(code).toBe(0);
    expect(checks.get('infinity.calendar')).toMatchObject({ status: 'pass', reason: 'calendar-graph' });
    expect(checks.get('infinity.account')).toMatchObject({ status: 'pass', reason: 'account-own' });
    expect(checks.get('infinity.location')).toMatchObject({ status: 'pass', evidence: 'Oslo' });
    expect(checks.get('infinity.replication')).toMatchObject({ status: 'pass', reason: 'replication-ok' });
    expect(checks.get('infinity.alarms')).toMatchObject({ status: 'pass', reason: 'alarms-none' });
    // The lab's names are in no name server; its nodes answer all the same.
    expect(checks.get('infinity.reach')).toMatchObject({ status: 'warn', reason: 'reach-names', count: 2 });
    expect(checks.get('infinity.nodeCertificates')).toMatchObject({
      status: 'warn',
      reason: 'certificates-untrusted',
      count: 2,
      place: { path: ['Certificates', 'TLS Certificates'], assumed: true },
    });
    expect(checks.get('infinity.nodeCertificates')?.evidence).toContain('conf-oslo-1.lab.example');
    expect((await call(['check', site.path])).code).toBe(0);
  });

  it('says how many licences are missing', async () => {
    await lab.post('/infinity/behaviour', { otjTotal: 25 });
    const { code, lines } = await json(['infinity', 'check', site.path]);
    await lab.post('/infinity/behaviour', { otjTotal: 100 });
    expect(code).toBe(1);
    expect(of(lines, 'check').find(({ id }) => id === 'infinity.licences')).toMatchObject({
      status: 'fail',
      count: 3,
      evidence: '22 of 25 used, 6 more needed',
    });
  });
});

describe('otj infinity setup', () => {
  const wish = (...more: string[]) => [
    'infinity',
    'setup',
    site.path,
    ...['--group', NEW.group, '--profile', NEW.profile, '--location', NEW.location, '--calendar', 'graph'],
    ...['--secret-fd', '4', '--set', 'client_id=5b9ad7a4-6dd5-4a11-9f04-6f2a3c5f8a10'],
    ...['--set', 'oauth_token_url=https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token', ...more],
  ];

  it('shows everything before it writes anything, and never the secret', async () => {
    const { code, stdout } = await call(wish('--dry-run'), CLIENT_SECRET);
    expect(code).toBe(0);
    expect(stdout).toContain('client_secret: (secret)');
    expect(stdout).toContain('Nothing was changed.');
    expect(stdout).not.toContain(CLIENT_SECRET);
    const unasked = await json(wish(), CLIENT_SECRET);
    expect(of(unasked.lines, 'error')).toMatchObject([{ code: 'USAGE' }]);
  });

  it('makes what is missing, once, in the order in which it depends', async () => {
    const first = await json(wish('--yes'), CLIENT_SECRET);
    expect(first.code).toBe(0);
    expect(of(first.lines, 'written').map(({ what }) => what)).toEqual([
      'calendar',
      'profile',
      'rule',
      'rule',
      'group',
    ]);
    const again = await json(wish('--yes'), CLIENT_SECRET);
    expect(of(again.lines, 'written')).toEqual([]);
    expect(again.stdout + first.stdout).not.toContain(CLIENT_SECRET);
    const { lines } = await json(['infinity', 'check', site.path]);
    const checks = new Map(of(lines, 'check').map(({ id, status, evidence }) => [id, { status, evidence }]));
    expect(checks.get('infinity.group')).toEqual({ status: 'pass', evidence: NEW.group });
    expect(checks.get('infinity.profile')).toEqual({ status: 'pass', evidence: NEW.profile });
    expect(checks.get('infinity.rules')).toMatchObject({ status: 'pass', evidence: 'pexipinfinity, teams' });
  });

  it('finishes what was cut off by lost replies, and makes nothing twice', async () => {
    await lab.post('/infinity/behaviour', { loseReplies: 2 });
    const other = wish('--yes', '--calendar-name', 'Andre kalendere').map((word) =>
      word === NEW.group ? 'Andre rom' : word === NEW.profile ? 'Andre' : word,
    );
    const run = await json(other, CLIENT_SECRET);
    expect({ code: run.code, written: of(run.lines, 'written').length }).toEqual({ code: 0, written: 5 });
  });

  it('refuses what does not fit, by the name of the field', async () => {
    const bad = await json(wish('--yes', '--set', 'request_quota=7', '--calendar-name', 'x'), CLIENT_SECRET);
    expect(of(bad.lines, 'error')).toMatchObject([
      { code: 'SETUP_UNFIT', words: expect.stringContaining('request_quota') },
    ]);
    const nowhere = await json(
      wish('--yes').map((word) => (word === 'Oslo' ? 'Atlantis' : word)),
      CLIENT_SECRET,
    );
    expect(of(nowhere.lines, 'error')).toMatchObject([
      { code: 'INFINITY_SETUP', words: expect.stringContaining('Atlantis') },
    ]);
  });

  it('gives a group that has no profile the one that is wished', async () => {
    const repair = wish('--yes').map((word) => (word === NEW.group ? 'Not in use' : word));
    const { lines } = await json(repair, CLIENT_SECRET);
    expect(of(lines, 'plan')[0]).toMatchObject({
      steps: expect.arrayContaining([
        expect.objectContaining({
          what: 'group',
          action: 'change',
          fields: [expect.objectContaining({ field: 'mjx_integration' })],
        }),
      ]),
    });
    // Back to the group of the next tests.
    expect((await json(wish('--yes'), CLIENT_SECRET)).code).toBe(0);
  });
});

describe('without the Management API', () => {
  const out = () => join(folder, 'files');
  const csvPath = () => join(out(), 'practice-infinity-import.csv');

  it('writes files that only their owner can read, with passwords only when told to', async () => {
    const plain = await json(['infinity', 'export', site.path, '--out', out()]);
    expect(plain.code).toBe(3);
    mkdirSync(out());
    const written = await json(['infinity', 'export', site.path, '--out', out()]);
    expect(written.code).toBe(0);
    expect(statSync(csvPath()).mode & 0o777).toBe(0o600);
    const { data } = Papa.parse<Record<string, string>>(readFileSync(csvPath(), 'utf8').trim(), { header: true });
    expect(data).toHaveLength(6);
    expect(data.every((row) => row.api_password === '' && row.poly_password === '')).toBe(true);
    expect(data.every((row) => row.mjx_endpoint_group_name === NEW.group)).toBe(true);

    expect(
      of((await json(['infinity', 'export', site.path, '--out', out(), '--passwords'])).lines, 'error'),
    ).toMatchObject([{ code: 'USAGE' }]);
    expect((await call(['infinity', 'export', site.path, '--out', out(), '--passwords', '--yes'])).code).toBe(0);
    const full = Papa.parse<Record<string, string>>(readFileSync(csvPath(), 'utf8').trim(), { header: true }).data;
    const secrets = full.map((row) => row.api_password || row.poly_password || '');
    expect(secrets.every((secret) => secret.length >= 20)).toBe(true);
    const sheet = join(out(), 'practice-infinity-sheet.html');
    expect(statSync(sheet).mode & 0o777).toBe(0o600);
    expect(secrets.every((secret) => readFileSync(sheet, 'utf8').includes(secret))).toBe(true);
  });

  it('notes as done what an export has as wished, and lists what differs', async () => {
    const rows = Papa.parse<Record<string, string>>(readFileSync(csvPath(), 'utf8').trim(), { header: true }).data;
    const [first, second, ...rest] = rows;
    if (!first || !second) throw new Error('no rows');
    const file = join(folder, 'export.csv');
    // As another program might write it: other order, other case, a column more, passwords encrypted.
    const exported = [{ ...second, name: 'Something else' }, ...rest.slice(1)].map(({ api_password, ...row }) => ({
      EXTRA: 'x',
      ...row,
      api_password: 'pbkdf2:abc',
      room_resource_email: row.room_resource_email?.toUpperCase() ?? '',
    }));
    writeFileSync(file, Papa.unparse([...exported, { ...first, room_resource_email: 'else@where.example' }]));
    const { code, lines } = await json(['infinity', 'import', site.path, file, '--node', 'conf-oslo-1.lab.example']);
    expect(code).toBe(1);
    const [result] = of(lines, 'result') as unknown as [
      { done: string[]; differs: { room: string }[]; missing: string[]; others: number },
    ];
    expect({
      done: result.done.length,
      differs: result.differs.map(({ room }) => room),
      missing: result.missing.length,
      others: result.others,
    }).toEqual({
      done: 3,
      differs: [second.name],
      missing: 2,
      others: 1,
    });
    expect(of((await json(['infinity', 'import', site.path, site.path])).lines, 'error')).toMatchObject([
      { code: 'LIST_UNREADABLE' },
    ]);
  });
});

describe('prepare, drift and proof', () => {
  it('shows each entry before it is written, and writes none in a dry run', async () => {
    const { lines } = await json(['prepare', site.path, '--dry-run']);
    expect(of(lines, 'drift').map(({ action }) => action)).toEqual(Array(6).fill('create'));
    const [room] = lab.document.rooms;
    if (!room) throw new Error('no room');
    expect(await entriesOf(room)).toEqual([]);
    expect((await json(['prepare', site.path])).code).toBe(0);
    expect(await entriesOf(room)).toHaveLength(1);
    const after = await json(['infinity', 'drift', site.path]);
    expect({ code: after.code, rows: of(after.lines, 'drift') }).toEqual({ code: 0, rows: [] });
  });

  it('tells what somebody changed on Infinity, and leaves an entry of others alone unless told to', async () => {
    const { url, username, password } = lab.document.infinity;
    const admin = (path: string, method: string, body?: unknown) =>
      request(url + path, method, `${username}:${password}`, body);
    const list = (await admin('/api/admin/configuration/v1/mjx_endpoint/?limit=1000', 'GET')) as {
      objects: { id: number; name: string }[];
    };
    const [fjord] = lab.document.rooms;
    const entry = list.objects.find(({ name }) => name === fjord?.room);
    await admin(`/api/admin/configuration/v1/mjx_endpoint/${entry?.id}/`, 'PATCH', { use_https: 'NO' });
    const { code, lines } = await json(['infinity', 'drift', site.path]);
    expect(code).toBe(1);
    expect(of(lines, 'drift')).toMatchObject([
      { room: fjord?.room, action: 'change', fields: [{ field: 'use_https', infinity: 'NO', site: 'YES' }] },
    ]);
  });

  it('proves a moved room by Infinity’s own word, and keeps nothing of its meetings but their number', async () => {
    // What somebody had changed is put back by preparing anew.
    expect((await json(['prepare', site.path])).code).toBe(0);
    const [first, second] = lab.document.rooms.filter(({ family }) => family === 'cisco');
    if (!first || !second) throw new Error('no codecs');
    expect((await call(['run', site.path, first.room, second.room])).code).toBe(0);
    const proofs = await provenWithin(15_000);
    expect(proofs.map(({ room, state }) => [room, state])).toEqual(
      [first.room, second.room].toSorted().map((room) => [room, 'proven']),
    );
    expect(proofs[0]).toMatchObject({ node: expect.stringContaining('conf-oslo'), cause: null });
    expect(JSON.stringify(proofs)).not.toMatch(/subject|organi[sz]er/i);
  }, 60_000);
});

/** Nodes push every second, so the contact that counts comes soon after the move. */
async function provenWithin(ms: number): Promise<Record<string, unknown>[]> {
  const until = Date.now() + ms;
  for (;;) {
    const proofs = of((await json(['sync', site.path, '--wait', '1'])).lines, 'proof');
    if (Date.now() > until || proofs.every(({ state }) => state === 'proven')) return proofs;
  }
}

/** The lab's own certificate is of no interest here. */
async function request(url: string, method: string, login: string, body?: unknown): Promise<unknown> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const reply = await fetch(url, {
    method,
    dispatcher,
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return text === '' ? null : (JSON.parse(text) as unknown);
}
