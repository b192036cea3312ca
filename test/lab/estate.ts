import pLimit from 'p-limit';
import { type Calendars, createCalendars } from './calendars.ts';
import { startCodec } from './cisco/codec.ts';
import { type InfinityOptions, type Infinity as InfinityPlatform, startInfinity } from './infinity/infinity.ts';
import { startPoly } from './poly/poly.ts';
import { type PexipService, type ServiceEndpoint, startService } from './service/service.ts';
import type { AnySpec, LabDevice, World } from './types.ts';
import { createWorld } from './world.ts';

export interface EstateDescription {
  /** Devices with what is true of them; a customer's list may say otherwise. */
  devices: AnySpec[];
  mailboxes: string[];
  infinity: Omit<InfinityOptions, 'world' | 'calendars'>;
  service: { address: string; port: number; endpoints: ServiceEndpoint[] };
  latencyMs?: number;
  log?: (line: string) => void;
}

export interface Estate {
  readonly world: World;
  readonly calendars: Calendars;
  readonly infinity: InfinityPlatform;
  readonly service: PexipService;
  /** By address. */
  readonly devices: ReadonlyMap<string, LabDevice>;
  stop(): Promise<void>;
}

/** Starts everything that a description names: names and calendars first, then the platforms, then the devices. */
export async function startEstate(description: EstateDescription): Promise<Estate> {
  const world = createWorld(description);
  const calendars = createCalendars(description.mailboxes);
  const started: { stop(): Promise<void> }[] = [];
  const devices = new Map<string, LabDevice>();
  const stop = async (): Promise<void> => {
    await Promise.allSettled([...devices.values()].map((device) => device.stop()));
    await Promise.allSettled(started.map((part) => part.stop()));
  };
  try {
    const infinity = await startInfinity({ ...description.infinity, world, calendars });
    started.push(infinity);
    const service = await startService({ ...description.service, world, calendars });
    started.push(service);
    const limit = pLimit(16);
    const outcomes = await Promise.allSettled(
      description.devices.map((spec) => limit(async () => devices.set(spec.address, await startDevice(spec, world)))),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return { world, calendars, infinity, service, devices, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startDevice(spec: AnySpec, world: World): Promise<LabDevice> {
  return spec.kind === 'codec' ? startCodec(spec, world) : startPoly(spec, world);
}
