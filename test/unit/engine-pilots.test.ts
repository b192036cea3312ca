/** The gate before what is not confirmed: one device of a kind first, whatever comes at once. */
import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import type { Gate, Seen } from '../../main/endpoints/driver.ts';
import { type Pass, PilotGate } from '../../main/migration/pilotGate.ts';
import { confirmPilots } from '../../main/services/pilots.ts';
import type { Room } from '../../main/site/rooms.ts';
import { Site } from '../../main/site/site.ts';
import { codeOf } from '../support/codeOf.ts';
import { addRoom, tempSite } from '../support/siteFile.ts';

const GATE: Gate = { key: 'k', title: 'StudioX50 4.2.0, settings cal.*', about: { family: 'poly-videoos' } };
const SEEN: Seen = { holds: true, words: 'a meeting' };

async function ground(rooms = 20) {
  const site = await tempSite();
  const all = Array.from({ length: rooms }, (_, at) => {
    const { room } = addRoom(site, {
      name: `Room ${at}`,
      mailbox: `room-${at}@example.com`,
      address: `10.0.0.${at + 1}`,
      family: 'poly-videoos',
    });
    return room;
  });
  return { site, all };
}

const gateFor = (site: Site, consent: 'first' | Room[] = []) =>
  new PilotGate({
    site,
    technician: 'Ada',
    consent: consent === 'first' ? consent : new Set(consent.map(({ id }) => id)),
  });

async function enterAll(gate: PilotGate, rooms: readonly Room[]) {
  const codes: (string | undefined)[] = [];
  const passes: Pass[] = [];
  await Promise.all(
    rooms.map(async (room, at) => {
      codes[at] = await codeOf(async () => void passes.push(await gate.enter(GATE, room, `S${room.id}`)));
    }),
  );
  return { codes, passes };
}

const ended = (error: OtjError | null, more: { touched?: boolean; proofs?: Seen[]; owes?: boolean } = {}) => ({
  error,
  touched: true,
  proofs: [SEEN],
  owes: false,
  ...more,
});

describe('the gate before what is not confirmed', () => {
  it('lets no room in that nobody watches', async () => {
    const { site, all } = await ground();
    const { codes } = await enterAll(gateFor(site), all);
    expect(new Set(codes)).toEqual(new Set(['PILOT_NEEDED']));
    expect(site.pilots.all()).toEqual([]);
  });

  it.each([['the first'], ['a named one']] as const)(
    'lets %s of 20 in at once, and it is on disk then',
    async (who) => {
      const { site, all } = await ground();
      const named = all[7] as Room;
      const gate = gateFor(site, who === 'the first' ? 'first' : [named]);
      const { codes, passes } = await enterAll(gate, all);
      const inside = codes.flatMap((code, at) => (code === undefined ? [at] : []));
      expect(inside).toEqual([who === 'the first' ? 0 : 7]);
      expect(passes).toMatchObject([{ isPilot: true }]);
      const other = Site.open(site.path);
      expect(other.pilots.all()).toMatchObject([
        { roomId: all[inside[0] ?? 0]?.id, technician: 'Ada', confirmedAt: null },
      ]);
      other.close();
    },
  );

  it('has the same pilot in the next run, whatever is wished then, and lets that one go on without a new word', async () => {
    const { site, all } = await ground(3);
    await gateFor(site, 'first').enter(GATE, all[0] as Room, `S${all[0]?.id}`);
    const next = gateFor(site, all.slice(1));
    const { codes, passes } = await enterAll(next, all);
    expect(codes).toEqual([undefined, 'PILOT_WAITS', 'PILOT_WAITS']);
    expect(passes[0]).toMatchObject({ isPilot: true });
    // Another device in the pilot's room is a second device.
    expect(await codeOf(() => next.enter(GATE, all[0] as Room, 'OTHER'))).toBe('PILOT_WAITS');
  });

  it('opens for all once the pilot has shown a meeting', async () => {
    const { site, all } = await ground();
    const gate = gateFor(site, 'first');
    const { passes } = await enterAll(gate, all);
    gate.ended(passes[0] as Pass, ended(null));
    expect(gate.isOpen(GATE, all[5] as Room)).toBe(true);
    const { codes, passes: others } = await enterAll(gateFor(site), all);
    expect(codes.every((code) => code === undefined)).toBe(true);
    expect(others.some(({ isPilot }) => isPilot)).toBe(false);
  });

  it.each<[string, ReturnType<typeof ended>]>([
    ['failed after it was touched', ended(new OtjError('NOT_ARRIVED'))],
    ['showed no meeting', ended(null, { proofs: [SEEN, { ...SEEN, weak: true }] })],
    ['left its proof to a sync', ended(null, { owes: true })],
    ['was cut off before its proof', ended(null, { proofs: [] })],
  ])('stays closed when the pilot %s', async (_how, end) => {
    const { site, all } = await ground(2);
    const gate = gateFor(site, 'first');
    const pass = await gate.enter(GATE, all[0] as Room, `S${all[0]?.id}`);
    gate.ended(pass, end);
    expect(await codeOf(() => gate.enter(GATE, all[1] as Room, 'S2'))).toBe('PILOT_WAITS');
    expect(gate.isOpen(GATE, all[1] as Room)).toBe(false);
    // Once it was put back, another one may go first.
    site.pilots.releaseRoom(all[0]?.id ?? 0);
    expect(await codeOf(() => gateFor(site, 'first').enter(GATE, all[1] as Room, 'S2'))).toBeUndefined();
  });

  it.each<[string, { owes?: boolean; proofs?: Seen[] }]>([
    ['owes its proof', { owes: true }],
    ['has shown no meeting', { proofs: [{ ...SEEN, weak: true }] }],
  ])('takes Infinity’s word for one that failed once and then ended well but %s', async (_how, end) => {
    const { site, all } = await ground(1);
    const [room] = all as [Room];
    const contact = { at: new Date(), meetings: 2 };
    const gate = gateFor(site, 'first');
    gate.ended(await gate.enter(GATE, room, 'S1'), ended(new OtjError('TIMEOUT')));
    confirmPilots(site, room, contact);
    expect(site.pilots.all()).toMatchObject([{ confirmedAt: null, problem: { code: 'TIMEOUT' } }]);
    gate.ended(await gate.enter(GATE, room, 'S1'), ended(null, end));
    expect(site.pilots.all()).toMatchObject([{ confirmedAt: null, problem: null }]);
    confirmPilots(site, room, contact);
    expect(gate.isOpen(GATE, room)).toBe(true);
    expect(site.pilots.all()[0]?.confirmedAt).not.toBeNull();
  });

  it('takes the next one when the pilot was never touched', async () => {
    const { site, all } = await ground(2);
    const gate = gateFor(site, 'first');
    const pass = await gate.enter(GATE, all[0] as Room, `S${all[0]?.id}`);
    gate.ended(pass, ended(new OtjError('CANCELLED'), { touched: false, proofs: [] }));
    expect(site.pilots.all()).toEqual([]);
    expect(await codeOf(() => gate.enter(GATE, all[1] as Room, 'S2'))).toBeUndefined();
  });

  it('never takes a confirmation back', async () => {
    const { site, all } = await ground(2);
    const gate = gateFor(site, 'first');
    gate.ended(await gate.enter(GATE, all[0] as Room, `S${all[0]?.id}`), ended(null));
    expect(site.pilots.releaseRoom(all[0]?.id ?? 0)).toBe(0);
    site.pilots.fail(GATE.key, new OtjError('NOT_ARRIVED').toProblem());
    expect(site.pilots.get(GATE.key)).toMatchObject({ problem: null, words: 'a meeting' });
  });
});
