/**
 * An estate of Cisco codecs and Poly devices of all families with faults on, and a site file that is set up for it. The
 * lab runs in this process, where its devices can be looked into; the product runs as the command in one of its own.
 */
import { rmSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { ErrorCode } from '../../main/contract/errors.ts';
import { decide } from '../../main/services/decide.ts';
import { type RoomStatus, statusOf } from '../../main/services/status.ts';
import type { Site } from '../../main/site/site.ts';
import { type Practice, type PracticeRoom, startPractice } from '../lab/practice.ts';
import { TROUBLES } from '../lab/practice-trouble.ts';
import type { AnySpec, Faults, LabDevice } from '../lab/types.ts';
import { estateSite } from './estateSite.ts';
import { type OtjRun, otj } from './otj.ts';
import { PASSPHRASE } from './siteFile.ts';
import { untruth } from './truth.ts';

/** Far from what other tests use. */
const NETWORKS = { devices: '127.147', core: '127.147.250' };
const PORTS = { ssh: 21_022, https: 21_443, telnet: 21_324 };
/** One codec of so many has a fault, beside those of the practice site. */
const CODECS_PER_FAULT = 3;

/** Faults of codecs, and under which codes the product may tell them; none = the room must come home all the same. */
const CODEC_FAULTS: readonly { name: string; faults: Faults; codes: readonly ErrorCode[] }[] = [
  { name: 'off', faults: { off: true }, codes: ['UNREACHABLE'] },
  { name: 'hangs', faults: { hung: true }, codes: ['TIMEOUT'] },
  { name: 'in a call', faults: { inCall: true }, codes: ['IN_CALL'] },
  { name: 'sessions full', faults: { sessionsFull: true }, codes: ['SESSION_LIMIT'] },
  { name: 'upgrading', faults: { upgrading: true }, codes: ['UPGRADING'] },
  { name: 'starting', faults: { starting: true }, codes: ['UNREACHABLE', 'STARTING'] },
  {
    name: 'restarts in the middle',
    faults: { rebootOn: 'Macro Remove', bootMs: 500 },
    codes: ['CONNECTION_LOST', 'UNREACHABLE'],
  },
  { name: 'cut off after the account', faults: { dropOnce: 'User Add' }, codes: ['CONNECTION_LOST'] },
  { name: 'chatter in pieces', faults: { chatter: true, splitBytes: 7 }, codes: [] },
  { name: 'a page in place of its API', faults: { htmlInsteadOfApi: true }, codes: ['ODD_REPLY'] },
];

/**
 * One in each round of the others, in turn: a login that three devices in a row did not let in is tried on no other, and
 * that is not what is looked at here.
 */
const LOGIN_FAULTS: typeof CODEC_FAULTS = [
  { name: 'wants a new passphrase', faults: { passphraseChange: true }, codes: ['PASSPHRASE_CHANGE'] },
  { name: 'passphrase has expired', faults: { expired: true }, codes: ['ACCOUNT_EXPIRED'] },
];
const TROUBLED: ReadonlySet<string> = new Set(TROUBLES.map(({ room }) => room));

function codecFault(at: number): (typeof CODEC_FAULTS)[number] {
  const length = CODEC_FAULTS.length + 1;
  const found = CODEC_FAULTS[at % length] ?? LOGIN_FAULTS[Math.floor(at / length) % LOGIN_FAULTS.length];
  if (!found) throw new RangeError('no faults');
  return found;
}

/** What the practice site's own troubles may be told as; none = the room must come home. */
const PRACTICE_CODES: Record<string, readonly ErrorCode[]> = {
  'other-macros': [],
  'renamed-macros': [],
  'another-device': ['IDENTITY_MISMATCH'],
  'another-passphrase': ['LOGIN_REFUSED'],
  'drops-connection': ['CONNECTION_LOST'],
  'in-call': ['IN_CALL'],
  managed: ['MANAGED'],
  webex: [],
  'drops-reply': ['CONNECTION_LOST'],
  'cut-in-write': ['CONNECTION_LOST'],
  forgets: ['NOT_CONFIRMED'],
  refuses: ['REFUSED', 'NOT_CONFIRMED'],
  overwritten: ['MANAGED', 'NOT_CONFIRMED', 'NOT_ARRIVED'],
  teams: ['PROVIDER_MODE', 'NOT_ARRIVED'],
  off: ['UNREACHABLE'],
  slow: [],
  chatter: [],
  'sessions-full': ['SESSION_LIMIT'],
  busy: ['RATE_LIMITED', 'ODD_REPLY'],
  restarts: ['CONNECTION_LOST', 'UNREACHABLE'],
  'rest-off': ['REST_OFF'],
};

/** What is done to single Poly devices beside that, by how many of their kind came before. */
const POLY_FAULTS: Partial<Record<AnySpec['kind'], readonly PolyFault[]>> = {
  'poly-videoos': ['another-password', 'locked-out', 'asks-for-restart'],
  'poly-group': ['another-password', 'locked-out', 'gets-restart'],
  'poly-trio': ['default-password', 'new-certificate'],
};
type PolyFault =
  | 'another-password'
  | 'locked-out'
  | 'default-password'
  | 'new-certificate'
  /** Its settings count after a restart: to the one nobody has agreed yet, to the other somebody has. */
  | 'asks-for-restart'
  | 'gets-restart';
const POLY_CODES: Record<PolyFault, readonly ErrorCode[]> = {
  'another-password': ['LOGIN_REFUSED'],
  'locked-out': ['ACCOUNT_LOCKED'],
  'default-password': ['DEFAULT_PASSWORD'],
  'new-certificate': ['TRUST_CHANGED'],
  'asks-for-restart': ['RESTART_NEEDED'],
  'gets-restart': [],
};
const TRIO_DEFAULT = '456';
/** The lab's firmware of these numbers has names that nobody knows, or none over REST: a person has to do it. */
const NAMELESS = /^poly-videoos 4\.[45]\./;
const LASTING: readonly string[] = ['another-device', 'another-passphrase', 'managed', 'overwritten', 'rest-off'];
const FAMILY_BY_HAND: readonly AnySpec['kind'][] = ['poly-hdx', 'poly-debut'];

export interface MixedEstate {
  site: Site;
  practice: Practice;
  /** Codes that the product may tell of a room with a fault, by room. */
  expected: ReadonlyMap<string, { what: string; codes: readonly ErrorCode[] }>;
  /** Rooms whose fault no time and no retry mends, and the state in which they stay. */
  lasting: ReadonlyMap<string, RoomStatus['state']>;
  /** How often the device of each room was restarted that counts its settings after that only, by room. */
  restarts(): Record<string, unknown>;
  /** One room without a fault for each login, by mailbox. */
  canaries: readonly string[];
  command(...args: string[]): Promise<OtjRun>;
  status(): RoomStatus[];
  /** Rooms of which the product's word is not true, and why. */
  untruths(): string[];
  /** Ends every fault that can be ended. */
  heal(): void;
  stop(): Promise<void>;
}

export async function startMixedEstate(folder: string, counts: { cisco: number; poly: number }): Promise<MixedEstate> {
  const expected = new Map<string, { what: string; codes: readonly ErrorCode[] }>();
  const own = new Map<string, PolyFault>();
  const seen = new Map<string, number>();
  let codecs = 0;
  const practice = await startPractice({
    counts,
    polys: 'mixed',
    trouble: true,
    networks: NETWORKS,
    ports: PORTS,
    polyPace: { outageMs: 400 },
    adjust(spec, { room }) {
      if (spec.kind === 'codec') {
        if (TROUBLED.has(room) || codecs++ % CODECS_PER_FAULT !== 0) return spec;
        const fault = codecFault(Math.floor((codecs - 1) / CODECS_PER_FAULT));
        expected.set(room, { what: fault.name, codes: fault.codes });
        return { ...spec, faults: { ...fault.faults } };
      }
      // At once and not after a minute: the room's visit must see it.
      if ('provisioning' in spec && spec.provisioning) return { ...spec, provisioning: { overwritesMs: 1 } };
      // The certificate of a Trio comes from the factory; that of the others is new after a restart.
      const isNameless = NAMELESS.test(`${spec.kind} ${spec.software}`);
      const plain = spec.kind === 'poly-trio' ? { ...spec, pace: { ...spec.pace, newCertificate: false } } : spec;
      if (isNameless || spec.faults || ('rest' in spec && spec.rest === false)) return plain;
      const at = seen.get(spec.kind) ?? 0;
      seen.set(spec.kind, at + 1);
      // The first of each kind is left to be a pilot.
      const fault = POLY_FAULTS[spec.kind]?.[at - 1];
      if (!fault) return plain;
      own.set(room, fault);
      expected.set(room, { what: fault, codes: POLY_CODES[fault] });
      return faulty(plain, fault);
    },
  });
  const { document, estate } = practice;
  const nameless = new Set(
    document.rooms.flatMap(({ room, kind, software }) => (NAMELESS.test(`${kind} ${software}`) ? [room] : [])),
  );
  for (const room of nameless) expected.set(room, { what: 'unknown names', codes: ['NAMES_UNKNOWN'] });
  for (const { room, kind } of document.trouble) {
    const { codes = [] } = expected.get(room) ?? {};
    expected.set(room, { what: kind, codes: [...codes, ...(PRACTICE_CODES[kind] ?? [])] });
  }
  const site = await makeSite(join(folder, 'mixed.otjsite'), practice, own);
  const devices = new Map<string, LabDevice>(estate.devices);
  for (const [room, fault] of own) if (fault === 'locked-out') await lockOut(roomOf(room));
  await settled(devices);
  const before = new Map([...devices].map(([address, device]) => [address, copyOf(device)]));

  function roomOf(name: string): PracticeRoom {
    const found = document.rooms.find(({ room }) => room === name);
    if (!found) throw new Error(`no room ${name}`);
    return found;
  }

  const mender = 'needs attention' as const;
  const lasting = new Map<string, RoomStatus['state']>([
    ...document.trouble.flatMap(({ room, kind }) => (LASTING.includes(kind) ? [[room, mender] as const] : [])),
    // Infinity comes to it through Webex, which the lab does not have: the proof is owed.
    ...document.trouble.flatMap(({ room, kind }) => (kind === 'webex' ? [[room, 'awaiting sync'] as const] : [])),
    ...[...nameless].map((room) => [room, mender] as const),
    ...[...own].flatMap(([room, fault]) => (fault.endsWith('password') ? [[room, mender] as const] : [])),
    ...document.rooms.flatMap(({ room, kind }) => (FAMILY_BY_HAND.includes(kind) ? [[room, mender] as const] : [])),
  ]);
  return {
    site,
    practice,
    expected,
    lasting,
    canaries: (['codec', 'poly-videoos', 'poly-group', 'poly-trio'] as const).flatMap(
      (kind) => document.rooms.find((room) => room.kind === kind && !expected.has(room.room))?.mailbox ?? [],
    ),
    command: (name, ...args) => otj([name ?? '', site.path, ...args, '--passphrase-fd', '3'], PASSPHRASE),
    status: () => statusOf(site).rooms,
    untruths() {
      const nodes = document.infinity.nodes.map(({ fqdn }) => fqdn);
      const mailboxes = estate.infinity.store
        .rows('mjx_endpoint')
        .map((row) => String(row.room_resource_email).toLowerCase());
      return statusOf(site).rooms.flatMap((room) => {
        const device = devices.get(room.address ?? '');
        const was = before.get(room.address ?? '');
        if (!device || !was) return [`${room.name}: no device`];
        const entries = mailboxes.filter((one) => one === room.mailbox.toLowerCase()).length;
        const isCloud = expected.get(room.name)?.what === 'webex';
        const wrong = untruth({ room, was, is: copyOf(device), entries, nodes, isCloud });
        return wrong ? [`${room.name} (${expected.get(room.name)?.what ?? room.family}): ${wrong}`] : [];
      });
    },
    restarts() {
      const rooms = [...own].filter(([, fault]) => fault.endsWith('restart')).map(([room]) => roomOf(room));
      return Object.fromEntries(rooms.map(({ room, address }) => [room, devices.get(address)?.snapshot().restarts]));
    },
    heal() {
      for (const [address, device] of devices) {
        // A lock-out does not outlive the power.
        const isLocked = document.rooms.some((one) => one.address === address && own.get(one.room) === 'locked-out');
        if (isLocked) device.setFaults({ off: true });
        device.setFaults({});
      }
    },
    async stop() {
      site.close();
      await estate.stop();
      if (practice.temporaryCsv) rmSync(practice.temporaryCsv);
    },
  };
}

function faulty(spec: AnySpec, fault: PolyFault): AnySpec {
  if (spec.kind === 'codec') return spec;
  const admin = (password: string) => ({ ...spec, admin: { ...spec.admin, password } }) as AnySpec;
  switch (fault) {
    case 'another-password':
      return admin('Somebody-Else-1234');
    case 'default-password':
      return admin(TRIO_DEFAULT);
    case 'new-certificate':
      // Long enough to be told from its running time, which it tells in whole seconds.
      return { ...spec, pace: { ...spec.pace, newCertificate: true, outageMs: 2500 } };
    case 'asks-for-restart':
    case 'gets-restart':
      return {
        ...spec,
        calendarNeedsReboot: true,
        pace: { ...spec.pace, newCertificate: false, outageMs: 1500 },
      } as AnySpec;
    case 'locked-out':
      return { ...spec, settings: { 'sec.auth.accountLockout.admin.lockoutAttempts': '1' } } as AnySpec;
  }
}

async function makeSite(path: string, practice: Practice, own: ReadonlyMap<string, PolyFault>): Promise<Site> {
  const { document } = practice;
  const site = await estateSite(path, practice, { concurrency: 32, timeoutMs: 6_000 });
  const managed = document.trouble.find(({ kind }) => kind === 'overwritten')?.room;
  for (const { id, name } of site.rooms.all()) {
    // One room's management server is nobody's business, by somebody's word.
    if (name === managed) decide(site, { roomId: id, accepted: ['manager'] });
    if (own.get(name) === 'gets-restart') decide(site, { roomId: id, accepted: ['restart'] });
    if (own.get(name) === 'default-password')
      site.saveCredential('poly-trio', id, document.logins.trio?.username ?? '', TRIO_DEFAULT);
  }
  return site;
}

/** One wrong password, at a device that bears no more. */
function lockOut({ address, httpsPort }: PracticeRoom): Promise<void> {
  const body = JSON.stringify({ user: 'admin', password: 'Wrong-Password-1', action: 'Login' });
  return new Promise((resolve, reject) => {
    request(
      { host: address, port: httpsPort, path: '/rest/session', method: 'POST', rejectUnauthorized: false },
      (reply) => reply.resume().on('end', () => resolve()),
    )
      .on('error', reject)
      .end(body);
  });
}

/** Until what starts by itself has started: each calendar and each macro has had its first word with the Service. */
async function settled(devices: ReadonlyMap<string, LabDevice>): Promise<void> {
  const isWaiting = (device: LabDevice) => {
    const { calendar } = device.snapshot() as { calendar?: { status: string } };
    return calendar?.status === 'configured';
  };
  while ([...devices.values()].some((device) => !device.spec.faults?.off && isWaiting(device)))
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function copyOf(device: LabDevice): Record<string, unknown> {
  return structuredClone(device.snapshot());
}
