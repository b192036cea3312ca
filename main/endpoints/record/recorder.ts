/** What a family of devices brings to a recording. */
import type { z } from 'zod';
import type { Identity } from '../../contract/device.ts';
import type { DrivenFamily } from '../../contract/plan.ts';
import type { EndpointTarget, Link } from '../driver.ts';
import type { Dialect } from './disguise/dialect.ts';
import type { Digest } from './recording.ts';
import type { Wire } from './tap.ts';
import type { Reading } from './walk.ts';

export interface Recorder {
  readonly family: DrivenFamily;
  /** Whether a device that calls itself this model is of the family. */
  isFor(model: string): boolean;
  readonly dialect: Dialect;
  /** The form of what the product makes of such a device; strict. */
  readonly digest: z.ZodType<Digest>;
  /** Logs in, one try, over a connection that the wire listens to. Throws what the family's driver throws. */
  open(target: EndpointTarget, signal: AbortSignal, wire: Wire): Promise<RecordedDevice>;
}

/** A device that is logged in to, for nothing but reading. */
export interface RecordedDevice {
  readonly link: Link;
  /** Who it is; asked for before the walk, so not kept. */
  identify(): Promise<Identity>;
  /** Everything that is asked: all that the family's driver reads, more for later versions, and things that must fail. */
  readonly readings: readonly Reading[];
  /** What the product makes of it, and which words of that are the device's. */
  look(): Promise<{ digest: Digest; words: string[] }>;
  close(): Promise<void>;
}
