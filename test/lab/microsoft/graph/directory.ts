/**
 * Accounts and groups. Sources: pages of Microsoft Graph on users, groups, transitiveMembers, checkMemberGroups and deletedItems;
 * costs from throttling-limits. Groups that can receive mail are never written here: Graph cannot.
 */
import type { Group, User } from '@microsoft/microsoft-graph-types';
import { z } from 'zod';
import { clausesOf, listReply, type Row, selected } from './query.ts';
import { type Call, fault, type Reply, type Route } from './route.ts';
import type { LabAccount, LabGroup, Tenant } from './tenant.ts';

const READ_USERS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const READ_GROUPS = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];
/** Given without `$select`. */
const USUAL_USER = ['displayName', 'mail', 'userPrincipalName'];
const USER_FILTERS = ['userPrincipalName', 'mail', 'proxyAddresses', 'id'];
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Ids of groups that one question may name. */
const MOST_GROUPS = 20;

export function directoryRoutes(tenant: Tenant): Route[] {
  const get = (pattern: string, needs: readonly string[], cost: number, handle: Route['handle']): Route => ({
    method: 'GET',
    pattern,
    workload: 'directory',
    needs,
    cost,
    handle,
  });
  const ofGroup = (work: (group: LabGroup, call: Call) => Reply) => (call: Call) => {
    const group = tenant.group(call.params.group ?? '');
    return group ? work(group, call) : notThere(call.params.group);
  };
  const ofUser = (work: (account: LabAccount, call: Call) => Reply) => (call: Call) => {
    const account = tenant.account(call.params.user ?? '');
    return account ? work(account, call) : notThere(call.params.user);
  };
  const list = (ids: (group: LabGroup, call: Call) => readonly string[]) =>
    ofGroup((group, call) => memberList(tenant, ids(group, call), call));
  const count = (ids: (group: LabGroup, call: Call) => readonly string[]) =>
    ofGroup((group, call) => {
      // counting is an advanced query
      if (call.headers.consistencylevel !== 'eventual')
        return fault(400, 'Request_UnsupportedQuery', 'Request requires ConsistencyLevel: eventual.');
      return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: String(ids(group, call).length) };
    });
  const direct = (group: LabGroup, { behaviour }: Call) => tenant.members(group, behaviour);
  const nested = (group: LabGroup, { behaviour }: Call) => tenant.transitive(group, behaviour);
  return [
    get('/users', READ_USERS, 2, (call) => userList(tenant, call)),
    get('/directory/deletedItems/microsoft.graph.user', READ_USERS, 2, (call) => deletedList(tenant, call)),
    get(
      '/users/{user}',
      READ_USERS,
      1,
      ofUser((account, { query }) => ({
        status: 200,
        body: selected(userRow(account), query.get('$select'), USUAL_USER),
      })),
    ),
    get(
      '/users/{user}/memberOf',
      READ_GROUPS,
      2,
      ofUser((account, call) => memberOf(tenant, account, call)),
    ),
    get(
      '/users/{user}/memberOf/microsoft.graph.group',
      READ_GROUPS,
      2,
      ofUser((account, call) =>
        // a cast is an advanced query
        call.headers.consistencylevel === 'eventual' && call.query.get('$count') === 'true'
          ? memberOf(tenant, account, call)
          : fault(400, 'Request_UnsupportedQuery', 'Request requires ConsistencyLevel: eventual and $count=true.'),
      ),
    ),
    {
      ...get(
        '/users/{user}/checkMemberGroups',
        READ_GROUPS,
        4,
        ofUser((account, call) => checkGroups(tenant, account, call)),
      ),
      method: 'POST',
    },
    get('/groups', READ_GROUPS, 3, (call) =>
      listReply(call, tenant.groups().map(groupRow), { page: 100, most: 999, filters: ['mail', 'displayName', 'id'] }),
    ),
    get(
      '/groups/{group}',
      READ_GROUPS,
      1,
      ofGroup((group, { query }) => ({ status: 200, body: selected(groupRow(group), query.get('$select')) })),
    ),
    get('/groups/{group}/members', READ_GROUPS, 3, list(direct)),
    get('/groups/{group}/transitiveMembers', READ_GROUPS, 5, list(nested)),
    get('/groups/{group}/members/$count', READ_GROUPS, 3, count(direct)),
    get('/groups/{group}/transitiveMembers/$count', READ_GROUPS, 5, count(nested)),
  ];
}

function notThere(key: string | undefined): Reply {
  const message = `Resource '${key ?? ''}' does not exist or one of its queried reference-property objects are not present.`;
  return fault(404, 'Request_ResourceNotFound', message);
}

function userRow(account: LabAccount): Row {
  const { id, upn, mail, name, enabled, aliases, licensed } = account;
  return {
    id,
    userPrincipalName: upn,
    mail,
    displayName: name,
    accountEnabled: enabled,
    // the primary one is written in capitals
    proxyAddresses: mail === null ? [] : [`SMTP:${mail}`, ...aliases.map((alias) => `smtp:${alias}`)],
    assignedLicenses: licensed ? [{ skuId: '00000000-0000-0000-0000-000000000001', disabledPlans: [] }] : [],
  } satisfies User;
}

/** As the directory does it, by an index: ten thousand accounts are not gone through for each question. */
function userList(tenant: Tenant, call: Call): Reply {
  const filter = call.query.get('$filter');
  const shape = userRow;
  const options = { page: 100, most: 999, usual: USUAL_USER };
  if (filter === undefined) return listReply(call, tenant.accounts(), { ...options, shape });
  const clauses = clausesOf(filter, USER_FILTERS);
  if (!clauses) return listReply(call, [], { ...options, filters: USER_FILTERS });
  const found = new Set<LabAccount>();
  for (const { name, values, any } of clauses) {
    if (any !== (name === 'proxyAddresses')) return listReply(call, [], { ...options, filters: [] });
    for (const value of values) {
      const by = { userPrincipalName: `upn:${value}`, mail: `mail:${value}`, proxyAddresses: String(value) }[name];
      const accounts = by === undefined ? [tenant.account(String(value))] : tenant.withAddress(by);
      for (const account of accounts) if (account) found.add(account);
    }
  }
  return listReply(call, [...found].map(shape), { ...options, filters: USER_FILTERS });
}

function deletedList(tenant: Tenant, call: Call): Reply {
  const rows = tenant.deleted.map(({ account, at }): Row => {
    const row = userRow(account);
    return { ...row, userPrincipalName: account.id.replaceAll('-', '') + account.upn, deletedDateTime: at };
  });
  return listReply(call, rows, { page: 100, most: 999, filters: ['mail'], usual: USUAL_USER });
}

function groupRow({ id, name, mail, kind, onPremises }: LabGroup): Row {
  return {
    id,
    displayName: name,
    mail,
    mailEnabled: kind !== 'security',
    securityEnabled: kind === 'mail-security' || kind === 'security',
    groupTypes: kind === 'microsoft365' ? ['Unified'] : [],
    onPremisesSyncEnabled: onPremises ? true : null,
  } satisfies Group;
}

/** Without a permission for accounts, only what they are is told, and their ids. */
function memberList(tenant: Tenant, ids: readonly string[], call: Call): Reply {
  const mayRead = READ_USERS.some((name) => call.caller.permissions.has(name));
  const shape = (id: string): Row => {
    const account = tenant.account(id);
    const group = tenant.group(id);
    if (group) return { '@odata.type': '#microsoft.graph.group', ...groupRow(group) };
    if (account && mayRead) return { '@odata.type': '#microsoft.graph.user', ...userRow(account) };
    return { '@odata.type': '#microsoft.graph.user', id, displayName: null, mail: null };
  };
  return listReply(call, ids, { page: 100, most: 999, shape });
}

function memberOf(tenant: Tenant, { id }: LabAccount, call: Call): Reply {
  const groups = tenant.groups().filter((group) => tenant.members(group, call.behaviour).includes(id));
  const shape = (group: LabGroup): Row => ({ '@odata.type': '#microsoft.graph.group', ...groupRow(group) });
  return listReply(call, groups, { page: 100, most: 999, shape });
}

const askedSchema = z.object({ groupIds: z.array(z.string()) });

/** Also in nested groups. One id that is none fails them all. */
function checkGroups(tenant: Tenant, { id }: LabAccount, call: Call): Reply {
  const asked = askedSchema.safeParse(call.body).data;
  if (!asked || asked.groupIds.length > MOST_GROUPS || asked.groupIds.some((one) => !GUID.test(one)))
    return fault(400, 'Request_BadRequest', "Invalid value specified for property 'groupIds'.");
  const value = asked.groupIds.filter((one) => {
    const group = tenant.group(one);
    return group && tenant.transitive(group, call.behaviour).includes(id);
  });
  return { status: 200, body: { '@odata.context': `${call.base}/$metadata#Collection(Edm.String)`, value } };
}
