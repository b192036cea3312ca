/**
 * Account commands; Admin only but for one's own passphrase. `YourPassphrase`, the passphrase of the caller, must be
 * given for an account that has or gets Admin rights. Texts of failures are not public, except that of a missing user.
 */
import type { Role } from '../settings-table.ts';
import type { Shape } from '../tree.ts';
import type { Account } from '../users.ts';
import { type Arguments, type Command, Failure, FLAG, integer, text } from './command.ts';

const USERNAME = { Username: { ...text(0, 127), required: true } };
const PASSPHRASE = { ...text(0, 255), required: true };
const YOURS = { YourPassphrase: text(0, 255) };
const CERTIFICATE = { ClientCertificateDN: text(0, 255) };
const SECURITY_ACTION = {
  SecurityAction: { values: ['None', 'InvalidateAllUserSessions'], since: [11, 24] },
};
const ROLES: readonly Role[] = ['Admin', 'Audit', 'Integrator', 'RoomControl', 'User'];
const EVERYBODY: readonly Role[] = ROLES;
const ROLE = { values: ROLES, many: true };
const FLAGS = { Active: FLAG, PassphraseChangeRequired: FLAG, ShellLogin: FLAG, ...CERTIFICATE };

function missing(username: string): Failure {
  return new Failure(`User '${username}' does not exist`);
}

function rolesOf(args: Arguments, name: string): Role[] {
  const given = args.all(name);
  return ROLES.filter((role) => given.includes(role));
}

function confirmed(args: Arguments): boolean {
  return args.codec.users.get(args.caller.username)?.passphrase === args.get('YourPassphrase');
}

const NOT_CONFIRMED = new Failure('YourPassphrase is missing or incorrect');

/** The account, when it exists and the caller may change it. */
function changeable(args: Arguments): Account | Failure {
  const username = args.get('Username');
  const account = args.codec.users.get(username);
  if (!account) return missing(username);
  return account.roles.includes('Admin') && !confirmed(args) ? NOT_CONFIRMED : account;
}

function applyFlags(args: Arguments, account: Account): void {
  account.active = args.flag('Active', account.active);
  account.passphraseChangeRequired = args.flag('PassphraseChangeRequired', account.passphraseChangeRequired);
  account.shellLogin = args.flag('ShellLogin', account.shellLogin);
  if (args.has('ClientCertificateDN')) account.clientCertificateDn = args.get('ClientCertificateDN');
}

function shapeOf({ codec }: Arguments, account: Account): { [name: string]: Shape } {
  return {
    Active: account.active,
    Blocked: codec.users.isBlocked(account),
    ClientCertificateDN: account.clientCertificateDn,
    FailedLoginAttempts: account.failedLogins,
    LastLogin: account.lastLogin?.time ?? '',
    PassphraseChangeRequired: account.passphraseChangeRequired,
    PassphraseExpired: codec.users.expired,
    Roles: account.roles.map((role) => ({ Role: role })),
    ShellLogin: account.shellLogin,
    Username: account.username,
  };
}

function lastAdmin(args: Arguments, account: Account): boolean {
  return !args.codec.users.all().some((other) => other !== account && other.active && other.roles.includes('Admin'));
}

function setPassphrase(args: Arguments, account: Account) {
  const passphrase = args.get('NewPassphrase');
  const objection = args.codec.users.objection(passphrase, account);
  if (objection) return new Failure(objection);
  args.codec.users.setPassphrase(account, passphrase);
  if (args.get('SecurityAction') === 'InvalidateAllUserSessions') args.codec.sessions.terminateAllOf(account.username);
  return {};
}

export const userCommands: readonly Command[] = [
  {
    path: 'UserManagement User Add',
    params: { ...USERNAME, Passphrase: PASSPHRASE, Role: { ...ROLE, required: true }, ...FLAGS, ...YOURS },
    run: (args) => {
      const { users } = args.codec;
      const [username, passphrase, roles] = [args.get('Username'), args.get('Passphrase'), rolesOf(args, 'Role')];
      if (users.get(username)) return new Failure(`User '${username}' already exists`);
      if (roles.includes('Admin') && !confirmed(args)) return NOT_CONFIRMED;
      const objection = users.objection(passphrase);
      if (objection) return new Failure(objection);
      applyFlags(args, users.add(username, passphrase, roles));
      return {};
    },
  },
  {
    path: 'UserManagement User Modify',
    params: { ...USERNAME, AddRole: ROLE, RemoveRole: ROLE, ...FLAGS, ...YOURS },
    run: (args) => {
      const account = changeable(args);
      if (account instanceof Failure) return account;
      const [add, remove] = [rolesOf(args, 'AddRole'), rolesOf(args, 'RemoveRole')];
      if (add.includes('Admin') && !confirmed(args)) return NOT_CONFIRMED;
      const demoted = remove.includes('Admin') || !args.flag('Active', true);
      if (demoted && account.roles.includes('Admin') && lastAdmin(args, account)) {
        return new Failure('Cannot remove the last administrator');
      }
      account.roles = ROLES.filter((role) => add.includes(role) || account.roles.includes(role)).filter(
        (role) => !remove.includes(role),
      );
      applyFlags(args, account);
      if (!account.active) args.codec.sessions.terminateAllOf(account.username);
      return {};
    },
  },
  {
    path: 'UserManagement User Passphrase Set',
    params: {
      ...USERNAME,
      NewPassphrase: PASSPHRASE,
      ...YOURS,
      ...SECURITY_ACTION,
    },
    run: (args) => {
      const account = changeable(args);
      if (account instanceof Failure) return account;
      return setPassphrase(args, account);
    },
  },
  {
    path: 'UserManagement User Passphrase Change',
    roles: EVERYBODY,
    params: { OldPassphrase: PASSPHRASE, NewPassphrase: PASSPHRASE, ...SECURITY_ACTION },
    run: (args) => {
      const account = args.codec.users.get(args.caller.username);
      if (account?.passphrase !== args.get('OldPassphrase')) return new Failure('OldPassphrase is incorrect');
      return setPassphrase(args, account);
    },
  },
  {
    path: 'UserManagement User Delete',
    params: { ...USERNAME, ...YOURS },
    run: (args) => {
      const account = changeable(args);
      if (account instanceof Failure) return account;
      if (account.roles.includes('Admin') && lastAdmin(args, account)) {
        return new Failure('Cannot remove the last administrator');
      }
      args.codec.users.delete(account.username);
      args.codec.sessions.terminateAllOf(account.username);
      return {};
    },
  },
  {
    path: 'UserManagement User Unblock',
    params: { ...USERNAME, ...YOURS },
    run: (args) => {
      const account = changeable(args);
      if (account instanceof Failure) return account;
      args.codec.users.unblock(account);
      return {};
    },
  },
  {
    path: 'UserManagement User Get',
    params: { Username: text(0, 127), ...CERTIFICATE },
    run: (args) => {
      const [username, dn] = [args.get('Username'), args.get('ClientCertificateDN')];
      const found = args.codec.users
        .all()
        .find((one) =>
          args.has('Username') ? one.username === username : dn !== '' && one.clientCertificateDn === dn,
        );
      return found ? { User: [shapeOf(args, found)] } : missing(username || dn);
    },
  },
  {
    path: 'UserManagement User List',
    params: { Limit: integer(0, 65_536), Offset: integer(0, 65_536) },
    run: (args) => {
      const offset = Number(args.get('Offset'));
      // No limit, says the schema of 0.
      const end = offset + (Number(args.get('Limit')) || Number.POSITIVE_INFINITY);
      const page = args.codec.users.all().slice(offset, end);
      return page.length > 0 ? { User: page.map((account) => shapeOf(args, account)) } : {};
    },
  },
];
