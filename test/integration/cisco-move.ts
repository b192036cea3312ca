/** A codec of the lab for each test of the steps that move it, and what is looked at afterwards. */
import { expect } from 'vitest';
import type { Transport } from '../../main/contract/device.ts';
import { ciscoRoomOs } from '../../main/endpoints/cisco/driver.ts';
import type { EndpointTarget, Wish } from '../../main/endpoints/driver.ts';
import { OTJ_MACRO, OTJ_MACRO_SETTINGS, otjMacroPair } from '../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../lab/types.ts';
import { PLACE } from '../support/place.ts';
import { ADMIN, comparable, launcher, snapshot, target, until, WISH } from './cisco-visit.ts';
import { Shell } from './lab-codec-raw.ts';

let devices = 0;
export const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token', pollMs: 60_000 });
export const OTJ = [OTJ_MACRO, OTJ_MACRO_SETTINGS];
/** A list takes regular expressions. */
export const OTJ_HOSTS = '.*\\.otj\\.pexip\\.io';
export const TIDY: Wish = { ...WISH, tidyHttpClient: true };
export const TRANSPORTS: Transport[] = ['ssh', 'https'];

// Beside each other, because what a visit over HTTPS mostly does is wait.
const launch = launcher();
export const start = (change: Partial<CodecSpec> = {}) =>
  launch({ address: `127.113.${PLACE}.${++devices}`, ...change });
export const over = (transport: Transport, change: Partial<EndpointTarget> = {}) => ({
  target: { transport, ...change },
});
export const otjMacros = (device: LabDevice) => snapshot(device).macros.filter(({ name }) => OTJ.includes(name));
export const settingOf = (device: LabDevice, path: string) =>
  (device.snapshot().settings as Record<string, string>)[path];
export const planned = async (device: LabDevice, wish = WISH) => {
  const session = await ciscoRoomOs.connect(target(device), new AbortController().signal);
  try {
    const facts = await session.readFacts();
    return {
      facts,
      ids: ciscoRoomOs.plan(facts, wish, null).map(({ id }) => id),
      titles: ciscoRoomOs.plan(facts, wish, null).map(({ title }) => title),
      manual: ciscoRoomOs.manualSteps(facts, wish),
    };
  } finally {
    await session.close();
  }
};
/** The old macros have really started, so that an undo has something to bring back. */
export const running = async (device: LabDevice) => {
  await until(() => expect(snapshot(device).runtime.active).toContain(OTJ_MACRO));
  return comparable(device);
};
export const sorted = (value: ReturnType<typeof comparable>) => ({
  ...value,
  allowedHosts: (value as unknown as { allowedHosts: string[] }).allowedHosts.toSorted(),
});

export async function typed(device: LabDevice, line: string, body?: string): Promise<void> {
  const shell = await Shell.open(device.spec as CodecSpec, ADMIN, { keep: true });
  try {
    await (await shell.json()).ask(line, body);
  } finally {
    shell.end();
  }
}

export async function putMeetings(device: LabDevice, ...ids: string[]): Promise<void> {
  const start = new Date(Date.now() + 3_600_000).toISOString();
  const Bookings = ids.map((Id) => ({
    Id,
    Title: 'Plan',
    Number: 'plan@example.com',
    Protocol: 'SIP',
    Organizer: { Name: 'Ada' },
    Time: { StartTime: start, Duration: 30 },
  }));
  await typed(device, 'xCommand Bookings Put', JSON.stringify({ Bookings }));
}
