import { createHash } from 'node:crypto';
import {
  awkwardText,
  cameraPresets,
  meetingControls,
  OTJ_MACRO,
  OTJ_MACRO_SETTINGS,
  otjMacroPair,
  roomBookingLights,
} from './cisco/macros.ts';
import { modelOf, type Polys, polySpec, serialOf } from './practice-polys.ts';
import { type ListedRoom, madeMac, madeSerial } from './practice-rooms.ts';
import type { TroubleKind } from './practice-trouble.ts';
import type { Secrets } from './secrets.ts';
import type { ServiceEndpoint } from './service/service.ts';
import type { AnyPolySpec, AnySpec, CodecSpec, LabMacro, PolyPace } from './types.ts';

export interface Site {
  ports: { ssh: number; https: number; telnet: number };
  logins: {
    cisco: { username: string; passphrase: string };
    poly: { username: string; password: string };
    trio?: { username: string; password: string };
  };
  polys: Polys;
  /** Which of the models in turn. */
  polyAt: number;
  polyPace?: Partial<PolyPace>;
  tenant: string;
  secrets: Secrets;
  service: ServiceEndpoint;
  trouble: TroubleKind[];
  /** How often a Poly reads its calendar, and a macro asks the Service. */
  pollMs: number;
  macroPollMs: number;
}

/** Model and software as `xStatus SystemUnit` prints them. */
const CODECS: readonly (readonly [model: string, software: string])[] = [
  ['Cisco Room Kit', 'ce11.27.2.0'],
  ['Cisco Room Kit Pro', 'ce26.1.1.4'],
  ['Cisco Codec Plus', 'ce9.15.17.4'],
  ['Cisco Codec Pro', 'ce11.14.2.3'],
  ['Cisco Room Bar', 'ce26.2.1.6'],
  ['Cisco Board 70', 'ce10.19.5.6'],
  ['Cisco Room Kit', 'ce9.15.18.5'],
  ['Cisco Codec Pro', 'ce26.2.1.6'],
  ['Cisco Room Bar', 'ce11.27.2.0'],
];

/** The device of a listed room as it really is, which is not always what the list says. */
export function practiceDevice(room: ListedRoom, index: number, site: Site): AnySpec {
  const another = site.trouble.includes('another-device');
  const name = another ? `${room.room} (spare)` : room.room;
  const common = {
    address: room.address,
    httpsPort: site.ports.https,
    serial: another ? madeSerial(name, room.family) : room.serial,
    mac: madeMac(another ? 0x800000 + index : 0x3a10 + index, room.family),
    systemName: name,
  };
  return room.family === 'cisco' ? codec(common, room, index, site) : poly(common, room, site);
}

type Common = Pick<CodecSpec, 'address' | 'httpsPort' | 'serial' | 'mac' | 'systemName'>;

function codec(common: Common, room: ListedRoom, index: number, site: Site): CodecSpec {
  const [model, software] = CODECS[index % CODECS.length] ?? ['', ''];
  const { cisco } = site.logins;
  const passphrase = site.trouble.includes('another-passphrase')
    ? site.secrets.make(`admin of ${room.room}`)
    : cisco.passphrase;
  return {
    kind: 'codec',
    ...common,
    model,
    software: `${software}.${createHash('sha256').update(software).digest('hex').slice(0, 11)}`,
    sshPort: site.ports.ssh,
    users: [{ username: cisco.username, passphrase, roles: ['Admin', 'Audit', 'User'] }],
    macros: macros(room, site),
    settings: { 'Macros Mode': 'On', 'HttpClient Mode': 'On' },
    ...(site.trouble.includes('drops-connection') ? { faults: { dropOnce: 'Macro Remove' } } : {}),
    ...(site.trouble.includes('managed') ? { manager: TMS } : {}),
    ...(site.trouble.includes('webex') ? { webex: { status: 'Registered', developerId: developerId(room) } } : {}),
  };
}

const TMS = { mode: 'TMS', address: 'tms.nordbank.example', pushesBackMs: 60_000 };

/** Looks like one of the cloud's: base64 of a path that ends with an id. */
function developerId(room: ListedRoom): string {
  const id = createHash('sha256').update(`cloud id of ${room.room}`).digest('hex').slice(0, 32);
  return Buffer.from(`ciscospark://us/DEVICE/${id}`).toString('base64url');
}

/** What stands beside One-Touch Join in rooms that have other macros. */
const NEIGHBOURS: Readonly<Record<string, readonly LabMacro[]>> = {
  Fjord: [meetingControls, awkwardText],
  Elv: [roomBookingLights, cameraPresets, awkwardText],
  Foss: [meetingControls],
  Furu: [roomBookingLights, meetingControls],
};

function macros(room: ListedRoom, site: Site): LabMacro[] {
  const token = site.service.token ?? '';
  const pair = otjMacroPair({ tenant: site.tenant, token, pollMs: site.macroPollMs });
  const own = site.trouble.includes('renamed-macros') ? pair.map(renamed) : pair;
  return site.trouble.includes('other-macros') ? [...(NEIGHBOURS[room.room] ?? []), ...own] : own;
}

/** Somebody gave the pair names of their own, and mended the one import, so that it still works. */
function renamed(macro: LabMacro): LabMacro {
  return {
    ...macro,
    name: macro.name === OTJ_MACRO ? 'calendar-sync' : 'calendar-settings',
    content: macro.content.replaceAll(`./${OTJ_MACRO_SETTINGS}`, './calendar-settings'),
  };
}

function poly(common: Common, room: ListedRoom, site: Site): AnyPolySpec {
  const model = modelOf(site.polys, site.polyAt);
  const another = site.trouble.includes('another-device');
  return polySpec(
    {
      ...common,
      ...(another ? {} : { serial: serialOf(model, room, common.mac) }),
      ...(site.trouble.includes('in-call') ? { faults: { inCall: true } } : {}),
    },
    model,
    {
      ports: site.ports,
      admin: site.logins.poly,
      trio: site.logins.trio ?? site.logins.poly,
      calendar: {
        enabled: true,
        server: `${site.tenant}.otj.pexip.io`,
        mailbox: room.mailbox,
        domain: '',
        username: site.service.username ?? '',
        password: site.service.password ?? '',
      },
      pollMs: site.pollMs,
      ...(site.polyPace ? { pace: site.polyPace } : {}),
    },
  );
}
