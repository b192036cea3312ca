/** What Microsoft 365 tells of mailboxes, before anybody judges it. An error in the place of a fact: why it is not known. */
import type { OtjError } from '../../contract/errors.ts';
import { GraphError } from '../graph/problems.ts';

export interface Account {
  id: string;
  upn: string;
  /** Primary address; null without one. */
  mail: string | null;
  /** Whether somebody may sign in to it; null = not told. */
  enabled: boolean | null;
  licensed: boolean | null;
}

/** Which of its addresses the site's is. */
export type FoundBy = 'upn' | 'mail' | 'alias';

export type Found =
  | { by: FoundBy; account: Account }
  /** Deleted, and kept for 30 days. */
  | { by: 'deleted'; at: string }
  /** @member untold why nobody knows whether it was deleted; null = it was not */
  | { by: 'nobody'; untold: OtjError | null }
  /** More than one account has it: nobody can say which of them is meant. */
  | { by: 'several'; accounts: readonly Account[] };

/** With a `way`: it is a member, and why it is not known whether by a nested group. */
export type Membership = 'direct' | 'nested' | 'no' | { way: OtjError };

export interface MailboxFacts {
  found: Found | OtjError;
  /** `userPurpose`, or that the list of rooms has it; null = not asked. */
  purpose: string | OtjError | null;
  calendar: 'readable' | OtjError | null;
  member: Membership | OtjError | null;
  /** Whether the list of rooms has it. */
  place: Place | 'hidden' | OtjError;
}

/** A room of the tenant, as its list of rooms has it. */
export interface Place {
  /** Address, as written there. */
  mailbox: string;
  name: string;
  building: string;
  floor: string;
  capacity: number | null;
}

export interface GroupFacts {
  name: string;
  kind: 'mail-security' | 'microsoft365' | 'distribution' | 'security' | 'dynamic';
  /** Kept in the company's own Active Directory. */
  onPremises: boolean;
  /** Direct members, groups among them; null = not told. */
  members: number | null;
}

export interface TenantFacts {
  /** In the order of the mailboxes asked for. */
  mailboxes: MailboxFacts[];
  /** Null: none of this address. */
  group: GroupFacts | OtjError | null | 'not-set';
  places: Place[] | OtjError;
}

/** What fails a check alone. All else (no network, a sign-in that ended, a stop) ends the whole. */
const OWN_TROUBLE: ReadonlySet<string> = new Set([
  'M365_CONSENT_NEEDED',
  'M365_FORBIDDEN',
  'M365_NOT_FOUND',
  'M365_REFUSED',
  'M365_BUSY',
  'M365_FAILED',
  'M365_ODD',
]);

export function isOwnTrouble(error: OtjError): boolean {
  // a service that has answered for itself says nothing of the others behind Graph
  return OWN_TROUBLE.has(error.code) || (error instanceof GraphError && error.status >= 500);
}
