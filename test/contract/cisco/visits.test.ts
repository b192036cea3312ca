/** A whole move and its undo on each generation, over each transport: what was taken is back byte for byte. */
import { describe, expect, it } from 'vitest';
import { account, comparable, Memory, snapshot, until, visit, WISH } from '../../integration/cisco-visit.ts';
import { cameraPresets, neighbours, OTJ_MACRO, OTJ_MACRO_SETTINGS, otjMacroPair } from '../../lab/cisco/macros.ts';
import type { LabDevice, LabMacro } from '../../lab/types.ts';
import { eachCodec, failure, noSessionLeft, subjectOf } from './codecs.ts';

const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
/** The old macro with everything in it that a transport may break, and a second copy that is switched off. */
const AWKWARD = '/* "\\ é 会 🎥\r\n.\nOK\n** end\n]]> &amp; </body> */\r\n';
const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token', pollMs: 600_000 }).map((macro) => ({
  ...macro,
  content: `${macro.content}${AWKWARD}`,
}));
const copyOf = ({ name, content }: LabMacro): LabMacro => ({ name: `${name}-old`, content, active: false });
const MACROS = [...neighbours, ...PAIR, ...PAIR.map(copyOf)];
const SETTINGS = { 'Macros Mode': 'On', 'Macros AutoStart': 'On', 'HttpClient Mode': 'On' };
const ALLOWED = ['keep.example.com', '.*\\.otj\\.pexip\\.io'];
const tidy = { ...WISH, tidyHttpClient: true, clearBookings: true };

function running(device: LabDevice, name: string): Promise<void> {
  return until(() => expect(snapshot(device).runtime.active).toContain(name));
}

function isRunning(device: LabDevice): boolean {
  return (device.snapshot().runtime as { running: boolean }).running;
}

/** Without what a restart of the runtime counts. */
function state(device: LabDevice): Record<string, unknown> {
  const { bookingsUpdated: _when, allowedHosts, ...rest } = comparable(device) as Record<string, unknown>;
  return { ...rest, allowedHosts: (allowedHosts as string[]).toSorted() };
}

eachCodec(({ name, hasMacros, way, start, startMovable }) => {
  it.runIf(hasMacros)('moves, does nothing a second time, and is as before after the undo', async () => {
    const device = await start({ macros: MACROS, settings: SETTINGS, allowedHosts: ALLOWED });
    await running(device, OTJ_MACRO);
    const before = state(device);
    const memory = new Memory();
    const options = { target: way, wish: tidy };
    const { facts } = await visit(device, memory, options);
    const taken = facts.judgements.filter(({ verdict }) => verdict === 'otj').map((one) => one.name);
    expect(taken).toEqual(expect.arrayContaining(OTJ));
    const left = snapshot(device).macros;
    expect(left.filter((one) => OTJ.includes(one.name))).toEqual([]);
    for (const neighbour of neighbours) expect(left).toContainEqual(neighbour);
    expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
    expect(snapshot(device).runtime.active).not.toContain(OTJ_MACRO);
    await noSessionLeft(device);

    const moved = state(device);
    const again = await visit(device, memory, options);
    // That a restart was done is on record in a site file, which these visits have none of.
    expect(again.done.filter((id) => id !== 'macro.runtime')).toEqual([]);
    expect(state(device)).toEqual(moved);

    await visit(device, memory, { ...options, undo: true });
    await running(device, OTJ_MACRO);
    expect(state(device)).toEqual(before);
    await noSessionLeft(device);
    const undone = await visit(device, memory, { ...options, undo: true });
    expect(undone.done.filter((id) => !id.endsWith('runtime'))).toEqual([]);
  });

  it.runIf(hasMacros)(
    'waits for the macro runtime, and says so when it does not come up for those that stay',
    async () => {
      const device = await start({ macros: MACROS, settings: SETTINGS, faults: { runtimeStartMs: 600 } });
      await running(device, cameraPresets.name);
      const memory = new Memory();
      const { words } = await visit(device, memory, { target: way });
      expect(words).toContain('the runtime was restarted after the change, and runs');
      device.setFaults({ runtimeDown: true });
      const undo = () => visit(device, memory, { target: { ...way, timeoutMs: 2_000 }, undo: true });
      expect(await failure(undo)).toMatchObject({
        code: 'NOT_CONFIRMED',
        words: expect.stringMatching(/does not run/),
      });
      device.setFaults({});
      await visit(device, memory, { target: way, undo: true });
      await running(device, OTJ_MACRO);
    },
  );

  it.runIf(hasMacros)('brings a macro back that was switched off, and starts none by itself', async () => {
    const off = PAIR.map((macro) => ({ ...macro, active: false }));
    const settings = { ...SETTINGS, 'Macros AutoStart': 'Off' };
    const device = await start({ macros: [cameraPresets, ...off], settings });
    const before = state(device);
    expect(isRunning(device)).toBe(false);
    const memory = new Memory();
    await visit(device, memory, { target: way });
    expect(isRunning(device)).toBe(false);
    await visit(device, memory, { target: way, undo: true });
    const { macros, settings: set, panels, active } = before;
    expect(state(device)).toMatchObject({ macros, settings: set, panels, active });
    expect(isRunning(device)).toBe(false);
  });

  it.runIf(hasMacros)('switches HTTPS on where it was off, and off again', async () => {
    const device = await start({ macros: PAIR, settings: { ...SETTINGS, 'NetworkServices HTTP Mode': 'Off' } });
    const before = state(device);
    const memory = new Memory();
    if (way.transport === 'https') {
      // The way itself is shut.
      expect((await failure(() => visit(device, memory, { target: way }))).code).toBe('UNREACHABLE');
      return;
    }
    await visit(device, memory, { target: way });
    expect(state(device)).toMatchObject({ settings: { 'NetworkServices HTTP Mode': 'HTTPS' } });
    await visit(device, memory, { target: way, undo: true });
    expect(state(device)).toMatchObject({ settings: before.settings, users: before.users });
  });

  it.runIf(name === 'ce8')('is not moved while Infinity could not sign in to it: its TLS is too old', async () => {
    const device = await start();
    const before = state(device);
    expect((await failure(() => visit(device, new Memory(), { target: way }))).code).toBe('TLS_TOO_OLD');
    expect(state(device)).toEqual(before);
  });

  it.runIf(name === 'ce8')('with newer TLS gets its account, and loses it by the undo', async () => {
    const device = await startMovable();
    const before = state(device);
    const memory = new Memory();
    await visit(device, memory, { target: way });
    expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
    await visit(device, memory, { target: way, undo: true });
    expect(state(device)).toEqual(before);
  });
});

describe.concurrent('a move over one transport', () => {
  const { way, start } = subjectOf('roomos11', 'ssh');

  it.each([
    ['ssh', 'https'],
    ['https', 'ssh'],
  ] as const)('%s is undone over the other', async (there, back) => {
    const device = await start({ macros: MACROS, settings: SETTINGS, allowedHosts: ALLOWED });
    await running(device, OTJ_MACRO);
    const before = state(device);
    const memory = new Memory();
    await visit(device, memory, { target: { ...way, transport: there }, wish: tidy });
    await visit(device, memory, { target: { ...way, transport: back }, wish: tidy, undo: true });
    await running(device, OTJ_MACRO);
    expect(state(device)).toEqual(before);
  });
});
