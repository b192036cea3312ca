import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { type RoomRow, roomDetailSchema, roomRowSchema } from '../../main/contract/rooms.ts';
import { nextRoom } from '../../main/services/nextRoom.ts';
import { backupTexts, roomDetail } from '../../main/services/roomDetail.ts';
import { roomLogin } from '../../main/services/roomLogin.ts';
import { roomRows } from '../../main/services/roomRows.ts';
import { MANUAL } from '../../main/site/outbox.ts';
import { Site } from '../../main/site/site.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const HOSTILE = [
  'x'.repeat(10_000),
  '<img src=x onerror=alert(1)>',
  '\u202egnitirw\u202c טוב مرحبا',
  '👩‍👩‍👧‍👦 🎥',
  "'; DROP TABLE room; --",
  '\u0000\u001b[31m',
];

describe('rows of the table', () => {
  it('stand as a person sorts them', async () => {
    const site = await tempSite();
    const places = [
      ['B', '10', 'Rom 2'],
      ['B', '2', 'Rom 10'],
      ['B', '2', 'Rom 9'],
      ['A', '1', 'Å'],
      ['B', '10', 'Rom 1'],
    ] as const;
    for (const [at, [building, floor, name]] of places.entries())
      addRoom(site, { building, floor, name, mailbox: `r${at}@example.com`, address: `10.0.0.${at + 1}` });
    expect(roomRows(site).map(({ building, floor, name }) => `${building} ${floor} ${name}`)).toEqual([
      'A 1 Å',
      'B 2 Rom 9',
      'B 2 Rom 10',
      'B 10 Rom 1',
      'B 10 Rom 2',
    ]);
  });

  it('tell what is owed, what a person has to do and how long the room was without', async () => {
    const site = await tempSite();
    const { room, endpoint } = addRoom(site);
    site.outbox.owe(room.id, 'entry');
    site.outbox.owe(room.id, 'contact');
    site.outbox.needManual(room.id, MANUAL.servicePortal);
    site.rooms.mark(room.id, 'cutover_at', new Date(1_000));
    expect(roomRows(site)[0]).toMatchObject({
      owed: 2,
      manual: 1,
      onInfinity: false,
      withoutSince: new Date(1_000).toISOString(),
      withoutOtjMs: null,
      address: endpoint.address,
      family: 'cisco-roomos',
    });
    site.rooms.mark(room.id, 'served_at', new Date(39_000));
    site.outbox.tick(room.id, 'Kari', null, 'another-kind');
    expect(roomRows(site)[0]).toMatchObject({ withoutSince: null, withoutOtjMs: 38_000, manual: 1 });
    site.outbox.tick(room.id, 'Kari', null, MANUAL.servicePortal);
    site.outbox.saveEntry({ roomId: room.id, entryId: 7, createdByUs: true, before: null, server: null });
    site.outbox.delivered(room.id, 'entry');
    expect(roomRows(site)[0]).toMatchObject({ manual: 0, onInfinity: true, owed: 1 });
  });

  it('tell a room that was cut off from one that is worked on', async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    site.rooms.beginWork(room.id, 'undo');
    site.rooms.setState(room.id, 'in progress');
    expect(roomRows(site)[0]).toMatchObject({ interrupted: true, undoUnfinished: true });
    site.takeLock();
    expect(roomRows(site)[0]).toMatchObject({ interrupted: false });
    site.releaseLock();
    const other = Site.open(site.path);
    other.takeLock();
    expect(roomRows(site)[0]).toMatchObject({ interrupted: false });
    other.close();
    expect(roomRows(site)[0]).toMatchObject({ interrupted: true });
  });

  it('are only those that are asked for', async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    addRoom(site, { name: 'Skog', mailbox: 'skog@example.com', address: '10.0.0.2' });
    expect(roomRows(site, [room.id, 999]).map(({ name }) => name)).toEqual(['Fjord']);
    expect(roomRows(site, [])).toEqual([]);
  });

  it('hold to the contract whatever the list or another version has written', async () => {
    const site = await tempSite();
    for (const [at, name] of HOSTILE.entries())
      addRoom(site, { name, building: name, floor: name, mailbox: `h${at}@example.com`, address: `10.9.0.${at + 1}` });
    const rows = roomRows(site);
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(HOSTILE));
    for (const row of rows) {
      expect(roomRowSchema.parse(row)).toEqual(row);
      expect(roomDetailSchema.parse(roomDetail(site, row.id)).room).toEqual(row);
    }
    const [first] = rows;
    site.db.run(`UPDATE room SET problem = '{"code":"FROM_LATER","class":"usage","happened":"x","todo":"y"}'`);
    expect(roomRows(site)[0]?.code).toBe('INTERNAL');
    expect(roomDetailSchema.parse(roomDetail(site, first?.id ?? 0)).problem).toMatchObject({
      code: 'INTERNAL',
      words: 'x',
    });
  });
});

describe('the details of a room', () => {
  const step = { id: 'macro.remove:otj', title: 'Remove macro otj' };
  const outcome = { words: 'ok', problem: null, ms: 12, changes: [] };

  it('tell each step of all runs, and which of them have an unknown end', async () => {
    const site = await tempSite();
    const { room } = addRoom(site);
    const first = site.journal.startRun('migrate', 'Kari');
    await site.journal.intent(first, room.id, step);
    await site.journal.outcome(first, room.id, step, {
      ...outcome,
      status: 'failed',
      problem: new OtjError('REFUSED', 'no').toProblem(),
    });
    await site.journal.intent(first, room.id, { id: 'cut', title: 'Cut off' });
    const second = site.journal.startRun('undo', 'Ola');
    await site.journal.intent(second, room.id, step);
    await site.journal.outcome(second, room.id, step, { ...outcome, status: 'done' });
    await site.journal.intent(second, room.id, step);
    const told = () => roomDetail(site, room.id).steps.map(({ runId, step: id, status }) => [runId, id, status]);
    const known = [
      [first, step.id, 'failed'],
      [first, 'cut', 'unknown'],
      [second, step.id, 'done'],
    ];
    expect(told()).toEqual([...known, [second, step.id, 'unknown']]);
    expect(roomDetail(site, room.id)).toMatchObject({ lastRun: { kind: 'undo', technician: 'Ola' } });
    // The step that is being done right now is no record yet.
    site.rooms.setState(room.id, 'in progress');
    site.takeLock();
    expect(told()).toEqual(known);
  });

  it('show the texts of the backup without secrets, line by line', async () => {
    const site = await tempSite();
    const { room, endpoint } = addRoom(site, { serial: 'FOC1' });
    site.saveCredential('cisco-roomos', null, 'admin', 'Known-Admin-Pass');
    site.saveCredential('infinity', null, 'api', 'Known-Infinity-Pass');
    const { password } = roomLogin(site, room, 'cisco-roomos');
    const content = [
      "const token = 'abcdef0123456789';",
      '  const headers = { "Authorization": "Bearer abcdefghijkl" };',
      '  // Known-Admin-Pass and Known-Infinity-Pass',
      `\txapi.send("${password}");`,
      'export const plain = 1;',
    ].join('\n');
    await site.backups.open(site.vault, 'FOC1', [{ kind: 'macro', name: 'otj', content }]);
    site.backups.close('FOC1');
    await site.backups.open(site.vault, 'FOC1', [{ kind: 'macro', name: 'newer', content: 'x' }]);
    const texts = backupTexts(site, room.id);
    expect(texts.map(({ name, open }) => [name, open])).toEqual([
      ['newer', true],
      ['otj', false],
    ]);
    const shown = texts[1]?.content ?? '';
    expect(shown.split('\n')).toHaveLength(5);
    expect(shown).toContain('export const plain = 1;');
    for (const secret of ['abcdef0123456789', 'abcdefghijkl', 'Known-Admin-Pass', 'Known-Infinity-Pass', password])
      expect(shown).not.toContain(secret);
    expect(roomDetail(site, room.id)).toMatchObject({
      device: { id: endpoint.id, seenAt: null },
      backup: [
        { name: 'newer', open: true, bytes: 1 },
        { name: 'otj', open: false },
      ],
    });
  });
});

describe('the next room', () => {
  const row = (id: number, building: string, floor: string, change: Partial<RoomRow> = {}): RoomRow =>
    roomRowSchema.parse({
      id,
      name: `Room ${id}`,
      building,
      floor,
      mailbox: '',
      state: 'not started',
      stateAt: '',
      code: null,
      family: null,
      model: null,
      address: null,
      serial: null,
      owed: 0,
      manual: 0,
      onInfinity: false,
      interrupted: false,
      undoUnfinished: false,
      withoutSince: null,
      withoutOtjMs: null,
      ...change,
    });
  const done = { state: 'migrated' } as const;

  it.each<[string, RoomRow[], number | null, number | null]>([
    ['the first, from nowhere', [row(1, 'A', '1', done), row(2, 'A', '1')], null, 2],
    ['the next on the floor', [row(1, 'A', '1'), row(2, 'A', '1'), row(3, 'A', '1')], 2, 3],
    ['over the end of the floor to its start', [row(1, 'A', '1'), row(2, 'A', '1'), row(3, 'A', '2')], 2, 1],
    ['the same building before the next', [row(1, 'A', '1'), row(2, 'A', '2', done), row(3, 'B', '2')], 2, 1],
    ['the next building when this one is done', [row(1, 'A', '1'), row(2, 'B', '1', done), row(3, 'C', '1')], 2, 3],
    ['back to the first building', [row(1, 'A', '1'), row(2, 'B', '1', done)], 2, 1],
    ['itself when only it is left', [row(1, 'A', '1', done), row(2, 'A', '1')], 2, 2],
    ['none when all are done', [row(1, 'A', '1', done), row(2, 'A', '1', { state: 'undone' })], 1, null],
    ['none of no rooms', [], 1, null],
    ['one that needs a person', [row(1, 'A', '1', done), row(2, 'A', '1', { state: 'needs attention' })], 1, 2],
    [
      'one that was cut off',
      [row(1, 'A', '1', done), row(2, 'A', '1', { state: 'in progress', interrupted: true })],
      1,
      2,
    ],
    ['not one that is worked on', [row(1, 'A', '1', done), row(2, 'A', '1', { state: 'in progress' })], 1, null],
    ['not one that awaits sync', [row(1, 'A', '1'), row(2, 'A', '1', { state: 'awaiting sync' })], 2, 1],
  ])('is %s', (_what, rows, after, wanted) => {
    expect(nextRoom(rows, after)?.id ?? null).toBe(wanted);
  });
});
