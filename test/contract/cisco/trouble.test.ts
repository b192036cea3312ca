/** The troubles of a codec, over both transports: each has its code, changes nothing by itself, and ends with the cause. */
import { expect, it } from 'vitest';
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import { account, comparable, Memory, target, until, visit, WISH } from '../../integration/cisco-visit.ts';
import type { Faults } from '../../lab/types.ts';
import { codeOf } from '../../support/codeOf.ts';
import { eachCodec, failure, noSessionLeft, untilMoved } from './codecs.ts';

const never = new AbortController().signal;
const WRONG = 'Wrong-Secret-1';
/** Enough for a codec of the lab to start again. */
const BOOT_MS = 400;

/** Where a visit is cut off. A codec without macros has one such place. */
const PLACES = ['User Add', 'Macro Remove', 'Runtime Restart'];

eachCodec(({ name, transport, hasMacros, way, start, startMovable }) => {
  it('counts one failed login for a wrong password, and says that it was refused', async () => {
    const device = await start();
    const error = await failure(() => openCodec(target(device, { ...way, password: WRONG }), never));
    expect(error.code).toBe('LOGIN_REFUSED');
    expect(`${error.message} ${error.words}`).not.toContain(WRONG);
    expect(account(device, 'admin')?.failedLogins).toBe(1);
    await noSessionLeft(device);
  });

  it('counts one with either transport first, as long as a codec is there', async () => {
    const device = await start();
    const auto = { ...way, transport: 'auto' as const, lastTransport: transport, password: WRONG };
    expect(await codeOf(() => openCodec(target(device, auto), never))).toBe('LOGIN_REFUSED');
    expect(account(device, 'admin')?.failedLogins).toBe(1);
  });

  it('says that an account is locked, where the codec does', async () => {
    const device = await start({ settings: { 'Security Session MaxFailedLogins': '1' } });
    const wrong = target(device, { ...way, password: WRONG });
    expect(await codeOf(() => openCodec(wrong, never))).toBe('LOGIN_REFUSED');
    // The method `password` of SSH has no place for words.
    const silent = transport === 'ssh' && name === 'ce8';
    expect(await codeOf(() => openCodec(target(device, way), never))).toBe(silent ? 'LOGIN_REFUSED' : 'ACCOUNT_LOCKED');
  });

  const silent = transport === 'ssh' && name === 'ce8';
  it.each<[string, Faults, string]>([
    ['a passphrase that is past its life', { expired: true }, silent ? 'LOGIN_REFUSED' : 'ACCOUNT_EXPIRED'],
    // Over HTTPS it is said to nobody.
    [
      'a passphrase to be changed',
      { passphraseChange: true },
      transport === 'ssh' ? 'PASSPHRASE_CHANGE' : 'LOGIN_REFUSED',
    ],
    ['sessions that are all taken', { sessionsFull: true }, 'SESSION_LIMIT'],
    ['a start that is not finished', { starting: true }, transport === 'ssh' ? 'UNREACHABLE' : 'STARTING'],
    ['nobody there', { off: true }, 'UNREACHABLE'],
  ])('tells %s, and changes nothing', async (_what, faults, code) => {
    const device = await start();
    const before = comparable(device);
    device.setFaults(faults);
    // A door closes a moment after it is told to.
    await until(async () => expect(await codeOf(() => visit(device, new Memory(), { target: way }))).toBe(code));
    device.setFaults({});
    expect(comparable(device)).toEqual(before);
    await noSessionLeft(device);
  });

  it.each<[string, Faults, string]>([
    ['a call', { inCall: true }, 'IN_CALL'],
    ['a call on hold', { callOnHold: true }, 'IN_CALL'],
    ['an upgrade', { upgrading: true }, 'UPGRADING'],
    ['an upgrade of a peripheral', { upgrading: true, upgradePhase: 'UpgradingPeripherals' }, 'UPGRADING'],
    ['a wrong clock', { clockOffsetMs: 3_600_000 }, 'CLOCK_WRONG'],
  ])('ends at %s with nothing changed, and goes on afterwards', async (_what, faults, code) => {
    const device = await startMovable();
    const before = comparable(device);
    device.setFaults(faults);
    const memory = new Memory();
    expect(await codeOf(() => visit(device, memory, { target: way }))).toBe(code);
    expect(comparable(device)).toEqual(before);
    expect(memory.baseline).toBeNull();
    device.setFaults({});
    await untilMoved(device, memory, way);
  });

  it('goes on in a call when the technician says go', async () => {
    const device = await startMovable({ faults: { inCall: true } });
    const wish = { ...WISH, accepted: ['call' as const] };
    await visit(device, new Memory(), { target: way, wish });
    expect(account(device, 'otj-push')).toBeDefined();
  });

  const places = hasMacros ? PLACES : PLACES.slice(0, 1);
  it.each(places)(
    'cut off by a restart at %s says so, and the next visit carries on to the same end',
    async (rebootOn) => {
      const device = await startMovable();
      const before = comparable(device);
      const memory = new Memory();
      device.setFaults({ rebootOn, bootMs: BOOT_MS });
      const error = await failure(() => visit(device, memory, { target: way }));
      expect(['CONNECTION_LOST', 'TIMEOUT', 'UNREACHABLE', 'STARTING']).toContain(error.code);
      await untilMoved(device, memory, way);
      await visit(device, memory, { target: way, undo: true });
      expect(comparable(device)).toMatchObject({ macros: before.macros, users: before.users });
      await noSessionLeft(device);
    },
  );

  it.each(places)('does not take a lost answer to %s for done, and the next visit carries on', async (dropOnce) => {
    const device = await startMovable();
    const memory = new Memory();
    device.setFaults({ dropOnce });
    expect((await failure(() => visit(device, memory, { target: way }))).code).toBe('CONNECTION_LOST');
    await untilMoved(device, memory, way);
  });

  it('takes replies that are all cut off for none, and changes nothing', async () => {
    const device = await startMovable();
    const before = comparable(device);
    device.setFaults({ truncateAt: 60 });
    expect((await failure(() => visit(device, new Memory(), { target: way }))).code).toBe('CONNECTION_LOST');
    device.setFaults({});
    expect(comparable(device)).toEqual(before);
    await noSessionLeft(device);
  });

  it.runIf(transport === 'ssh')('is moved though it is chatty and sends little at a time', async () => {
    const device = await startMovable({ faults: { chatter: true, splitBytes: 7 } });
    await untilMoved(device, new Memory(), way);
  });
});
