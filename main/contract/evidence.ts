/** What was seen of devices on the network: facts with source and time, what they say together, where they disagree. */
import { z } from 'zod';

/** Where a fact comes from. `list`: the room list; `login`: the device itself, to somebody who logged in. */
export const factSourceSchema = z.enum([
  'tcp',
  'tls',
  'http',
  'ssh',
  'sip',
  'ssdp',
  'mdns',
  'arp',
  'dns',
  'login',
  'list',
]);
export type FactSource = z.infer<typeof factSourceSchema>;

/** One thing that was told. Names are those of the rules in assets/device-fingerprints.json, and `serial`, `mac`, … */
export const factSchema = z.object({
  source: factSourceSchema,
  name: z.string(),
  /** In the device's own words, cut to a bearable length, without control characters. */
  value: z.string(),
});
export type Fact = z.infer<typeof factSchema>;

/** A fact as it is kept. */
export const keptFactSchema = factSchema.extend({
  /** Where the device was then. */
  address: z.string(),
  firstAt: z.string(),
  lastAt: z.string(),
});
export type KeptFact = z.infer<typeof keptFactSchema>;

/** Sources that disagree about a device. Nothing is overwritten: a person decides. */
export const conflictSchema = z.object({
  about: z.enum(['serial', 'mac', 'model', 'kind', 'address', 'move']),
  /**
   * What each says, e.g. `list: FOC1, login: FOC2`; for `address`: who else claims the device or the place; for `move`:
   * which room's device may be here now, though nothing that it cannot deny says so.
   */
  words: z.string(),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** What a device shows of itself to everybody; null = nothing. A login knows better, and has its own fields. */
export const seenSchema = z.object({
  serial: z.string().nullable(),
  mac: z.string().nullable(),
  model: z.string().nullable(),
  software: z.string().nullable(),
  name: z.string().nullable(),
});
export type Seen = z.infer<typeof seenSchema>;
export const NOTHING_SEEN: Seen = { serial: null, mac: null, model: null, software: null, name: null };

/** One of this computer's own networks, which is offered for a search. */
export const ownNetworkSchema = z.object({
  /** Name of the interface, as the operating system has it. */
  name: z.string(),
  /** This computer's address there. */
  address: z.string(),
  /** What would be looked at, e.g. `10.20.3.0/24`; of networks beyond a /16 the part around this computer. */
  range: z.string(),
  addresses: z.number(),
  /** Whether the network itself is larger than `range`. */
  isPart: z.boolean(),
  /** Whether it is a private one, that may be looked at unasked. */
  isPrivate: z.boolean(),
});
export type OwnNetwork = z.infer<typeof ownNetworkSchema>;

/** A search that was stopped or cut off before its end. */
export const unfinishedSchema = z.object({
  ranges: z.array(z.string()),
  /** Addresses that were looked at, and all. */
  looked: z.number(),
  total: z.number(),
  at: z.string(),
});
export type Unfinished = z.infer<typeof unfinishedSchema>;

/** What goes on with listening for devices that announce themselves. */
export const listeningSchema = z.object({
  on: z.boolean(),
  /** Interfaces that are listened on now. */
  interfaces: z.array(z.string()),
  /** Messages heard since it began. */
  heard: z.number(),
  /** Of these, devices that were told apart and recorded. */
  recorded: z.number(),
  /** The last things that went wrong, in words of the operating system or of us; it carried on all the same. */
  troubles: z.array(z.object({ at: z.string(), words: z.string() })),
});
export type Listening = z.infer<typeof listeningSchema>;
export const NOT_LISTENING: Listening = { on: false, interfaces: [], heard: 0, recorded: 0, troubles: [] };
