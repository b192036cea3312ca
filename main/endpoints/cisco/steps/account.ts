/** The account that Infinity signs in with. It counts only when a login as it over HTTPS has read the bookings. */
import { asOtjError } from '../../../contract/errors.ts';
import type { Seen, StepActions } from '../../driver.ts';
import { provesLogin } from '../apiLogin.ts';
import { type CodecUser, troubleOf } from '../facts/users.ts';
import { madeAccount } from '../plan/backup.ts';
import { holds, lacks } from './seen.ts';
import type { Visit } from './visit.ts';

export function account(visit: Visit): StepActions {
  const { username } = visit.wish.login;
  // The codec wants the operator's own passphrase whenever an Admin is made or changed (xAPI, UserManagement User).
  const ours = { Username: username, YourPassphrase: visit.target.password };
  let refused = false;
  /** A login since the last change, which the look behind it need not repeat: they are rationed to one a second. */
  let proof: Seen | null = null;
  return {
    async inspect() {
      const user = await visit.user(username);
      if (!user) return lacks(`no user ${username}`);
      const words = `user ${username}: ${[...user.roles, ...troubleOf(user)].join(', ')}`;
      if (!isInOrder(user)) return lacks(words);
      const seen = proof ?? (await proveLogin(visit));
      proof = null;
      refused = !seen.holds;
      return { ...seen, words: `${words}; ${seen.words}` };
    },
    async apply() {
      // One that is there is ours, else the visit had ended with ACCOUNT_TAKEN.
      const user = await visit.user(username);
      if (user && !refused && !user.passphraseExpired) {
        await mend(visit, user, ours);
        const mended = await proveLogin(visit);
        if (mended.holds) {
          proof = mended;
          return;
        }
      }
      // Made anew: PasswordPolicy ReuseLimit would refuse to set its own passphrase again.
      if (user) await visit.change('UserManagement User Delete', ours);
      await visit.support.addBackup(madeAccount(username));
      await visit.change('UserManagement User Add', {
        ...ours,
        Passphrase: visit.wish.login.password,
        Role: 'Admin',
        Active: true,
        PassphraseChangeRequired: false,
        ShellLogin: false,
      });
    },
  };
}

export function removeAccount(visit: Visit): StepActions {
  const { username } = visit.wish.login;
  return {
    inspect: async () =>
      (await visit.user(username)) ? lacks(`user ${username} is there`) : holds(`no user ${username}`),
    apply: () =>
      visit.change('UserManagement User Delete', { Username: username, YourPassphrase: visit.target.password }),
  };
}

function isInOrder(user: CodecUser): boolean {
  return troubleOf(user).length === 0 && user.roles.includes('Admin');
}

/** Takes away what keeps it from signing in, and leaves it otherwise as it is. */
async function mend(visit: Visit, user: CodecUser, ours: Record<string, string>): Promise<void> {
  if (user.blocked) await visit.change('UserManagement User Unblock', ours);
  const change = {
    ...(user.roles.includes('Admin') ? {} : { AddRole: 'Admin' }),
    ...(user.active ? {} : { Active: true }),
    ...(user.passphraseChangeRequired ? { PassphraseChangeRequired: false } : {}),
  };
  if (Object.keys(change).length > 0) await visit.change('UserManagement User Modify', { ...ours, ...change });
}

/** A refusal is what apply repairs; anything else is trouble of another kind and thrown. */
async function proveLogin({ target, wish }: Visit): Promise<Seen> {
  try {
    return holds(await provesLogin(target, wish.login));
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.class === 'login') return lacks(error.words ?? 'login refused');
    throw error;
  }
}
