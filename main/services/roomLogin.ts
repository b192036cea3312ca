/** The login that Infinity and a room's device share: generated once per room, sealed in the site file. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Family } from '../contract/plan.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';

const loginSchema = z.object({ username: z.string(), password: z.string() });

/**
 * Limits of all targets in one place. Cisco passphrases: policy may demand digits, cases and a special character
 * (UserManagement PasswordPolicy). Infinity: 100 characters (api_password, poly_password). Poly user name: 64.
 */
const PASSWORD_LENGTH = 24;
const SETS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '-_.'] as const;
const USERNAME_LENGTH = 32;

export function roomLogin(site: Site, room: Room, family: Family): { username: string; password: string } {
  const owner = `room:${room.id}:login:${family}`;
  const sealed = site.vault.get(owner);
  if (sealed) {
    const login = loginSchema.parse(JSON.parse(sealed));
    const { accountName } = site.settings;
    const renamed = family === 'cisco-roomos' && login.username !== accountName && !isInUse(site, room);
    return renamed ? keep({ ...login, username: accountName }) : login;
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

/** Infinity tells Poly devices apart by this name, so it holds the room's number in the site file. */
function polyUsername({ id, mailbox }: Room): string {
  const plain = (mailbox.split('@')[0] ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const tail = `-${id}`;
  return `otj-${plain}`.slice(0, USERNAME_LENGTH - tail.length).replace(/-+$/, '') + tail;
}

/** At least one character of each set; begins and ends with a letter or digit. */
export function newPassword(): string {
  const [upper, lower, digit] = SETS;
  const letters = upper + lower + digit;
  const pick = (from: string) => from.charAt(randomInt(from.length));
  for (;;) {
    const middle = Array.from({ length: PASSWORD_LENGTH - 2 }, () => pick(SETS.join('')));
    const password = pick(letters) + middle.join('') + pick(letters);
    if (SETS.every((set) => [...password].some((char) => set.includes(char)))) return password;
  }
}
