/** What is known of a host while it is looked at. */
import type { Fact } from '../contract/evidence.ts';

/** Where doors are looked for. */
export interface Ports {
  https: number;
  ssh: number;
  /** Web without TLS, looked at where the other ports tell nothing. */
  http: number;
  sip: number;
}

/** Doors on which an address answered. */
export interface OpenPorts {
  https: boolean;
  ssh: boolean;
  /** From the first word to the answer, milliseconds. */
  rttMs: number;
}

/** What a closer look has shown. */
export interface Look {
  address: string;
  facts: Fact[];
}
