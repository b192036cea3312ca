/** A room's Poly device for work that is no migration: logged in to and told apart, then asked for settings by name. */
import type { Identity } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import { type PolyMapping, sameValue, spelt, typeOf } from '../endpoints/poly/mapping.ts';
import { isDrivenPoly, MAPPINGS, openPoly } from '../endpoints/poly/open.ts';
import { GOOD_RESULT } from '../endpoints/poly/videoos/replies.ts';
import type { PolyWay } from '../endpoints/poly/way.ts';
import { SECRET_WORDS } from '../endpoints/secretNames.ts';
import type { OpenContext } from '../migration/openDevice.ts';
import type { Room } from '../site/rooms.ts';
import { openRoomDevice } from './roomDevice.ts';

export interface RoomPoly {
  readonly way: PolyWay;
  readonly mapping: PolyMapping;
  readonly identity: Identity;
}

/** A setting as the device told it. */
export interface ToldSetting {
  name: string;
  /** null = it told none, or it is a secret. */
  value: string | null;
  secret: boolean;
  /** null = good; else the device's own word. */
  problem: string | null;
}

const MOST_NAME = 200;
const SECRET = new RegExp(`${SECRET_WORDS}|\\bpin\\b`, 'i');

/** Whether nobody may read the value of a setting of this name. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/** As `openRoomDevice`, for Poly devices alone. The caller closes `way`. */
export async function openRoomPoly(context: OpenContext, room: Room, insist: boolean): Promise<RoomPoly> {
  const {
    family,
    session: way,
    identity,
    login,
  } = await openRoomDevice(context, room, insist, {
    isFor: isDrivenPoly,
    words: 'this is for Poly devices that a program can speak to',
    connect: (family, target) => openPoly(family, target, context.signal),
    identify: identityOf,
  });
  for (const secret of login.secrets) way.redactor.add(secret);
  return { way, mapping: MAPPINGS[family], identity };
}

async function identityOf(way: PolyWay): Promise<Identity> {
  const { serial, model, software, systemName } = await way.readSystem();
  // The serial number is what tells devices apart here; the MAC address would cost another request.
  return { serial, mac: null, model, software, systemName };
}

/** Settings in the order in which they were asked for. Throws USAGE for what is no name, and what the way throws. */
export async function readNames({ way }: RoomPoly, names: readonly string[]): Promise<ToldSetting[]> {
  for (const name of names) assertName(name);
  const vars = await way.readNames(names);
  return names.map((name) => {
    const found = vars.get(name.toLowerCase());
    const secret = isSecretName(name);
    const isGood = found?.result === GOOD_RESULT;
    return {
      name,
      value: secret || !isGood ? null : found.value === null ? null : way.redactor.clean(found.value, 4_096),
      secret,
      problem: isGood ? null : way.redactor.clean(found?.result || 'the device does not know it'),
    };
  });
}

/**
 * Writes one setting and reads it back. @returns what it reads afterwards
 * Throws USAGE, VALUE_UNFIT, IN_CALL before the write; REFUSED; NOT_CONFIRMED when it reads otherwise; what the way throws
 */
export async function writeName(device: RoomPoly, name: string, value: string): Promise<ToldSetting> {
  const { way, identity } = device;
  assertName(name);
  if (/[\p{Cc}\p{Zl}\p{Zp}"]/u.test(value))
    throw new OtjError('VALUE_UNFIT', `${name}: a line end, control character or quotation mark`);
  if (isSecretName(name)) way.redactor.add(value);
  const now = await way.readSystem();
  if (now.serial !== identity.serial)
    throw new OtjError('IDENTITY_MISMATCH', way.redactor.clean(`serial ${now.serial} instead of ${identity.serial}`));
  if (now.state === 'IN_CALL') throw new OtjError('IN_CALL', `state ${now.state}`);
  const { vars } = await way.writeNames([{ name, value: spelt(device.mapping, name, value) }]);
  const result = vars.get(name.toLowerCase())?.result ?? '';
  if (result !== GOOD_RESULT)
    throw new OtjError(result ? 'REFUSED' : 'ODD_REPLY', way.redactor.clean(`${name}: ${result || 'no result'}`));
  const [read] = await readNames(device, [name]);
  if (!read) throw new OtjError('INTERNAL', name);
  // What cannot be read cannot be confirmed either: the device's own word is all there is.
  if (!read.secret && !isWritten(device, read, value))
    throw new OtjError('NOT_CONFIRMED', way.redactor.clean(`${name} reads ${read.problem ?? read.value ?? ''}`));
  return read;
}

/** By the kind of the setting, where the map of the family knows it: a device has its own words for a switch. */
function isWritten({ way, mapping }: RoomPoly, { name, value }: ToldSetting, wanted: string): boolean {
  const spelt = way.spell?.(name, wanted) ?? wanted;
  return sameValue(typeOf(mapping, name) ?? 'choice', value, spelt);
}

function assertName(name: string): void {
  if (!/^[\w.[\]-]+$/.test(name) || name.length > MOST_NAME)
    throw new OtjError('USAGE', `${name.slice(0, MOST_NAME)} is no name of a setting`);
}

/** Whether a line of the command line only reads, by its words; whatever is not known may change something. */
export function onlyReads(line: string): boolean {
  const words = line.trim().toLowerCase();
  return (
    /^[a-z]\w* get( [\w."-]+)?$/.test(words) ||
    /^(whoami|status|version|serialnum|help|\?|callinfo all|systemsetting get [\w-]+)$/.test(words) ||
    /^calendarmeetings (list|info)( "?[\w:+/=.-]+"?){1,2}$/.test(words)
  );
}
