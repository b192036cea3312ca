import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ascii } from './calendars.ts';
import { type Estate, type EstateDescription, startEstate } from './estate.ts';
import { practiceDevice } from './practice-devices.ts';
import { csvOf, type ListedRoom, listedRooms, SAMPLE_CSV } from './practice-rooms.ts';
import { TROUBLES, type Trouble } from './practice-trouble.ts';
import { createSecrets } from './secrets.ts';
import type { ServiceEndpoint } from './service/service.ts';

export interface PracticeOptions {
  rooms?: number;
  trouble?: boolean;
  latencyMs?: number;
  ports?: { ssh?: number; https?: number };
  replicationMs?: number;
  /** Leading parts of the loopback addresses, so that several labs can run side by side. */
  networks?: { devices?: string; core?: string };
  /** Same secrets at every start with the same text. */
  seed?: string;
  log?: (line: string) => void;
}

/** A room as it really is, with what the list says of it. */
export interface PracticeRoom extends ListedRoom {
  model: string;
  software: string;
  httpsPort: number;
  /** Cisco only. */
  sshPort?: number;
}

/** Everything that a person or a program needs to work on the practice site. */
export interface PracticeDocument {
  ports: { ssh: number; https: number };
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
  logins: { cisco: { username: string; passphrase: string }; poly: { username: string; password: string } };
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
}

const PROFILE = 'Nordbank OTJ';
const GROUP = 'Oslo rooms';
const GROUP_WITHOUT_PROFILE = 'Not in use';
const DOMAIN = 'lab.example';
const TENANT = 'nordbank';
/** Rooms elsewhere that are on Infinity already: more than one page of the API's lists. */
const MIGRATED_BEFORE = 22;

export function practiceEstate(options: PracticeOptions = {}): {
  description: EstateDescription;
  document: Omit<PracticeDocument, 'roomsCsv'>;
} {
  const secrets = createSecrets(options.seed);
  const ports = { ssh: options.ports?.ssh ?? 2022, https: options.ports?.https ?? 8443 };
  const core = options.networks?.core ?? '127.30.0';
  const listed = listedRooms(options.rooms ?? 24, options.networks?.devices);
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
  };
  const service: ServiceEndpoint[] = listed.map(({ mailbox, family }) =>
    family === 'cisco'
      ? { mailbox, token: secrets.make(`token ${mailbox}`, 32) }
      : { mailbox, username: `${mailbox.split('@')[0]}.${TENANT}`, password: secrets.make(`service ${mailbox}`) },
  );
  const polls = listed.filter((room) => room.family === 'poly').length;
  const devices = listed.map((room, index) =>
    practiceDevice(room, index, {
      ports,
      logins,
      tenant: TENANT,
      secrets,
      service: service[index] ?? { mailbox: room.mailbox },
      trouble: trouble.filter((one) => one.room === room.room).map((one) => one.kind),
      // At most some forty calendars a second of each kind, however many devices there are.
      pollMs: Math.max(1000, polls * 25),
      macroPollMs: Math.max(5000, (listed.length - polls) * 25),
    }),
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
      rooms: listed.map((room, index) => ({
        ...room,
        model: devices[index]?.model ?? '',
        software: devices[index]?.software ?? '',
        httpsPort: ports.https,
        ...(room.family === 'cisco' ? { sshPort: ports.ssh } : {}),
      })),
      trouble,
      secrets: secrets.all(),
    },
  };
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
  return {
    estate,
    document: {
      ...document,
      infinity: { ...document.infinity, certificate },
      roomsCsv: temporaryCsv ?? SAMPLE_CSV,
    },
    temporaryCsv,
  };
}
