/** One tenant: its people, its registration of the app, and what was consented to. */
import type { Registration } from './store.ts';

export interface Person {
  /** Object id in the directory. */
  id: string;
  username: string;
  name: string;
}

export interface Tenant {
  id: string;
  domain: string;
  people: readonly Person[];
  registration: Registration;
  /** Delegated permissions that were consented to; a token names all of them, as Entra's do. */
  readonly consented: Set<string>;
  /** What the app may do as itself. */
  readonly roles: Set<string>;
  /** Whether people may consent for themselves; else only an administrator may, beforehand. */
  peopleConsent: boolean;
}

/** Every permission that Graph has for an app like this: what may be asked for at all. */
export const PERMISSIONS = [
  'User.Read',
  'User.ReadBasic.All',
  'User.Read.All',
  'MailboxSettings.Read',
  'Group.Read.All',
  'GroupMember.Read.All',
  'Place.Read.All',
  'Place.ReadWrite.All',
  'Calendars.Read',
  'Calendars.Read.Shared',
  'Calendars.ReadBasic',
  'Calendars.ReadBasic.All',
  'Sites.Read.All',
  'Sites.ReadWrite.All',
  'Sites.Selected',
  'Sites.Manage.All',
  'Files.ReadWrite',
  'Files.ReadWrite.All',
];

export const OF_OIDC = ['openid', 'profile', 'email', 'offline_access'];

/** Short or with the address of Graph before it. */
export function shortNames(scope: string | undefined): string[] {
  return (scope ?? '').split(' ').flatMap((one) => (one ? [one.slice(one.lastIndexOf('/') + 1)] : []));
}
