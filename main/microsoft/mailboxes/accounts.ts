/**
 * Finds the account of each address: by primary address, else by sign-in name, else by any other address, else among those that
 * were deleted. Fifteen addresses go into one question and twenty questions into one request, so 10,000 rooms take 34 requests.
 */
import { z } from 'zod';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import { literal, withQuery } from '../graph/odata.ts';
import * as reading from '../graph/reading.ts';
import type { Graph, GraphRequest } from '../graph/request.ts';
import { type Account, type Found, type FoundBy, isOwnTrouble } from './facts.ts';
import { SCOPES } from './scopes.ts';

/** Values that the directory takes in one filter. Source: filter-query-parameter of Microsoft Graph. */
const MOST_VALUES = 15;
/** Characters of one filter: an address with its query must stay well below what servers take. */
const MOST_FILTER = 1_400;
/** Deleted accounts that are looked through: 30 days of any tenant. */
const MOST_DELETED = 20_000;
const SELECT = 'id,userPrincipalName,mail,accountEnabled,assignedLicenses';

const userSchema = z.looseObject({
  id: z.string().min(1),
  userPrincipalName: reading.words,
  mail: reading.text,
  accountEnabled: reading.either,
  assignedLicenses: z.array(z.unknown()).nullable().catch(null),
  proxyAddresses: reading.texts,
});
type User = z.infer<typeof userSchema>;
const usersSchema = z.looseObject({ value: z.array(z.unknown()) });
const deletedSchema = z.looseObject({
  userPrincipalName: reading.words,
  mail: reading.words,
  deletedDateTime: reading.words,
});

/**
 * Of each address, in lower case. Throws what ends the whole check.
 * @param told called with those that are found, as soon as they are
 */
export async function findAccounts(
  graph: Graph,
  addresses: readonly string[],
  signal: AbortSignal,
  told: (keys: readonly string[], found: ReadonlyMap<string, Found | OtjError>) => void,
): Promise<Map<string, Found | OtjError>> {
  const found = new Map<string, Found | OtjError>();
  let open = [...new Set(addresses.map(keyOf))];
  // a sign-in name of one may be the address of another, to whom the invitations go
  for (const by of ['mail', 'upn', 'alias'] as const) {
    await lookUp(graph, by, open, signal, (part) => {
      for (const [key, one] of part) found.set(key, one);
      told([...part.keys()], found);
    });
    open = open.filter((key) => !found.has(key));
    if (open.length === 0) return found;
  }
  const deleted = await deletedAccounts(graph, signal);
  for (const key of open) {
    const at = deleted.at.get(key);
    found.set(key, at === undefined ? { by: 'nobody', untold: deleted.untold } : { by: 'deleted', at });
  }
  return found;
}

export function keyOf(address: string): string {
  return address.toLowerCase();
}

async function lookUp(
  graph: Graph,
  by: FoundBy,
  keys: readonly string[],
  signal: AbortSignal,
  told: (found: ReadonlyMap<string, Found | OtjError>) => void,
): Promise<void> {
  const parts = portions(by, keys);
  const requests = parts.map((part): GraphRequest => {
    const query = { $filter: filterOf(by, part), $select: by === 'alias' ? `${SELECT},proxyAddresses` : SELECT };
    return { method: 'GET', path: withQuery('/users', query), scopes: SCOPES.users, urgent: true };
  });
  await graph.batch<unknown>(requests, signal, (answer, at) => told(foundIn(answer, by, parts[at] ?? [])));
}

function foundIn(
  answer: { body: unknown } | OtjError,
  by: FoundBy,
  keys: readonly string[],
): Map<string, Found | OtjError> {
  if (answer instanceof OtjError) return new Map(keys.map((key) => [key, answer]));
  const told = usersSchema.safeParse(answer.body).data?.value;
  const users = told?.flatMap((one) => userSchema.safeParse(one).data ?? []) ?? [];
  const found = new Map<string, Found | OtjError>();
  let matched = 0;
  for (const key of keys) {
    const [user, ...others] = users.filter((one) => addressesOf(one, by).some((address) => keyOf(address) === key));
    if (!user) continue;
    matched += 1 + others.length;
    const accounts = [user, ...others].map(accountOf);
    found.set(key, others.length > 0 ? { by: 'several', accounts } : { by, account: accountOf(user) });
  }
  // what is not understood, or is about nobody who was asked for, says nothing of who is there
  if (told && matched >= told.length) return found;
  const odd = new OtjError('M365_ODD', 'no list of accounts that is understood');
  for (const key of keys) if (!found.has(key)) found.set(key, odd);
  return found;
}

function addressesOf({ userPrincipalName, mail, proxyAddresses }: User, by: FoundBy): string[] {
  if (by === 'upn') return [userPrincipalName];
  return by === 'mail' ? [mail ?? ''] : proxyAddresses.map((address) => address.replace(/^smtp:/i, ''));
}

function filterOf(by: FoundBy, keys: readonly string[]): string {
  if (by === 'alias') return keys.map(aliasClause).join(' or ');
  return `${by === 'upn' ? 'userPrincipalName' : 'mail'} in (${keys.map(literal).join(',')})`;
}

function aliasClause(key: string): string {
  return `proxyAddresses/any(x:x eq ${literal(`smtp:${key}`)})`;
}

function portions(by: FoundBy, keys: readonly string[]): string[][] {
  const parts: string[][] = [];
  let length = 0;
  for (const key of keys) {
    const last = parts.at(-1);
    const more = encodeURIComponent(by === 'alias' ? ` or ${aliasClause(key)}` : `,${literal(key)}`).length;
    if (!last || last.length >= MOST_VALUES || length + more > MOST_FILTER) {
      parts.push([key]);
      length = more;
    } else {
      last.push(key);
      length += more;
    }
  }
  return parts;
}

function accountOf({ id, userPrincipalName, mail, accountEnabled, assignedLicenses }: User): Account {
  return {
    id,
    upn: userPrincipalName,
    mail,
    enabled: accountEnabled,
    licensed: assignedLicenses ? assignedLicenses.length > 0 : null,
  };
}

interface Deleted {
  /** When each address was deleted. */
  at: ReadonlyMap<string, string>;
  /** Why not all of them are known; null = they are. */
  untold: OtjError | null;
}

/** Sign-in names of deleted accounts begin with their id, so they are compared here. */
async function deletedAccounts(graph: Graph, signal: AbortSignal): Promise<Deleted> {
  const deleted = new Map<string, string>();
  const path = withQuery('/directory/deletedItems/microsoft.graph.user', {
    $select: 'id,userPrincipalName,mail,deletedDateTime',
    $top: 999,
  });
  try {
    let seen = 0;
    for await (const one of graph.pages<unknown>({ method: 'GET', path, scopes: SCOPES.users }, signal)) {
      if (++seen > MOST_DELETED)
        return { at: deleted, untold: new OtjError('M365_ODD', `more than ${MOST_DELETED} deleted accounts`) };
      const user = deletedSchema.safeParse(one).data;
      if (!user) continue;
      const at = user.deletedDateTime;
      for (const address of [user.mail, user.userPrincipalName.replace(/^[0-9a-f]{32}/i, '')])
        deleted.set(keyOf(address), at);
    }
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (!isOwnTrouble(error)) throw error;
    return { at: deleted, untold: error };
  }
  return { at: deleted, untold: null };
}
