/** A codec with something of everything: what it tells, and macros of each kind, with texts that mean harm among them. */
import type { Told } from '../../main/contract/device.ts';
import type { JudgedMacro } from '../../main/contract/rooms.ts';

export const HOSTILE = '<img src=x onerror="window.hit=1">\u202eetihw';

export const TOLD: Told[] = [
  { key: 'generation', value: 'RoomOS 11', warn: false },
  { key: 'uptime', value: '3542400s', warn: false },
  { key: 'clock', value: '2026-11-24T09:12:44.000Z', warn: true },
  { key: 'ntp', value: 'Synced, 10.0.0.1', warn: false },
  { key: 'http', value: 'HTTP+HTTPS', warn: false },
  { key: 'http-allowed', value: 'otj.pexip.io, *.weather.example, ^(([a-z]+)\\.)*nordbank\\.example$', warn: false },
  { key: 'manager', value: `TMS, ${HOSTILE}`, warn: true },
  { key: 'webex', value: 'Registered', warn: true },
  { key: 'webex-id', value: 'Y2lzY29zcGFyazovL3VzL0RFVklDRS8wMTIzNDU2Nzg5', warn: false },
  { key: 'users', value: 'admin (Admin, User), integrator (Integrator)', warn: false },
];

export const CODEC = { id: 1, roomId: 1, address: '10.20.2.11', serial: 'FOC2533N0AB', model: 'Cisco Room Kit' };

/** A script as long as real ones, with two signs far from each other. */
const OWN = [
  "import xapi from 'xapi';",
  ...Array.from({ length: 30 }, (_, at) => `const value${at} = ${at};`),
  "const HOST = 'https://otj.pexip.io/meetings';",
  ...Array.from({ length: 40 }, (_, at) => `xapi.Status.Audio.Volume.on(() => value${at % 30});`),
  '// One-Touch Join, adapted by the integrator',
  ...Array.from({ length: 20 }, (_, at) => `log(${at});`),
].join('\n');

const span = (text: string, word: string) => ({ from: text.indexOf(word), to: text.indexOf(word) + word.length });

export const MACROS: JudgedMacro[] = [
  {
    name: 'room-lights',
    active: true,
    bytes: 5_120,
    verdict: 'other',
    decided: null,
    score: 0,
    reasons: [],
    content: '',
    marks: [],
    like: null,
  },
  {
    name: 'otj-macro',
    active: true,
    bytes: 14_336,
    verdict: 'otj',
    decided: null,
    score: 130,
    reasons: ['is named as One-Touch Join'],
    content: 'const name = "otj-macro";\n',
    marks: [{ from: 14, to: 23, reason: 'is named as One-Touch Join' }],
    like: null,
  },
  {
    name: 'meetings_edited',
    active: true,
    bytes: OWN.length,
    verdict: 'uncertain',
    decided: null,
    score: 55,
    reasons: ['calls the Service (otj.pexip.io)', 'speaks of One-Touch Join'],
    content: OWN,
    marks: [
      { ...span(OWN, 'otj.pexip.io'), reason: 'calls the Service (otj.pexip.io)' },
      { ...span(OWN, 'One-Touch Join'), reason: 'speaks of One-Touch Join' },
    ],
    like: { name: 'otj-macro', room: 'Skog', share: 0.91, content: OWN.replace('adapted by the integrator', 'v2') },
  },
  {
    name: HOSTILE,
    active: false,
    bytes: 900,
    verdict: 'uncertain',
    decided: null,
    score: 40,
    reasons: [`holds ${HOSTILE}`],
    content: `${'x'.repeat(4_000)}pexip${'y'.repeat(4_000)}`,
    marks: [{ from: 4_000, to: 4_005, reason: `holds ${HOSTILE}` }],
    like: null,
  },
];
/** What a check says of the macros in doubt. */
export const DOUBT = `meetings_edited (55 points: calls the Service). ${HOSTILE} (40 points: holds it)`;
