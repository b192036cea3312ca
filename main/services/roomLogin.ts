/** The login that Infinity and a room's device share: generated once per room, sealed in the site file. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import { type Family, familySchema, isPoly } from '../contract/plan.ts';
import { isDrivenPoly } from '../endpoints/poly/open.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

const loginSchema = z.object({ username: z.string(), password: z.string() });

/**
 * Limits of all targets in one place. Cisco passphrases: policy may demand up to four digits, capitals, small letters and
 * special characters each (UserManagement PasswordPolicy Complexity, schemas 9.15 to 26.4). Infinity: 100 characters
 * (api_password, poly_password). Poly user name: 64.
 */
const PASSWORD_LENGTH = 24;
const OF_EACH = 4;
/** Nothing that people mistake; `_` counts as a letter for some. */
const SETS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '-.'] as const;
const USERNAME_LENGTH = 32;

/** The calendar password of before, where somebody typed it to be sealed: no device tells it, and an undo needs it. */
export function oldPassword({ vault }: Site, { id }: Room): string | null {
  return vault.get(oldPasswordOf(id)) || null;
}

/** Whether one is kept; needs no passphrase. */
export function hasOldPassword({ db }: Site, id: number): boolean {
  return db.one('SELECT 1 AS found FROM secret WHERE owner = $owner', { owner: oldPasswordOf(id) }) !== undefined;
}

/** @param password empty = forget it. Throws USAGE for a device that has none to keep, VAULT_LOCKED. */
export function keepOldPassword({ vault, rooms, db }: Site, { id, name }: Room, password: string): void {
  const family = rooms.endpointOf(id)?.family ?? null;
  if (family !== null && !isDrivenPoly(family))
    throw new OtjError(
      'USAGE',
      `${name}: only a Poly device that a program moves has an old calendar password to keep`,
    );
  const owner = oldPasswordOf(id);
  if (password === '') db.run('DELETE FROM secret WHERE owner = $owner', { owner });
  else vault.put(owner, password);
}

function oldPasswordOf(id: number): string {
  return `room:${id}:old-calendar`;
}

/** Of a Poly device it stays the same when the device turns out to be of another family: Infinity may have it already. */
export function roomLogin(site: Site, room: Room, family: Family): { username: string; password: string } {
  const ownerOf = (one: Family) => `room:${room.id}:login:${one}`;
  const owner = ownerOf(family);
  const others = isPoly(family) ? familySchema.options.filter(isPoly) : [];
  const sealed = [family, ...others].reduce<string | null>((found, one) => found ?? site.vault.get(ownerOf(one)), null);
  if (sealed) {
    const login = loginSchema.parse(JSON.parse(sealed));
    const { accountName } = site.settings;
    if (family !== 'cisco-roomos' || isInUse(site, room)) return login;
    // An older one may not fit a codec's policy; as long as nobody else knows it, another is as good.
    const password = isStrong(login.password) || mayBeOnInfinity(site, room) ? login.password : newPassword();
    const isSame = login.username === accountName && login.password === password;
    return isSame ? login : keep({ username: accountName, password });
  }
  const login = {
    username: family === 'cisco-roomos' ? site.settings.accountName : polyUsername(room),
    password: newPassword(),
  };
  return keep(login);

  function keep(fresh: { username: string; password: string }) {
    site.vault.put(owner, JSON.stringify(fresh));
    return fresh;
  }
}

/** Whether the login may be on a device already: then another name would leave the old account behind. */
function isInUse({ journal, backups, rooms }: Site, { id }: Room): boolean {
  const serial = rooms.endpointOf(id)?.serial;
  return journal.effects(id).length > 0 || (serial ? backups.isOpen(serial) : false);
}

/** Whether a write was begun that never came on record, so that an entry of ours may be there all the same. */
export function mayBeOnInfinity({ outbox }: Site, { id }: Room): boolean {
  if (outbox.entry(id)) return true;
  const { noneBefore, before } = outbox.debt(id);
  return noneBefore || before !== null;
}

/** Infinity tells Poly devices apart by this name, so it holds the room's number in the site file. */
function polyUsername({ id, mailbox }: Room): string {
  const plain = (mailbox.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const tail = `-${id}`;
  return `otj-${plain}`.slice(0, USERNAME_LENGTH - tail.length).replace(/-+$/, '') + tail;
}

/** At least four characters of each set; begins and ends with a letter or digit. */
export function newPassword(): string {
  const pick = (from: string) => from.charAt(randomInt(from.length));
  const needed = SETS.flatMap((set) => Array.from({ length: OF_EACH }, () => pick(set)));
  const rest = Array.from({ length: PASSWORD_LENGTH - needed.length }, () => pick(SETS.join('')));
  for (;;) {
    const password = shuffled([...needed, ...rest]).join('');
    if (/^[A-Za-z0-9].*[A-Za-z0-9]$/.test(password)) return password;
  }
}

/** Whether it has of each set what policies may demand; those of older versions of this program may not. */
function isStrong(password: string): boolean {
  return SETS.every((set) => [...password].filter((char) => set.includes(char)).length >= OF_EACH);
}

function shuffled(chars: readonly string[]): string[] {
  const left = [...chars];
  return chars.flatMap(() => left.splice(randomInt(left.length), 1));
}
