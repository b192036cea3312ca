/** Whole runs over a Studio and a Group that ask for a restart once their calendar is set: without a word, with it, and killed in it. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { planRooms } from '../../main/services/plan.ts';
import { prepare } from '../../main/services/prepare.ts';
import { run } from '../../main/services/run.ts';
import { statusOf } from '../../main/services/status.ts';
import { Site } from '../../main/site/site.ts';
import { startPractice } from '../lab/practice.ts';
import { estateSite } from '../support/estateSite.ts';
import { otj, spawnOtj } from '../support/otj.ts';
import { PASSPHRASE, tempFolder } from '../support/siteFile.ts';

const { signal } = new AbortController();
const STEP = 'device.restart-if-asked';

it('tells of the restart before, stops without a word, and after a word and a kill in the restart comes to its end with one', async () => {
  const practice = await startPractice({
    counts: { cisco: 0, poly: 2 },
    polys: 'mixed',
    polyPace: { outageMs: 1_500, newCertificate: false },
    networks: { devices: '127.149', core: '127.149.250' },
    ports: { ssh: 21_222, https: 21_743, telnet: 21_624 },
    adjust: (spec) =>
      spec.kind === 'poly-videoos' || spec.kind === 'poly-group' ? { ...spec, calendarNeedsReboot: true } : spec,
  });
  const { estate, temporaryCsv } = practice;
  let site = await estateSite(join(tempFolder(), 'restart.otjsite'), practice, { concurrency: 2 });
  onTestFinished(async () => {
    site.close();
    await estate.stop();
    if (temporaryCsv) rmSync(temporaryCsv);
  });
  const rooms = site.rooms.all();
  expect(rooms.map(({ id }) => site.rooms.endpointOf(id)?.family).sort()).toEqual(['poly-group', 'poly-videoos']);
  const snapshots = () => [...estate.devices.values()].map((device) => device.snapshot());
  const restarts = () => snapshots().map((snapshot) => snapshot.restarts);
  const states = () => statusOf(site).rooms.map(({ state, problem }) => [state, problem?.code ?? null]);
  const { rooms: prepared } = await prepare(site, { rooms, signal, agreed: [], done: () => undefined });
  expect(prepared.map(({ problem }) => problem)).toEqual([null, null]);

  const plans = await planRooms(site, { rooms, insist: false, signal, planned: () => undefined });
  for (const { problem, steps } of plans) {
    expect(problem).toBeNull();
    expect(steps?.find(({ id }) => id === STEP)?.title).toMatch(/^Restart the device if it asks for that/);
  }

  const options = {
    kind: 'migrate',
    rooms,
    technician: 'Ada',
    pilots: 'first',
    signal,
    listen: () => undefined,
  } as const;
  expect(await run(site, options)).toMatchObject({ ok: 0, failed: 2 });
  expect(states()).toEqual([
    ['needs attention', 'RESTART_NEEDED'],
    ['needs attention', 'RESTART_NEEDED'],
  ]);
  expect(restarts()).toEqual([0, 0]);

  // The lock on the site file is the command's from here on.
  site.close();
  const names = rooms.map(({ name }) => name);
  const args = [
    'run',
    site.path,
    ...names,
    '--accept',
    'restart',
    '--confirm-pilots',
    '--json',
    '--passphrase-fd',
    '3',
  ];
  const child = spawnOtj(args, [PASSPHRASE]);
  child.stdout?.resume();
  const closed = once(child, 'close');
  await expect.poll(() => restarts().includes(1), { timeout: 30_000, interval: 20 }).toBe(true);
  child.kill('SIGKILL');
  await closed;
  expect(child.signalCode).toBe('SIGKILL');

  // A device that is still away is told as that; what counts is that the work can be taken up again.
  await expect.poll(async () => (await otj(args, PASSPHRASE)).code, { timeout: 60_000 }).toBe(0);
  site = Site.open(site.path);
  expect(states()).toEqual([
    ['migrated', null],
    ['migrated', null],
  ]);
  expect(restarts()).toEqual([1, 1]);
  expect(snapshots()).toMatchObject(
    [0, 1].map(() => ({ rebootNeeded: false, sessions: 0, calendar: { status: 'registered' } })),
  );
  for (const { calendar } of snapshots() as { calendar: { meetings: string[] } }[])
    expect(calendar.meetings.every((id) => id.startsWith('inf-'))).toBe(true);
}, 120_000);
