/** What may stand in each column. Each reader gives the value, or what is wrong and what to write. */
import { z } from 'zod';
import type { Family } from '../contract/plan.ts';
import { shown } from './problem.ts';

type Field<T> = { value: T } | { message: string; todo: string };

const MAX_TEXT = 100;
/** The longest address that mail servers deliver to. */
const MAX_MAILBOX = 254;
const MAX_HOST = 253;
const emailSchema = z.email();
const ipv4Schema = z.ipv4();
const ipv6Schema = z.ipv6();
const ADDRESS_TODO = 'Write only an IP address such as 10.1.2.3, or a host name such as room1.example.com.';

/** Free text: room, building, floor. `what` names it in the message. */
export function readText(what: string, text: string): Field<string> {
  if (/\p{Cc}/u.test(text)) {
    return {
      message: `The ${what} holds line breaks or other control characters.`,
      todo: `Write it in one line: ${shown(text)}`,
    };
  }
  if (text.length > MAX_TEXT) {
    return {
      message: `The ${what} is longer than ${MAX_TEXT} characters.`,
      todo: `Shorten it to at most ${MAX_TEXT} characters.`,
    };
  }
  return { value: text };
}

/** The name of a room, which must be there. */
export function readName(text: string): Field<string> {
  if (text === '') return { message: 'The room has no name.', todo: 'Write the name of the room.' };
  return readText('room name', text);
}

/** The mailbox of a room, which must be there. */
export function readMailbox(text: string): Field<string> {
  const todo = 'Write the address of the room’s mailbox, such as room1@example.com.';
  if (text === '') return { message: 'The room has no mailbox.', todo };
  if (text.length > MAX_MAILBOX || !emailSchema.safeParse(text).success) {
    return { message: 'This is not a valid mail address.', todo };
  }
  return { value: text };
}

/** Where the device is: IPv4, IPv6 or host name, without scheme, port or path. Null when left empty. */
export function readAddress(text: string): Field<string | null> {
  if (text === '') return { value: null };
  if (text.length > 2 * MAX_HOST) return { message: 'This is too long for an address.', todo: ADDRESS_TODO };
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme) {
    return {
      message: `The address begins with ${scheme}, which does not belong there.`,
      todo: bare(text.slice(scheme.length)),
    };
  }
  const host = /^\[([^\]]*)\](?::\d*)?$/.exec(text)?.[1] ?? /^([^:]+):\d*$/.exec(text)?.[1];
  if (host !== undefined) {
    const what = text.endsWith(']') ? 'brackets' : 'a port';
    return { message: `The address carries ${what}, which does not belong there.`, todo: bare(host) };
  }
  if (ipv4Schema.safeParse(text).success) return readIpv4(text);
  if (ipv6Schema.safeParse(text).success) return readIpv6(text);
  if (isHostName(text)) return { value: text.toLowerCase().replace(/\.$/, '') };
  return { message: 'This is neither an IP address nor a host name.', todo: ADDRESS_TODO };
}

function readIpv4(text: string): Field<string> {
  const first = Number(text.split('.')[0]);
  return first === 0 || first >= 224
    ? { message: 'No single device can have this address.', todo: ADDRESS_TODO }
    : { value: text };
}

function readIpv6(text: string): Field<string> {
  // The same address can be written in many ways; this is the one of RFC 5952.
  const value = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) ?? text.toLowerCase();
  if (value === '::' || value.startsWith('ff'))
    return { message: 'No single device can have this address.', todo: ADDRESS_TODO };
  return { value };
}

/** RFC 1123. A name whose last part is a number is a mistyped IPv4 address. */
function isHostName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  const valid = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  return valid && text.length <= MAX_HOST && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** Proposes what is left of an address without scheme, port and path, if that would do. */
function bare(rest: string): string {
  const host = rest
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/^\[(.*)\](?::\d*)?$/s, '$1');
  const candidate = /^[^:]+:\d*$/.test(host) ? host.replace(/:\d*$/, '') : host;
  const good =
    ipv4Schema.safeParse(candidate).success || ipv6Schema.safeParse(candidate).success || isHostName(candidate);
  return good ? `Write ${candidate}` : ADDRESS_TODO;
}

/** The serial number, null when left empty. */
export function readSerial(text: string): Field<string | null> {
  if (text === '') return { value: null };
  if (/^\d[.,]\d+e\+\d+$/i.test(text)) {
    return {
      message: 'The spreadsheet has turned the serial number into a rounded number.',
      todo: 'Format the column as text and write the serial number again.',
    };
  }
  return readText('serial number', text);
}

/** The MAC address however it is written, null when left empty. */
export function readMac(text: string): Field<string | null> {
  if (text === '') return { value: null };
  const mac = plainMac(text);
  return mac
    ? { value: mac }
    : { message: 'This is not a MAC address.', todo: 'Write its twelve hex digits, such as 00:E0:DB:00:02:12.' };
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
  const todo = 'Write cisco, poly, poly-group, poly-trio, poly-hdx or poly-debut, or leave it empty.';
  const family = familyOf(text);
  if (family) return { value: family };
  return { message: 'This kind of device is not known.', todo };
}

/** The family that a vendor, a product or a model names; null for any other. */
export function familyOf(text: string): Family | null {
  const word = plain(text).replace(/^(hp)?poly(com)?(?=.)/, '');
  const isPoly = word !== plain(text) || /^(hp)?poly(com)?$/.test(word);
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
