/** From an Infinity where nothing is configured to a proven room: `otj infinity` as a technician uses it, on the lab. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { Agent, fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Proof, SetupWish } from '../../main/contract/infinity.ts';
import { readExport, writeBulk } from '../../main/services/bulk.ts';
import { lookAtCertificate } from '../../main/services/certificate.ts';
import { runChecks } from '../../main/services/checks.ts';
import { readDrift } from '../../main/services/drift.ts';
import { deliverRemoval } from '../../main/services/infinity.ts';
import { InfinityLink } from '../../main/services/infinityLink.ts';
import { importRooms, roomsNamed } from '../../main/services/inventory.ts';
import { prepare } from '../../main/services/prepare.ts';
import { run } from '../../main/services/run.ts';
import { applySetup, previewSetup, setupOffer } from '../../main/services/setupInfinity.ts';
import { sync } from '../../main/services/sync.ts';
import { BY_HAND } from '../../main/site/outbox.ts';
import { Site } from '../../main/site/site.ts';
import { type LabProcess, type LabRoom, startLab } from '../support/labProcess.ts';
import { jsonLines, type OtjRun } from '../support/otj.ts';
import { otjHere } from '../support/otjHere.ts';

const NETWORK = ['--device-net', '127.71', '--core-net', '127.72.0', '--ssh-port', '2271', '--https-port', '8471'];
const CLIENT_SECRET = 'Graph~Secret-0815';
const NEW = { group: 'Nye rom', profile: 'Nordbank nye', location: 'Oslo' };

const never = new AbortController().signal;

let lab: LabProcess;
let site: { path: string; passphrase: string };
let opened: Site;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'otj-infinity-ready-'));
  lab = await startLab(['--rooms', '6', ...NETWORK]);
  site = { path: join(folder, 'practice.otjsite'), passphrase: 'rain on a tin roof' };
  const { ports, infinity, logins, roomsCsv } = lab.document;
  const { hostname, port } = new URL(infinity.url);
  const shown = await lookAtCertificate(hostname, Number(port));
  const place = { address: hostname, port: Number(port), group: infinity.group, pin: shown?.sha256 ?? null };
  opened = await Site.create(site.path, site.passphrase, {
    ...{ sshPort: ports.ssh, httpsPort: ports.https, nodePort: ports.https, infinity: place },
    ...{ proofEveryMs: 300, proofMs: 20_000 },
  });
  importRooms(opened, readFileSync(roomsCsv));
  opened.saveCredential('cisco-roomos', null, logins.cisco.username, logins.cisco.passphrase);
  opened.saveCredential('infinity', null, infinity.username, infinity.password);
}, 120_000);

afterAll(async () => {
  opened.close();
  await lab.stop();
  rmSync(folder, { recursive: true });
});

const call = (args: string[], ...secrets: string[]): Promise<OtjRun> =>
  otjHere([...args, '--passphrase-fd', '3'], site.passphrase, ...secrets);
const json = async (args: string[], ...secrets: string[]) => {
  const run = await call(['--json', ...args], ...secrets);
  return { ...run, lines: jsonLines(run.stdout) };
};
/** The services as a command calls them, on the open site; afterwards commands may work on it. */
async function inSite<T>(work: (opened: Site) => Promise<T> | T): Promise<T> {
  try {
    return await work(opened);
  } finally {
    opened.releaseLock();
  }
}
const of = (lines: Record<string, unknown>[], type: string) => lines.filter((line) => line.type === type);

interface LabEntry {
  name: string;
  room_resource_email: string;
}
async function entriesOf(room: LabRoom): Promise<LabEntry[]> {
  const { infinity } = (await lab.state()) as { infinity: { endpoints: LabEntry[] } };
  return infinity.endpoints.filter((entry) => entry.room_resource_email === room.mailbox);
}

describe('what is ready', () => {
  const check = async () => {
    const all = await inSite((one) => runChecks(one, { signal: never, checked: () => undefined }));
    return new Map(all.map((one) => [one.id, one]));
  };

  it('is told part by part, with what was seen and where it is mended', async () => {
    const checks = await check();
    expect([...checks.values()].filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(['logins.poly']);
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
      evidence: expect.stringContaining('conf-oslo-1.lab.example'),
      place: { path: ['Certificates', 'TLS Certificates'], assumed: true },
    });
  });

  it('is short of so many licences', async () => {
    await lab.post('/infinity/behaviour', { otjTotal: 25 });
    const licences = (await check()).get('infinity.licences');
    await lab.post('/infinity/behaviour', { otjTotal: 100 });
    expect(licences).toMatchObject({ status: 'fail', count: 3, evidence: '22 of 25 used, 6 more needed' });
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
    expect(first.stdout).not.toContain(CLIENT_SECRET);
    expect(await made({})).toEqual([]);
    expect(opened.settings.infinity?.group).toBe(NEW.group);
    const checks = await inSite((one) => runChecks(one, { signal: never, checked: () => undefined }));
    const seen = new Map(checks.map(({ id, status, evidence }) => [id, `${status} ${evidence}`]));
    expect(seen.get('infinity.group')).toBe(`pass ${NEW.group}`);
    expect(seen.get('infinity.profile')).toBe(`pass ${NEW.profile}`);
    expect(seen.get('infinity.rules')).toBe('pass pexipinfinity, teams');
  });

  const calendar = {
    kind: 'graph' as const,
    name: `${NEW.profile} calendars`,
    fields: {
      client_id: '5b9ad7a4-6dd5-4a11-9f04-6f2a3c5f8a10',
      oauth_token_url: 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token',
    },
    secret: CLIENT_SECRET,
  };
  /** What is written for a wish, once shown. */
  async function made(part: Partial<SetupWish>): Promise<string[]> {
    const wished: SetupWish = { ...NEW, calendar, rules: ['pexipinfinity', 'teams'], ...part };
    const written: string[] = [];
    await inSite(async (one) => {
      const confirmed = await previewSetup(one, wished, never);
      await applySetup(one, { wish: wished, confirmed, signal: never, done: ({ what }) => written.push(what) });
    });
    return written;
  }

  it('finishes in spite of lost replies, and makes nothing twice', async () => {
    await lab.post('/infinity/behaviour', { loseReplies: 3 });
    const other = { group: 'Andre rom', profile: 'Andre', calendar: { ...calendar, name: 'Andre kalendere' } };
    expect(await made(other)).toEqual(['calendar', 'profile', 'rule', 'rule', 'group']);
    expect(await made(other)).toEqual([]);
  });

  it('makes the other kinds of calendar as well', async () => {
    const exchange = {
      kind: 'exchange' as const,
      name: 'Ex',
      secret: CLIENT_SECRET,
      fields: { service_account_username: 'svc' },
    };
    expect(await made({ group: 'Ex', profile: 'Ex', calendar: exchange })).toHaveLength(5);
    const google = { kind: 'google' as const, name: 'G', secret: 'KEY', fields: { client_email: 'otj@g.example' } };
    expect(await made({ group: 'G', profile: 'G', calendar: google, rules: [] })).toHaveLength(3);
  });

  it('writes nothing where Infinity is not as it was shown', async () => {
    const wished: SetupWish = { ...NEW, group: 'Unseen', calendar, rules: [] };
    const work = inSite((one) => applySetup(one, { wish: wished, confirmed: [], signal: never }));
    await expect(work).rejects.toMatchObject({ code: 'SETUP_CROSSED' });
    const offer = await inSite((one) => setupOffer(one, never));
    expect(offer.groups.map(({ name }) => name)).not.toContain('Unseen');
  });

  it('gives a group that has no profile the one that is wished', async () => {
    expect(await made({ group: 'Not in use' })).toEqual(['group']);
    const offer = await inSite((one) => setupOffer(one, never));
    expect(offer.groups).toContainEqual({ name: 'Not in use', profile: NEW.profile, location: 'Oslo' });
    // Back to the group of the next tests.
    expect(await made({})).toEqual([]);
  });
});

const driftOf = () => inSite((one) => readDrift(one, { rooms: one.rooms.all(), signal: never }));

describe('without the Management API', () => {
  const out = () => join(folder, 'files');
  const csvPath = () => join(out(), 'practice-infinity-import.csv');
  const written = () =>
    Papa.parse<Record<string, string>>(readFileSync(csvPath(), 'utf8').trim(), { header: true }).data;
  const write = (passwords: boolean) =>
    inSite(() => writeBulk(opened, { rooms: opened.rooms.all(), folder: out(), group: null, passwords }));

  it('writes files that only their owner can read, with passwords only when told to', async () => {
    await expect(write(false)).rejects.toMatchObject({ code: 'DISK' });
    mkdirSync(out());
    // A file of that name that others can read is not written into.
    writeFileSync(csvPath(), 'old', { mode: 0o644 });
    expect(await write(false)).toMatchObject({ rooms: 6, left: [] });
    expect(statSync(csvPath()).mode & 0o777).toBe(0o600);
    expect(written().every((row) => row.api_password === '' && row.poly_password === '')).toBe(true);
    expect(written().every((row) => row.mjx_endpoint_group_name === NEW.group)).toBe(true);

    const unasked = await json(['infinity', 'export', site.path, '--out', out(), '--passwords']);
    expect(of(unasked.lines, 'error')).toMatchObject([{ code: 'USAGE' }]);
    expect((await json(['infinity', 'export', site.path, '--out', out(), '--passwords', '--yes'])).code).toBe(0);
    const secrets = written().map((row) => row.api_password || row.poly_password || '');
    expect(secrets.every((secret) => secret.length >= 20)).toBe(true);
    const sheet = join(out(), 'practice-infinity-sheet.html');
    expect(statSync(sheet).mode & 0o777).toBe(0o600);
    expect(secrets.every((secret) => readFileSync(sheet, 'utf8').includes(secret))).toBe(true);
    await write(false);
    expect(secrets.some((secret) => readFileSync(sheet, 'utf8').includes(secret))).toBe(false);
  });

  it('keeps what a spreadsheet would run out of the import, and in the sheet', async () => {
    const name = '=HYPERLINK("x")';
    const { left, rooms } = await inSite(() => {
      const [room] = opened.rooms.all();
      if (!room) throw new Error('no room');
      const all = [{ ...room, name }, ...opened.rooms.all().slice(1)];
      return writeBulk(opened, { rooms: all, folder: out(), group: null, passwords: false });
    });
    expect({ rooms, left }).toMatchObject({ rooms: 5, left: [{ room: name, problem: { code: 'VALUE_UNFIT' } }] });
    expect(readFileSync(csvPath(), 'utf8')).not.toContain('HYPERLINK');
    expect(readFileSync(join(out(), 'practice-infinity-sheet.html'), 'utf8')).toContain('=HYPERLINK(&quot;x&quot;)');
    await write(false);
  });

  it('notes as done what an export has as wished, lists what differs, and undoes it by hand', async () => {
    const [first, second, ...rest] = written();
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
    expect(of(lines, 'result')).toMatchObject([
      { done: { length: 3 }, differs: [{ room: second.name }], missing: { length: 2 }, others: 1 },
    ]);
    await inSite(() => {
      const done = opened.rooms.all().filter(({ id }) => opened.outbox.entry(id));
      expect(done).toHaveLength(3);
      for (const { id } of done)
        expect(opened.outbox.entry(id)).toMatchObject({ entryId: BY_HAND, createdByUs: false });
      const poly = done.filter(({ id }) => opened.rooms.endpointOf(id)?.family === 'poly-videoos');
      for (const { id } of poly) expect(opened.outbox.entry(id)?.server).toBe('conf-oslo-1.lab.example');
      const bytes = Buffer.from('<html></html>');
      expect(() => readExport(opened, { bytes, group: null, nodes: [] })).toThrow(/EXPORT_UNREADABLE/);
    });
    // An undo cannot find an entry of which it knows no id: a person removes it.
    await inSite(async () => {
      const room = opened.rooms.all().find(({ id }) => opened.outbox.entry(id));
      if (!room) throw new Error('no room');
      const link = new InfinityLink(opened, never);
      await deliverRemoval(opened, link, room).finally(() => link.close());
      expect(opened.outbox.entry(room.id)).toBeNull();
      expect(opened.outbox.manualSteps(room.id)).toMatchObject([{ kind: 'infinity-entry', tickedAt: null }]);
      opened.outbox.dropManual(room.id, 'infinity-entry');
    });
  });
});

describe('prepare, drift and proof', () => {
  it('shows each entry before it is written, and writes none in a dry run', async () => {
    const { lines } = await json(['prepare', site.path, '--dry-run']);
    expect(of(lines, 'drift').map(({ action }) => action)).toEqual(Array(6).fill('create'));
    const [room] = lab.document.rooms;
    if (!room) throw new Error('no room');
    expect(await entriesOf(room)).toEqual([]);
    await inSite((one) => prepare(one, { rooms: one.rooms.all(), signal: never, done: () => undefined }));
    expect(await entriesOf(room)).toHaveLength(1);
    expect(await driftOf()).toMatchObject({ counts: { same: 6 }, rows: [] });
  });

  it('changes an entry that was there before only when told to', async () => {
    const room = lab.document.rooms.find(({ family }) => family === 'cisco');
    if (!room) throw new Error('no codec');
    // The site file forgets it: from here it is another's entry, with another port.
    await inSite(() => opened.outbox.forgetEntry(opened.rooms.byMailbox(room.mailbox)?.id ?? 0));
    await admin(room.room, { api_port: 4430 });
    expect((await driftOf()).rows).toMatchObject([
      {
        room: room.room,
        action: 'take-over',
        fields: [{ field: 'api_port', infinity: '4430' }, { field: 'api_password' }],
      },
    ]);
    const kept = await json(['prepare', site.path]);
    expect({ code: kept.code, result: of(kept.lines, 'result') }).toMatchObject({ code: 1, result: [{ keptBack: 1 }] });
    expect((await driftOf()).rows).toHaveLength(1);
    expect((await json(['prepare', site.path, '--yes'])).code).toBe(0);
    expect((await driftOf()).rows).toEqual([]);
  });

  it('proves a moved room by Infinity’s own word, and says why another is late', async () => {
    const [good, locked, silent] = lab.document.rooms.filter(({ family }) => family === 'cisco');
    if (!good || !locked || !silent) throw new Error('no codecs');
    await admin(locked.room, { api_password: 'not the one' });
    await admin(silent.room, { api_port: 9 });
    expect((await driftOf()).rows).toMatchObject([{ room: silent.room, action: 'conflict' }]);
    await migrate(good.room);
    // No meeting will come to the other two, so nobody need wait for one.
    opened.saveSettings({ proofMs: 500 });
    await migrate(locked.room, silent.room);
    const proofs = await provenUntil(({ evidence }) => /failed logins/.test(evidence.join()), locked.room);
    expect(proofs.get(good.room)).toMatchObject({
      state: 'proven',
      cause: null,
      node: expect.stringContaining('oslo'),
    });
    expect(proofs.get(locked.room)).toMatchObject({ state: 'late', cause: 'account' });
    expect(proofs.get(locked.room)?.evidence.join()).toMatch(/HTTP 401.*failed logins/);
    expect(proofs.get(silent.room)).toMatchObject({ state: 'late', cause: 'unreachable' });
    // Their number is all that is kept of meetings.
    expect(JSON.stringify([...proofs.values()])).not.toMatch(/subject|organi[sz]er/i);
    const { stdout } = await otjHere(['status', site.path, locked.room]);
    expect(stdout).toContain('not reached in time');
    await inSite(() => {
      const owed = opened.outbox.owed().filter(({ kind }) => kind === 'contact');
      expect(owed.map(({ problem }) => problem?.code)).toEqual(['CONTACT_LATE', 'CONTACT_LATE']);
    });
  }, 60_000);
});

async function migrate(...names: string[]): Promise<void> {
  const listen = () => undefined;
  const wish = { kind: 'migrate', technician: 'Kari', signal: never, listen } as const;
  await inSite((one) => run(one, { ...wish, rooms: roomsNamed(one, names) }));
}

/** Asks until the proof of a room is so: a node tries a codec that refused it less and less often. */
async function provenUntil(holds: (proof: Proof) => boolean, room: string): Promise<Map<string, Proof>> {
  const proofs = new Map<string, Proof>();
  for (let tries = 0; tries < 15; tries++) {
    await inSite(() =>
      sync(opened, {
        signal: never,
        waitMs: 0,
        look: true,
        patience: { replicationMs: 0, deadlineMs: 0 },
        delivered: () => undefined,
        waiting: () => undefined,
        proven: (one) => proofs.set(one.room.name, one.proof),
      }),
    );
    const proof = proofs.get(room);
    if (proof && holds(proof)) break;
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  return proofs;
}

/** Somebody else changes an entry on the Management Node. */
async function admin(name: string, change: Record<string, unknown>): Promise<void> {
  const { url, username, password } = lab.document.infinity;
  const list = `${url}/api/admin/configuration/v1/mjx_endpoint/`;
  const login = `${username}:${password}`;
  const { objects } = (await request(`${list}?limit=1000`, 'GET', login)) as {
    objects: { id: number; name: string }[];
  };
  const entry = objects.find((one) => one.name === name);
  await request(`${list}${entry?.id}/`, 'PATCH', login, change);
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
