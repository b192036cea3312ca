/** What may stand in each column. Each reader gives the value, or what is wrong and what to write. */
import { z } from 'zod';
import type { Family } from '../contract/plan.ts';
import { type Fault, fault, shown } from './problem.ts';

/** The value, or what is wrong with what stands there. */
export type Field<T> = { value: T } | Fault;

const MAX_TEXT = 100;
/** The longest address that mail servers deliver to. */
const MAX_MAILBOX = 254;
const MAX_HOST = 253;
const emailSchema = z.email();
const ipv4Schema = z.ipv4();
const ipv6Schema = z.ipv6();

/** Free text: room, building, floor. */
export function readText(text: string): Field<string> {
  if (/\p{Cc}/u.test(text)) return fault('TEXT_CONTROL', { line: shown(text) });
  return text.length > MAX_TEXT ? fault('TEXT_LONG', { most: String(MAX_TEXT) }) : { value: text };
}

/** The name of a room, which must be there. */
export function readName(text: string): Field<string> {
  return text === '' ? fault('NAME_MISSING') : readText(text);
}

/** The mailbox of a room, which must be there. */
export function readMailbox(text: string): Field<string> {
  if (text === '') return fault('MAILBOX_MISSING');
  return text.length > MAX_MAILBOX || !emailSchema.safeParse(text).success ? fault('MAILBOX_UNFIT') : { value: text };
}

/** Where the device is: IPv4, IPv6 or host name, without scheme, port or path. Null when left empty. */
export function readAddress(text: string): Field<string | null> {
  if (text === '') return { value: null };
  if (text.length > 2 * MAX_HOST) return fault('ADDRESS_LONG');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme) {
    const host = bare(text.slice(scheme.length));
    return host === null ? fault('ADDRESS_UNFIT') : fault('ADDRESS_SCHEME', { scheme: shown(scheme), host });
  }
  const inside = /^\[([^\]]*)\](?::\d*)?$/.exec(text)?.[1] ?? /^([^:]+):\d*$/.exec(text)?.[1];
  if (inside !== undefined) {
    const host = bare(inside);
    if (host === null) return fault('ADDRESS_UNFIT');
    return fault(text.endsWith(']') ? 'ADDRESS_BRACKETS' : 'ADDRESS_PORT', { host });
  }
  if (ipv4Schema.safeParse(text).success) return readIpv4(text);
  if (ipv6Schema.safeParse(text).success) return readIpv6(text);
  if (isHostName(text)) return { value: text.toLowerCase().replace(/\.$/, '') };
  return fault('ADDRESS_UNFIT');
}

function readIpv4(text: string): Field<string> {
  const first = Number(text.split('.')[0]);
  return first === 0 || first >= 224 ? fault('ADDRESS_NOBODY') : { value: text };
}

function readIpv6(text: string): Field<string> {
  // The same address can be written in many ways; this is the one of RFC 5952.
  const value = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? text.toLowerCase();
  return value === '::' || value.startsWith('ff') ? fault('ADDRESS_NOBODY') : { value };
}

/** RFC 1123. A name whose last part is a number is a mistyped IPv4 address. */
function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  const valid = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  return valid && text.length <= MAX_HOST && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** What is left of an address without scheme, port and path; null when that would not do either. */
function bare(rest: string): string | null {
  const host = rest
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/^\[(.*)\](?::\d*)?$/s, '$1');
  const candidate = /^[^:]+:\d*$/.test(host) ? host.replace(/:\d*$/, '') : host;
  const good =
    ipv4Schema.safeParse(candidate).success || ipv6Schema.safeParse(candidate).success || isHostName(candidate);
  return good ? candidate : null;
}

/** The serial number, null when left empty. */
export function readSerial(text: string): Field<string | null> {
  if (text === '') return { value: null };
  return /^\d[.,]\d+e\+\d+$/i.test(text) ? fault('SERIAL_ROUNDED') : readText(text);
}

/** The MAC address however it is written, null when left empty. */
export function readMac(text: string): Field<string | null> {
  if (text === '') return { value: null };
  const mac = plainMac(text);
  return mac ? { value: mac } : fault('MAC_UNFIT');
}

/** `00:e0:db:00:02:12`; null for what is no MAC address of one device. */
export function plainMac(text: string): string | null {
  if (!/^[0-9a-f]{2}([:.\- ]?[0-9a-f]{2}){5}$/i.test(text)) return null;
  const digits = text.replace(/[^0-9a-f]/gi, '').toLowerCase();
  if (/^(0{12}|f{12})$/.test(digits)) return null;
  return digits.match(/../g)?.join(':') ?? null;
}

/** What kind of device it is, null when left empty: then the device itself is asked. */
export function readFamily(text: string): Field<Family | null> {
  if (text === '') return { value: null };
  const family = familyOf(text);
  return family ? { value: family } : fault('FAMILY_UNKNOWN');
}

/** Whether a text that `familyOf` knows names the vendor alone. */
export function isBarePoly(text: string): boolean {
  return BARE_POLY.test(plain(text));
}

const BARE_POLY = /^(hp)?poly(com)?$/;

/** The family that a vendor, a product or a model names, the likeliest for the vendor Poly alone; null for any other. */
export function familyOf(text: string): Family | null {
  const word = plain(text).replace(/^(hp)?poly(com)?(?=.)/, '');
  const isPoly = word !== plain(text) || BARE_POLY.test(word);
  if (/^(cisco|webex|roomos|tandberg)/.test(word)) return 'cisco-roomos';
  if (/^hdx/.test(word)) return 'poly-hdx';
  if (/^(realpresence|rp)?debut/.test(word)) return 'poly-debut';
  if (/^trio/.test(word)) return 'poly-trio';
  if (/^(realpresence|rp)?group|^rpg|^realpresence/.test(word)) return 'poly-group';
  if (isPoly || /^videoos|^(studio)?x(30|32|50|52|70|72)$|^studiox|^g(7500|62)$/.test(word)) return 'poly-videoos';
  return null;
}

function plain(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
