/** The troubles of a codec, over both transports: each has its code, changes nothing by itself, and ends with the cause. */
import { describe, expect, it } from 'vitest';
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import { readFacts } from '../../../main/endpoints/cisco/facts.ts';
import { account, comparable, Memory, snapshot, target, visit, WISH } from '../../integration/cisco-visit.ts';
import { OTJ_MACRO, OTJ_MACRO_SETTINGS } from '../../lab/cisco/macros.ts';
import type { Faults, LabDevice } from '../../lab/types.ts';
import { codeOf } from '../../support/codeOf.ts';
import { eachCodec, failure, noSessionLeft, subjectOf } from './codecs.ts';

const never = new AbortController().signal;
const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
const WRONG = 'Wrong-Secret-1';
/** Enough for a codec of the lab to start again. */
const BOOT_MS = 400;

/** A codec that answers no more to what went away is asked again, as a run is by a person. */
async function untilMoved(device: LabDevice, memory: Memory, way: object): Promise<void> {
  await expect
    .poll(() => codeOf(() => visit(device, memory, { target: way })), { timeout: 30_000, interval: 200 })
    .toBeUndefined();
  expect(snapshot(device).macros.filter(({ name }) => OTJ.includes(name))).toEqual([]);
  expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
}

eachCodec(({ name, transport, way, start }) => {
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
    await expect.poll(() => codeOf(() => visit(device, new Memory(), { target: way })), { timeout: 5_000 }).toBe(code);
    device.setFaults({});
    expect(comparable(device)).toEqual(before);
    await noSessionLeft(device);
  });
});

describe.each(['ssh', 'https'] as const)('a visit over %s', (transport) => {
  const { way, start } = subjectOf('roomos11', transport);

  it.each<[string, Faults, string]>([
    ['a call', { inCall: true }, 'IN_CALL'],
    ['an upgrade', { upgrading: true }, 'UPGRADING'],
    ['a wrong clock', { clockOffsetMs: 3_600_000 }, 'CLOCK_WRONG'],
  ])('ends at %s with nothing changed, and goes on afterwards', async (_what, faults, code) => {
    const device = await start();
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
    const device = await start({ faults: { inCall: true } });
    const wish = { ...WISH, accepted: ['call' as const] };
    await visit(device, new Memory(), { target: way, wish });
    expect(account(device, 'otj-push')).toBeDefined();
  });

  it.each(['User Add', 'Macro Remove', 'Runtime Restart'])(
    'that is cut off by a restart at %s says so, and the next one carries on to the same end',
    async (rebootOn) => {
      const device = await start();
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

  it.each(['User Add', 'Macro Remove', 'Runtime Restart'])(
    'that loses the answer to %s does not take it for done, and the next one carries on',
    async (dropOnce) => {
      const device = await start();
      const memory = new Memory();
      device.setFaults({ dropOnce });
      expect((await failure(() => visit(device, memory, { target: way }))).code).toBe('CONNECTION_LOST');
      await untilMoved(device, memory, way);
    },
  );

  it('reads a codec that is chatty and sends little at a time', async () => {
    const device = await start({ faults: { chatter: true, splitBytes: 7 } });
    await untilMoved(device, new Memory(), way);
  });
});

describe('the web server', () => {
  const { way, open, start } = subjectOf('roomos11', 'https');

  it('is asked again when it is busy, and a busy one is told from a dead one', async () => {
    const device = await start();
    device.setFaults({ busyRequests: 1 });
    await untilMoved(device, new Memory(), way);
    device.setFaults({ busyRequests: 1_000 });
    expect(await codeOf(() => visit(device, new Memory(), { target: way }))).toBe('RATE_LIMITED');
    device.setFaults({});
    await noSessionLeft(device);
  });

  it('that ends a session goes on with readings in a new one, and repeats nothing that may have had an effect', async () => {
    const device = await start();
    const xapi = await open(device);
    device.setFaults({ expireSessionAfter: 5 });
    expect((await readFacts(xapi)).macros).toEqual(snapshot(device).macros);
    device.setFaults({});
    await xapi.close();
    await noSessionLeft(device);
    const other = await open(device);
    device.setFaults({ expireSessionAfter: 0 });
    const remove = { Name: 'camera-presets' };
    expect(await codeOf(() => other.command('Macros Macro Remove', remove))).toBe('CONNECTION_LOST');
    device.setFaults({});
    expect(snapshot(device).macros.map((one) => one.name)).toContain(remove.Name);
    await other.close();
    await noSessionLeft(device);
  });

  it('that shows its sign-in page for everything is not taken for an answer', async () => {
    const device = await start({ faults: { htmlInsteadOfApi: true } });
    expect(['ODD_REPLY', 'CONNECTION_LOST', 'LOGIN_REFUSED']).toContain(
      await codeOf(() => visit(device, new Memory(), { target: way })),
    );
    expect(account(device, 'admin')?.failedLogins).toBe(0);
  });
});
