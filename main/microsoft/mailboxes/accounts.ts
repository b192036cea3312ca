/**
 * Finds the account of each address: by sign-in name, else by primary address, else by any other address, else among those that
 * were deleted. Fifteen addresses go into one question and twenty questions into one request, so 10,000 rooms take 34 requests.
 */
import { z } from 'zod';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import { literal, withQuery } from '../graph/odata.ts';
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
  id: z.string(),
  userPrincipalName: z.string(),
  mail: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  assignedLicenses: z.array(z.unknown()).nullish(),
  proxyAddresses: z.array(z.string()).nullish(),
});
type User = z.infer<typeof userSchema>;
const listSchema = z.looseObject({ value: z.array(z.unknown()) });
const deletedSchema = z.looseObject({
  userPrincipalName: z.string(),
  mail: z.string().nullish(),
  deletedDateTime: z.string().nullish(),
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
  for (const by of ['upn', 'mail', 'alias'] as const) {
    await lookUp(graph, by, open, signal, (part) => {
      for (const [key, one] of part) found.set(key, one);
      told([...part.keys()], found);
    });
    open = open.filter((key) => !found.has(key));
    if (open.length === 0) return found;
  }
  const deleted = await deletedAccounts(graph, signal);
  for (const key of open) {
    const at = deleted.get(key);
    found.set(key, at === undefined ? { by: 'nobody' } : { by: 'deleted', at });
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
  const parts = by === 'alias' ? keys.map((key) => [key]) : portions(keys);
  const requests = parts.map((part): GraphRequest => {
    const query = { $filter: filterOf(by, part), $select: SELECT, $top: by === 'alias' ? 2 : undefined };
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
  const users = usersIn(answer.body);
  const byKey = new Map(users.map((user) => [keyOf((by === 'upn' ? user.userPrincipalName : user.mail) ?? ''), user]));
  const found = new Map<string, Found>();
  for (const key of keys) {
    const user = by === 'alias' ? users[0] : byKey.get(key);
    if (user) found.set(key, { by, account: accountOf(user) });
  }
  return found;
}

function filterOf(by: FoundBy, keys: readonly string[]): string {
  if (by === 'alias') return `proxyAddresses/any(x:x eq ${literal(`smtp:${keys[0] ?? ''}`)})`;
  return `${by === 'upn' ? 'userPrincipalName' : 'mail'} in (${keys.map(literal).join(',')})`;
}

function portions(keys: readonly string[]): string[][] {
  const parts: string[][] = [];
  let length = 0;
  for (const key of keys) {
    const last = parts.at(-1);
    const more = encodeURIComponent(literal(key)).length + 3;
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

function usersIn(body: unknown): User[] {
  const list = listSchema.safeParse(body).data?.value ?? [];
  return list.flatMap((one) => userSchema.safeParse(one).data ?? []);
}

function accountOf({ id, userPrincipalName, mail, accountEnabled, assignedLicenses }: User): Account {
  return {
    id,
    upn: userPrincipalName,
    mail: mail ?? null,
    enabled: accountEnabled ?? null,
    licensed: assignedLicenses ? assignedLicenses.length > 0 : null,
  };
}

/**
 * When each address was deleted. Their sign-in names begin with their id, so they are compared here; where the list cannot be
 * read, nobody is told as deleted.
 */
async function deletedAccounts(graph: Graph, signal: AbortSignal): Promise<Map<string, string>> {
  const deleted = new Map<string, string>();
  const path = withQuery('/directory/deletedItems/microsoft.graph.user', {
    $select: 'id,userPrincipalName,mail,deletedDateTime',
    $top: 999,
  });
  try {
    let seen = 0;
    for await (const one of graph.pages<unknown>({ method: 'GET', path, scopes: SCOPES.users }, signal)) {
      if (++seen > MOST_DELETED) break;
      const user = deletedSchema.safeParse(one).data;
      if (!user) continue;
      const at = user.deletedDateTime ?? '';
      for (const address of [user.mail ?? '', user.userPrincipalName.replace(/^[0-9a-f]{32}/i, '')])
        deleted.set(keyOf(address), at);
    }
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (!isOwnTrouble(error)) throw error;
  }
  return deleted;
}
