/**
 * Every codec that the contract holds for: each generation of the lab, over each way to speak to it. Their tests run
 * beside each other, because what a visit over HTTPS mostly does is wait: a codec bears 15 requests a second.
 */
import { afterAll, describe, expect } from 'vitest';
import type { Transport } from '../../../main/contract/device.ts';
import { OtjError } from '../../../main/contract/errors.ts';
import { openCodec } from '../../../main/endpoints/cisco/connect.ts';
import type { Xapi } from '../../../main/endpoints/cisco/xapi.ts';
import type { EndpointTarget } from '../../../main/endpoints/driver.ts';
import { account, launcher, type Memory, snapshot, target, until, visit } from '../../integration/cisco-visit.ts';
import { GENERATIONS, type GenerationName } from '../../lab/cisco/generations.ts';
import { OTJ_MACRO, OTJ_MACRO_SETTINGS } from '../../lab/cisco/macros.ts';
import type { CodecSpec, LabDevice } from '../../lab/types.ts';
import { codeOf, errorOf } from '../../support/codeOf.ts';
import { PLACE } from '../../support/place.ts';

/** Nets of this place: a file may start more codecs than one net has addresses. */
const NETS = [68, 98, 99, 108].map((second) => `127.${second}.${PLACE}`);
const NET_SIZE = 250;
const TRANSPORTS: readonly Transport[] = ['ssh', 'https'];
const NAMES = Object.keys(GENERATIONS) as GenerationName[];
let hosts = 0;

export interface Subject {
  name: GenerationName;
  transport: Transport;
  /** CE 9.2 brought macros, CE 9 panels. */
  hasMacros: boolean;
  /** How it is spoken to: over this transport only, with old encryption where it has no other. */
  way: Pick<EndpointTarget, 'transport' | 'legacy' | 'timeoutMs'>;
  start(change?: Partial<CodecSpec>): Promise<LabDevice>;
  /** One that can be moved: CE 8 only with newer TLS than it came with. */
  startMovable(change?: Partial<CodecSpec>): Promise<LabDevice>;
  open(device: LabDevice, change?: Partial<EndpointTarget>): Promise<Xapi>;
}

export function address(): string {
  const at = hosts++;
  const net = NETS[Math.floor(at / NET_SIZE)];
  if (net === undefined) throw new Error('more codecs than addresses');
  return `${net}.${(at % NET_SIZE) + 1}`;
}

/** What software of any time may do besides: for the variants that belong to no generation. */
const VARIANTS: readonly [string, GenerationName, Partial<CodecSpec>][] = [
  ['roomos26 with numbers on every element', 'roomos26', { numbersAll: true }],
];

/** Runs the suite for each of them. */
export function eachCodec(suite: (subject: Subject) => void, transports: readonly Transport[] = TRANSPORTS): void {
  for (const name of NAMES)
    for (const transport of transports)
      describe.concurrent(`${name} over ${transport}`, () => suite(subjectOf(name, transport)));
  if (transports.includes('https'))
    for (const [title, name, own] of VARIANTS)
      describe.concurrent(`${title} over https`, () => suite(subjectOf(name, 'https', own)));
}

/** To be called where tests are declared: what it starts and opens ends with the `describe` around it. */
export function subjectOf(name: GenerationName, transport: Transport, own: Partial<CodecSpec> = {}): Subject {
  const hasMacros = name !== 'ce8';
  // Patience for a computer that does much else beside these tests.
  const way = { transport, legacy: name === 'ce8', timeoutMs: 20_000 };
  const without = hasMacros ? {} : { macros: [], panels: [], settings: {} };
  const newerTls = hasMacros ? {} : { tls: { min: 'TLSv1', max: 'TLSv1.2' } as const };
  const opened: Xapi[] = [];
  const launch = launcher();
  afterAll(async () => {
    await Promise.all(opened.map((xapi) => xapi.close()));
  });
  const start = (change: Partial<CodecSpec> = {}) =>
    launch({ ...GENERATIONS[name], ...own, ...without, address: address(), ...change });
  return {
    name,
    transport,
    hasMacros,
    way,
    start,
    startMovable: (change = {}) => start({ ...newerTls, ...change }),
    async open(device, change = {}) {
      const xapi = await openCodec(target(device, { ...way, ...change }), new AbortController().signal);
      opened.push(xapi);
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
export function noSessionLeft(device: LabDevice): Promise<void> {
  return until(() => expect(snapshot(device).sessions).toBe(0));
}

/** A codec that answers no more to what went away is asked again, as a run is by a person. */
export async function untilMoved(device: LabDevice, memory: Memory, way: Subject['way']): Promise<void> {
  await until(async () => expect(await codeOf(() => visit(device, memory, { target: way }))).toBeUndefined());
  const names = snapshot(device).macros.map(({ name }) => name);
  expect(names.filter((name) => [OTJ_MACRO, OTJ_MACRO_SETTINGS].includes(name))).toEqual([]);
  expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
}
