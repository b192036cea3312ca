/** Every codec that the contract holds for: each generation of the lab, over each way to speak to it. */
import { describe, expect, onTestFinished } from 'vitest';
import type { Transport } from '../../../main/contract/device.ts';
import { OtjError } from '../../../main/contract/errors.ts';
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import type { Xapi } from '../../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget } from '../../../main/endpoints/driver.ts';
import { codec, snapshot, target } from '../../integration/cisco-visit.ts';
import { GENERATIONS, type GenerationName } from '../../lab/cisco/generations.ts';
import type { CodecSpec, LabDevice } from '../../lab/types.ts';
import { errorOf } from '../../support/codeOf.ts';

/** Each test file has a net of its own below these, and each process another host in it. */
const NET = `127.68.${process.pid % 250}`;
const TRANSPORTS = ['ssh', 'https'] as const;
const NAMES = Object.keys(GENERATIONS) as GenerationName[];
let hosts = 0;

export interface Subject {
  name: GenerationName;
  transport: Transport;
  /** CE 9.2 brought macros, CE 9 panels. */
  hasMacros: boolean;
  /** How it is spoken to: over this transport only, with old encryption where it has no other. */
  way: Pick<EndpointTarget, 'transport' | 'legacy'>;
  start(change?: Partial<CodecSpec>): Promise<LabDevice>;
  open(device: LabDevice, change?: Partial<EndpointTarget>): Promise<Xapi>;
}

export function address(): string {
  return `${NET}.${(hosts++ % 250) + 1}`;
}

/** Runs the suite for each of them. */
export function eachCodec(suite: (subject: Subject) => void): void {
  for (const name of NAMES)
    for (const transport of TRANSPORTS) describe(`${name} over ${transport}`, () => suite(subjectOf(name, transport)));
}

export function subjectOf(name: GenerationName, transport: Transport): Subject {
  const hasMacros = name !== 'ce8';
  const way = { transport, legacy: name === 'ce8' };
  const without = hasMacros ? {} : { macros: [], panels: [], settings: {} };
  return {
    name,
    transport,
    hasMacros,
    way,
    start: (change = {}) => codec({ ...GENERATIONS[name], ...without, address: address(), ...change }),
    async open(device, change = {}) {
      const xapi = await openCodec(target(device, { ...way, ...change }), new AbortController().signal);
      onTestFinished(() => xapi.close());
      return xapi;
    },
  };
}

/** The error of some work; it is a failure of the test when there is none. */
export async function failure(work: () => unknown): Promise<OtjError> {
  const error = await errorOf(work);
  if (!(error instanceof OtjError)) throw new Error('it should have failed');
  return error;
}

/** Nothing of ours is left open on the codec. */
export async function noSessionLeft(device: LabDevice): Promise<void> {
  await expect.poll(() => snapshot(device).sessions, { timeout: 5_000, interval: 20 }).toBe(0);
}
