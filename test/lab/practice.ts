import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ascii } from './calendars.ts';
import { type Estate, type EstateDescription, startEstate } from './estate.ts';
import type { PracticeMicrosoft } from './microsoft/practice.ts';
import { practiceDevice } from './practice-devices.ts';
import { type PolyTroubleKind, polyTroubleOf, withTrouble } from './practice-poly-trouble.ts';
import { type Polys, serialOf } from './practice-polys.ts';
import { countedRooms, csvOf, type ListedRoom, listedRooms, SAMPLE_CSV } from './practice-rooms.ts';
import { TROUBLES, type Trouble } from './practice-trouble.ts';
import { createSecrets } from './secrets.ts';
import type { ServiceEndpoint } from './service/service.ts';
import type { AnySpec, PolyPace } from './types.ts';

export interface PracticeOptions {
  rooms?: number;
  /** In place of `rooms`: so many of each maker. */
  counts?: { cisco: number; poly: number };
  /** `studios` when absent: VideoOS only. */
  polys?: Polys;
  polyPace?: Partial<PolyPace>;
  /** The last word on each device. */
  adjust?: (spec: AnySpec, room: ListedRoom) => AnySpec;
  trouble?: boolean;
  latencyMs?: number;
  ports?: { ssh?: number; https?: number; telnet?: number };
  replicationMs?: number;
  /** Leading parts of the loopback addresses, so that several labs can run side by side. */
  networks?: { devices?: string; core?: string };
  /** Same secrets at every start with the same text. */
  seed?: string;
  /** With a Microsoft 365 to sign in to. */
  microsoft?: boolean;
  log?: (line: string) => void;
}

/** A room as it really is, with what the list says of it. */
export interface PracticeRoom extends ListedRoom {
  model: string;
  software: string;
  kind: AnySpec['kind'];
  httpsPort: number;
  /** Where the device has an SSH port. */
  sshPort?: number;
  /** Poly Group only. */
  telnetPort?: number;
}

/** Everything that a person or a program needs to work on the practice site. */
export interface PracticeDocument {
  ports: { ssh: number; https: number; telnet: number };
  infinity: {
    url: string;
    username: string;
    password: string;
    /** An administrator without write permission. */
    reader: { username: string; password: string };
    certificate: string;
    profile: string;
    group: string;
    groupWithoutProfile: string;
    nodes: { fqdn: string; address: string; port: number }[];
  };
  service: { host: string; address: string; port: number };
  logins: {
    cisco: { username: string; passphrase: string };
    poly: { username: string; password: string };
    /** In a site with Poly devices of all families. */
    trio?: { username: string; password: string };
  };
  microsoft?: PracticeMicrosoft;
  sampleCsv: string;
  /** The list of exactly the rooms that run. */
  roomsCsv: string;
  rooms: PracticeRoom[];
  trouble: (Trouble & { address: string })[];
  /** Every password and token of this lab: none may ever show up in clear in a file or a log. */
  secrets: string[];
}

export interface Practice {
  estate: Estate;
  document: PracticeDocument;
  /** Written when the sample list does not fit the rooms. */
  temporaryCsv: string | undefined;
  stop(): Promise<void>;
}

const PROFILE = 'Nordbank OTJ';
const GROUP = 'Oslo rooms';
const GROUP_WITHOUT_PROFILE = 'Not in use';
const DOMAIN = 'lab.example';
const TENANT = 'nordbank';
/** In a mixed site with troubles every third Poly device with a calendar has one: all kinds of trouble in a hundred. */
const POLYS_PER_TROUBLE = 3;
/** Rooms elsewhere that are on Infinity already: more than one page of the API's lists. */
const MIGRATED_BEFORE = 22;

export function practiceEstate(options: PracticeOptions = {}): {
  description: EstateDescription;
  document: Omit<PracticeDocument, 'roomsCsv'>;
} {
  const secrets = createSecrets(options.seed);
  const { ssh = 2022, https = 8443, telnet = 2324 } = options.ports ?? {};
  const ports = { ssh, https, telnet };
  const polyKinds = options.polys ?? 'studios';
  const core = options.networks?.core ?? '127.30.0';
  const network = options.networks?.devices;
  const listed = options.counts ? countedRooms(options.counts, network) : listedRooms(options.rooms ?? 24, network);
  const trouble = (options.trouble ? TROUBLES : []).flatMap((one) => {
    const room = listed.find((candidate) => candidate.room === one.room);
    // People who practise must be able to mend it.
    const note =
      one.kind === 'another-passphrase' ? `${one.note} It is ${secrets.make(`admin of ${one.room}`)}` : one.note;
    return room ? [{ ...one, note, address: room.address }] : [];
  });
  const logins = {
    cisco: { username: 'admin', passphrase: secrets.make('cisco admin') },
    poly: { username: 'admin', password: secrets.make('poly admin') },
    ...(polyKinds === 'mixed' ? { trio: { username: 'Polycom', password: secrets.make('trio admin') } } : {}),
  };
  const service: ServiceEndpoint[] = listed.map(({ mailbox, family }) =>
    family === 'cisco'
      ? { mailbox, token: secrets.make(`token ${mailbox}`, 32) }
      : { mailbox, username: `${mailbox.split('@')[0]}.${TENANT}`, password: secrets.make(`service ${mailbox}`) },
  );
  let polls = 0;
  const polyPlace = listed.map(({ family }) => (family === 'poly' ? polls++ : 0));
  const { adjust = (spec: AnySpec) => spec } = options;
  const polyTrouble: PracticeDocument['trouble'] = [];
  const given: PolyTroubleKind[] = [];
  let calendars = 0;
  const troubled = (spec: AnySpec, room: ListedRoom): AnySpec => {
    if (!options.trouble || polyKinds !== 'mixed' || spec.kind === 'codec') return spec;
    const found = polyTroubleOf(spec.kind, given);
    if (!found || calendars++ % POLYS_PER_TROUBLE !== 0) return spec;
    const { kind, lasts, note } = found;
    given.push(kind);
    polyTrouble.push({ room: room.room, address: room.address, kind, lasts, note });
    return withTrouble(spec, found);
  };
  const devices = listed.map((room, index) =>
    adjust(
      troubled(
        practiceDevice(room, index, {
          ports,
          polys: polyKinds,
          polyAt: polyKinds === 'mixed' ? (polyPlace[index] ?? 0) : index,
          ...(options.polyPace ? { polyPace: options.polyPace } : {}),
          logins,
          tenant: TENANT,
          secrets,
          service: service[index] ?? { mailbox: room.mailbox },
          trouble: trouble.filter((one) => one.room === room.room).map((one) => one.kind),
          // At most some forty calendars a second of each kind, however many devices there are.
          pollMs: Math.max(1000, polls * 25),
          macroPollMs: Math.max(5000, (listed.length - polls) * 25),
        }),
        room,
      ),
      room,
    ),
  );

  const admin = { username: 'admin', password: secrets.make('infinity admin') };
  const reader = { username: 'reader', password: secrets.make('infinity reader') };
  const nodes = ['conf-oslo-1', 'conf-oslo-2'].map((hostname, index) => ({
    hostname,
    address: `${core}.${11 + index}`,
    port: ports.https,
    location: 'Oslo',
  }));
  const description: EstateDescription = {
    devices,
    mailboxes: listed.map((room) => room.mailbox),
    latencyMs: options.latencyMs ?? 0,
    ...(options.log ? { log: options.log } : {}),
    service: { address: `${core}.20`, port: ports.https, endpoints: service },
    infinity: {
      address: `${core}.10`,
      port: ports.https,
      domain: DOMAIN,
      accounts: [
        { ...admin, mayWrite: true },
        { ...reader, mayWrite: false },
      ],
      nodes,
      profile: { name: PROFILE },
      groups: [
        { name: GROUP, location: 'Oslo', withProfile: true },
        { name: 'Bergen rooms', location: 'Bergen', withProfile: true },
        { name: GROUP_WITHOUT_PROFILE, location: 'Oslo', withProfile: false },
      ],
      graphSecret: secrets.make('graph client'),
      existing: Array.from({ length: MIGRATED_BEFORE }, (_, index) => {
        const name = `Bergen ${String(index + 1).padStart(2, '0')}`;
        return {
          name,
          endpoint_type: 'WEBEX',
          room_resource_email: `${ascii(name).replaceAll('.', '-')}@nordbank.example`,
          mjx_endpoint_group: '/api/admin/configuration/v1/mjx_endpoint_group/2/',
          webex_device_id: `device-${index + 1}`,
        };
      }),
      behaviour: { replicationMs: options.replicationMs ?? 500, otjTotal: MIGRATED_BEFORE + listed.length + 10 },
      pushesPerSecond: 50,
    },
  };
  return {
    description,
    document: {
      ports,
      infinity: {
        url: `https://${core}.10:${ports.https}`,
        ...admin,
        reader,
        certificate: '',
        profile: PROFILE,
        group: GROUP,
        groupWithoutProfile: GROUP_WITHOUT_PROFILE,
        nodes: nodes.map(({ hostname, address, port }) => ({ fqdn: `${hostname}.${DOMAIN}`, address, port })),
      },
      service: { host: `${TENANT}.otj.pexip.io`, address: `${core}.20`, port: ports.https },
      logins,
      sampleCsv: SAMPLE_CSV,
      rooms: listed.flatMap((room, index) => {
        const device = devices[index];
        return device ? [practiceRoom(room, device)] : [];
      }),
      trouble: [...trouble, ...polyTrouble],
      secrets: secrets.all(),
    },
  };
}

function practiceRoom(room: ListedRoom, device: AnySpec): PracticeRoom {
  const { kind, model, software, httpsPort, mac } = device;
  const ports = {
    ...('sshPort' in device && device.sshPort !== undefined ? { sshPort: device.sshPort } : {}),
    ...('telnetPort' in device && device.telnetPort !== undefined ? { telnetPort: device.telnetPort } : {}),
  };
  return { ...room, serial: serialOf({ kind }, room, mac), kind, model, software, httpsPort, ...ports };
}

/** Starts the practice site. The caller stops its estate and removes the temporary list. */
export async function startPractice(options: PracticeOptions = {}): Promise<Practice> {
  const { description, document } = practiceEstate(options);
  const estate = await startEstate(description);
  let temporaryCsv: string | undefined;
  const sample = readFileSync(SAMPLE_CSV, 'utf8');
  const list = csvOf(document.rooms);
  if (list !== sample) {
    temporaryCsv = join(tmpdir(), `otj-lab-${process.pid}-${document.infinity.url.replace(/\W+/g, '-')}.csv`);
    writeFileSync(temporaryCsv, list, { mode: 0o600 });
  }
  const certificate = estate.infinity.management.certificate;
  const microsoft = options.microsoft ? await microsoftOf(options, document) : undefined;
  return {
    estate,
    async stop() {
      await Promise.all([estate.stop(), microsoft?.lab.stop()]);
    },
    document: {
      ...document,
      infinity: { ...document.infinity, certificate },
      roomsCsv: temporaryCsv ?? SAMPLE_CSV,
      ...(microsoft ? { microsoft: microsoft.document } : {}),
    },
    temporaryCsv,
  };
}

/** Loaded only when it is wanted: its OpenID provider is larger than all else here. */
async function microsoftOf(options: PracticeOptions, { rooms, ports }: Pick<PracticeDocument, 'rooms' | 'ports'>) {
  const { startPracticeMicrosoft } = await import('./microsoft/practice.ts');
  const address = `${options.networks?.core ?? '127.30.0'}.30`;
  return startPracticeMicrosoft({ rooms, address, port: ports.https, trouble: options.trouble === true });
}
