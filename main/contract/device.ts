/** What is known and kept of a device, and the choices a person has about how it is spoken to. */
import { z } from 'zod';

export const transportSchema = z.enum(['ssh', 'https', 'telnet']);
export type Transport = z.infer<typeof transportSchema>;
export const transportChoiceSchema = z.enum(['auto', 'ssh', 'https', 'telnet']);
export type TransportChoice = z.infer<typeof transportChoiceSchema>;

/**
 * Objections of the checks that a technician may accept: the device is in a call; a management system may put things
 * back; its clock is wrong; it must be restarted;
 * another provider, such as Teams, has it; it checks the certificate of the node and may not know who issued it; something
 * that a change depends on could not be read. `call` holds for one run only, the others are kept with the room.
 */
export const acceptedSchema = z.enum(['call', 'manager', 'clock', 'restart', 'provider', 'certificate', 'unread']);
export type Accepted = z.infer<typeof acceptedSchema>;

/** What a device tells of itself beyond its identity; each key has a name in every language. */
export const toldKeySchema = z.enum([
  'generation',
  'uptime',
  'clock',
  'ntp',
  'macros',
  'macro-start',
  'macro-engine',
  'http',
  'websocket',
  'ssh',
  'tls',
  'http-client',
  'http-allowed',
  'provisioning',
  'manager',
  'webex',
  'webex-id',
  'users',
  'passphrase-life',
  'panels',
  'bookings',
  'upgrade',
  'provider',
  'peer-check',
]);
export type ToldKey = z.infer<typeof toldKeySchema>;
export const toldSchema = z.object({
  key: toldKeySchema,
  /** In the device's own words; times are ISO 8601, durations in seconds with `s`. */
  value: z.string(),
  /** Worth a warning sign. */
  warn: z.boolean(),
});
export type Told = z.infer<typeof toldSchema>;

/** Who the device is. `serial` or `mac` must equal what was planned before anything is changed. */
export interface Identity {
  serial: string;
  /** Upper-case hex with colons, when the device tells it. */
  mac: string | null;
  model: string;
  software: string;
  systemName: string;
}

/** One thing saved before a change. `content` may hold secrets: it is sealed in the site file, never logged. */
export interface BackupItem {
  /** `macro`, `settings`, `users`, `panels`, `calendar`, … */
  kind: string;
  name: string;
  content: string;
}

/** The state before the first change, as kept in the site file until the room is undone. */
export interface Baseline {
  items: readonly BackupItem[];
}

/** Kind of the items that are saved in the moment before they are removed from a device: what an undo puts back. */
/** A text of a macro, by which somebody's word on it holds: for this one and for no other under the same name. */
export const macroTextSchema = z.object({
  name: z.string(),
  /** Of the text, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type MacroText = z.infer<typeof macroTextSchema>;

export const TAKEN = 'taken';
