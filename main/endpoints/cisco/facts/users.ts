/** The local users of a codec. */
import { asList, child, isRecord, isTrue, leaf, textAt, type Xapi } from '../xapi.ts';

export interface CodecUser {
  username: string;
  roles: string[];
  active: boolean;
  blocked: boolean;
  passphraseChangeRequired: boolean;
  passphraseExpired: boolean;
}

/** Throws REFUSED when the login has no Admin role. */
export async function readUsers(xapi: Xapi): Promise<CodecUser[]> {
  const result = await xapi.command('UserManagement User List');
  return usersIn(result).map((user) => ({
    username: textAt(user, 'Username') ?? '',
    roles: rolesIn(user),
    active: isActive(user),
    blocked: isTrue(user.Blocked),
    passphraseChangeRequired: isTrue(user.PassphraseChangeRequired),
    passphraseExpired: isTrue(user.PassphraseExpired),
  }));
}

/** What keeps a user from signing in, in the codec's words. */
export function troubleOf({ active, blocked, passphraseChangeRequired, passphraseExpired }: CodecUser): string[] {
  return [
    ...(active ? [] : ['inactive']),
    ...(blocked ? ['blocked'] : []),
    ...(passphraseExpired ? ['passphrase expired'] : []),
    ...(passphraseChangeRequired ? ['must change its passphrase'] : []),
  ];
}

function usersIn(result: Record<string, unknown>): Record<string, unknown>[] {
  return asList(result.User).filter(isRecord);
}

/** Only a user that is said to be off is off: software that does not tell has no such thing. */
function isActive(user: Record<string, unknown>): boolean {
  return user.Active === undefined || isTrue(user.Active);
}

/** Under `Roles`, as recorded; other software may have `Role` in its place, or both. */
function rolesIn({ Roles, Role }: Record<string, unknown>): string[] {
  return [...new Set([...asList(Roles), ...asList(Role)].flatMap((entry) => rolesOf(entry)))];
}

/** `Roles` is seen as a list of `{Role}`; a bare text or a list inside is read as well. */
function rolesOf(entry: unknown): string[] {
  const inner = leaf(entry) === undefined ? child(entry, 'Role') : entry;
  return asList(inner).flatMap((role) => leaf(role)?.trim() || textAt(role, 'Role')?.trim() || []);
}

/** What a codec keeps of one account's logins; null where it has no such account. Throws REFUSED without an Admin role. */
export async function readSignIns(
  xapi: Xapi,
  username: string,
): Promise<{ lastLogin: Date | null; failed: number | null; trouble: string[] } | null> {
  const result = await xapi.command('UserManagement User List');
  const user = usersIn(result).find((one) => textAt(one, 'Username') === username);
  if (!user) return null;
  const [at, failed] = [
    new Date(textAt(user, 'LastLogin') ?? ''),
    Number(textAt(user, 'FailedLoginAttempts') ?? 'none'),
  ];
  const known = { username, roles: [], active: isActive(user), blocked: isTrue(user.Blocked) };
  return {
    lastLogin: Number.isNaN(at.getTime()) ? null : at,
    failed: Number.isInteger(failed) ? failed : null,
    trouble: troubleOf({
      ...known,
      passphraseChangeRequired: isTrue(user.PassphraseChangeRequired),
      passphraseExpired: isTrue(user.PassphraseExpired),
    }),
  };
}
