/** The readiness list: what a site needs before rooms are moved, looked at without changing anything anywhere. */
import { z } from 'zod';
import { asOtjError, OtjError } from '../contract/errors.ts';
import { type Check, checkSchema } from '../contract/jobs.ts';
import { isPoly } from '../contract/plan.ts';
import type { RoomRow } from '../contract/rooms.ts';
import type { InfinityAddress } from '../contract/site.ts';
import type { InfinityClient } from '../infinity/client.ts';
import { type CalendarKind, type Deployment, readDeployment } from '../infinity/deployment.ts';
import { listEntries } from '../infinity/endpoints.ts';
import { fold } from '../infinity/entry.ts';
import { RESOURCE, type Resource } from '../infinity/paths.ts';
import type { Entry } from '../infinity/resources.ts';
import type { Site } from '../site/site.ts';
import { isSettling, roomAccess } from './access.ts';
import { lookAtCertificate } from './certificate.ts';
import { connectInfinity } from './infinityLink.ts';
import { lastWrite } from './infinityLogin.ts';
import {
  accountVerdict,
  alarmsVerdict,
  calendarVerdict,
  groupVerdicts,
  rulesVerdict,
  versionVerdict,
} from './readiness/deploymentChecks.ts';
import { ciscoLogins, polyLogins } from './readiness/loginChecks.ts';
import { lookVerdicts, nodeVerdicts } from './readiness/nodeChecks.ts';
import { placeOf } from './readiness/places.ts';
import { type CheckId, fail, pass, unchecked, unread, type Verdict, warn } from './readiness/verdict.ts';
import { roomRows } from './roomRows.ts';

const KEY = 'checks';
const keptSchema = z.object({ checks: z.array(checkSchema), at: z.string() });
export type KeptChecks = z.infer<typeof keptSchema>;

export interface CheckOptions {
  signal: AbortSignal;
  /** Told of each check as soon as it is known. */
  checked(check: Check): void;
}

/** Signed in; what its role may write, only a write tells. */
function loginVerdict(site: Site): Verdict {
  const { username } = site.credential('infinity');
  const last = lastWrite(site);
  if (last?.permitted === false)
    return fail(new OtjError('INFINITY_FORBIDDEN', `${username}, ${last.at}`), 'write-refused');
  return pass(username, last ? 'write-proven' : 'write-unknown');
}

/** Checks that read Infinity's own set-up, in the order of the list. */
const ON_INFINITY = [
  'infinity.login',
  'infinity.version',
  'infinity.licences',
  'infinity.group',
  'infinity.profile',
  'infinity.location',
  'infinity.calendar',
  'infinity.rules',
  'infinity.account',
  'infinity.nodes',
  'infinity.reach',
  'infinity.nodeCertificates',
  'infinity.replication',
  'infinity.entries',
  'infinity.alarms',
] as const satisfies readonly CheckId[];

/**
 * A check that fails leaves those that build on it unchecked, with the reason. The list is kept in the site file.
 * Throws CANCELLED; whatever else is wrong is told by the checks.
 */
export async function runChecks(site: Site, { signal, checked }: CheckOptions): Promise<Check[]> {
  const checks: Check[] = [];
  const tell: Tell = (id, { at, ...verdict }) => {
    const place = verdict.status === 'pass' || at === null ? undefined : placeOf(at ?? id);
    const check: Check = { id, ...verdict, ...(place ? { place } : {}) };
    checks.push(check);
    checked(check);
    return verdict.status !== 'fail';
  };
  const rooms = roomRows(site);
  const calendar = await checkInfinity(site, rooms, tell, signal);
  const logins = site.credentials();
  tell('logins.cisco', ciscoLogins(logins, rooms));
  tell('logins.poly', polyLogins(logins, rooms));
  tell('rooms.list', { status: rooms.length > 0 ? 'pass' : 'fail', evidence: '', count: rooms.length });
  tell('rooms.devices', devicesOf(rooms));
  tell('microsoft', accessVerdict(site, calendar));
  if (signal.aborted) throw new OtjError('CANCELLED');
  site.keep(KEY, { checks, at: new Date().toISOString() } satisfies KeptChecks);
  return checks;
}

/** The list as it was looked at last; null = never, or by a version that had other checks. */
export function lastChecks(site: Site): KeptChecks | null {
  return keptSchema.safeParse(site.kept(KEY)).data ?? null;
}

type Tell = (id: CheckId, verdict: Verdict) => boolean;

/** @returns where the calendars are read from; null = nobody knows */
async function checkInfinity(
  site: Site,
  rooms: readonly RoomRow[],
  tell: Tell,
  signal: AbortSignal,
): Promise<CalendarKind | null> {
  const { infinity } = site.settings;
  const isSet = tell('infinity.set', infinity ? pass(whereOf(infinity)) : fail(new OtjError('INFINITY_NOT_SET')));
  if (!infinity || !isSet) return leave(tell, ['infinity.certificate', ...ON_INFINITY], 'no Infinity is set');
  const certificate = await certificateOf(infinity);
  const isAway = certificate.problem?.code === 'INFINITY_UNREACHABLE';
  if (!tell('infinity.certificate', certificate))
    return leave(tell, ON_INFINITY, isAway ? 'Infinity does not answer' : 'its certificate is not accepted');
  let client: InfinityClient | null = null;
  try {
    client = connectInfinity(site, signal);
    const deployment = await readDeployment(client, infinity.group);
    tell('infinity.login', loginVerdict(site));
    await tellDeployment({ site, rooms, tell, signal, client, deployment, groupName: infinity.group });
    return deployment.calendar instanceof OtjError ? null : (deployment.calendar?.kind ?? null);
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.code === 'CANCELLED') throw error;
    tell('infinity.login', fail(error));
    return leave(tell, ON_INFINITY.slice(1), 'not signed in to Infinity');
  } finally {
    await client?.close();
  }
}

interface Looked {
  site: Site;
  rooms: readonly RoomRow[];
  tell: Tell;
  signal: AbortSignal;
  client: InfinityClient;
  deployment: Deployment;
  groupName: string;
}

/** Where the rows that a check is about come from. */
const ROWS_OF: Readonly<Partial<Record<CheckId, Resource>>> = {
  'infinity.version': RESOURCE.manager,
  'infinity.licences': RESOURCE.licences,
  'infinity.group': RESOURCE.groups,
  'infinity.profile': RESOURCE.profiles,
  'infinity.rules': RESOURCE.rules,
  'infinity.nodes': RESOURCE.nodes,
  'infinity.replication': RESOURCE.nodeStates,
  'infinity.entries': RESOURCE.endpoints,
  'infinity.alarms': RESOURCE.alarms,
};

/** What is good as far as it could be read is not good where some of it could not. */
function withUnread(tell: Tell, { unread: passedOver }: InfinityClient): Tell {
  return (id, verdict) => {
    const resource = ROWS_OF[id];
    const rows = passedOver.all().filter((row) => row.resource === resource);
    const [first] = rows;
    if (verdict.status !== 'pass' || !first) return tell(id, verdict);
    return tell(id, warn(first.words, 'rows-unread', { count: rows.length }));
  };
}

/** Everything but the entries is known by now, so nothing here may fail as a whole. Throws CANCELLED. */
async function tellDeployment(looked: Looked): Promise<void> {
  const { site, rooms, signal, client, deployment, groupName } = looked;
  const tell = withUnread(looked.tell, client);
  const entries = await listEntries(client).catch(asOtjError);
  if (entries instanceof OtjError && entries.code === 'CANCELLED') throw entries;
  tell('infinity.version', versionVerdict(deployment));
  tell('infinity.licences', licencesOf(deployment, rooms, entries));
  for (const [id, verdict] of groupVerdicts(deployment, groupName)) tell(id, verdict);
  tell('infinity.calendar', calendarVerdict(deployment));
  tell('infinity.rules', rulesVerdict(deployment));
  tell('infinity.account', accountVerdict(deployment, entries));
  if (!deployment.group) leave(tell, ['infinity.nodes', 'infinity.reach', 'infinity.nodeCertificates'], NO_GROUP);
  const { nodes, verdicts } = nodeVerdicts(deployment);
  const forPoly = rooms.some(({ family }) => isPoly(family));
  const looks = await lookVerdicts(nodes, { port: site.settings.nodePort, signal, forPoly });
  for (const [id, verdict] of [...verdicts, ...looks])
    if (deployment.group || id === 'infinity.replication') tell(id, verdict);
  tell('infinity.entries', entriesOf(site, rooms, entries));
  tell('infinity.alarms', alarmsVerdict(deployment));
}

const NO_GROUP = 'the endpoint group is not complete';

function leave(tell: Tell, ids: readonly CheckId[], why: string): null {
  for (const id of ids) tell(id, unchecked(why));
  return null;
}

async function certificateOf({ address, port, pin, ca }: InfinityAddress): Promise<Verdict> {
  const shown = await lookAtCertificate(address, port, ca);
  if (!shown) return { ...fail(new OtjError('INFINITY_UNREACHABLE', `${address}:${port}`)), at: null };
  if (pin === null)
    return shown.trusted ? pass(shown.issuer) : fail(new OtjError('HANDSHAKE', `signed by ${shown.issuer}`));
  return pin === shown.sha256
    ? pass(shown.fingerprint)
    : fail(new OtjError('INFINITY_TRUST', `known ${pin}, shown ${shown.sha256}`));
}

/**
 * A room that Infinity has an entry for, by whoever it was made, needs no licence more. Entries that cannot be read are
 * this check's failure alone: the others are known by then.
 */
function licencesOf(
  { licences }: Deployment,
  rooms: readonly RoomRow[],
  entries: readonly Entry[] | OtjError,
): Verdict {
  if (licences instanceof OtjError) return unread(licences);
  if (!licences) return warn('Infinity does not tell its licences');
  if (entries instanceof OtjError) return unread(entries);
  const entered = new Set(entries.map(({ room_resource_email }) => fold(room_resource_email)));
  const wanting = rooms.filter(
    ({ onInfinity, state, mailbox }) => !onInfinity && state !== 'undone' && !entered.has(fold(mailbox)),
  );
  const { used, total } = licences;
  const evidence = `${used} of ${total} used, ${wanting.length} more needed`;
  const short = wanting.length - (total - used);
  return short > 0 ? { ...fail(new OtjError('LICENCES', evidence)), count: short } : pass(evidence);
}

/** So many rooms are named; the preview of a prepare has all, with the values. */
const MOST_NAMED = 5;

/** Rooms whose entry somebody else has made: a run stops at one that is not as wished, so it is told before. */
function entriesOf({ outbox }: Site, rooms: readonly RoomRow[], entries: readonly Entry[] | OtjError): Verdict {
  if (entries instanceof OtjError) return unread(entries);
  const entered = new Set(entries.map(({ room_resource_email }) => fold(room_resource_email)));
  const foreign = rooms.filter(
    ({ id, onInfinity, state, mailbox }) =>
      !onInfinity && state !== 'undone' && entered.has(fold(mailbox)) && !outbox.wasNoneBefore(id),
  );
  if (foreign.length === 0) return pass('', 'entries-ours');
  const names = foreign.slice(0, MOST_NAMED).map(({ name }) => name);
  const more = foreign.length - names.length;
  return warn([...names, ...(more > 0 ? [`+ ${more}`] : [])].join(', '), 'entries-foreign', { count: foreign.length });
}

function devicesOf(rooms: readonly RoomRow[]): Verdict {
  if (rooms.length === 0) return unchecked('there are no rooms yet');
  const without = rooms.filter(({ address }) => address === null).length;
  if (without === 0) return pass('');
  return { ...warn(''), count: without, problem: new OtjError('NO_ADDRESS').toProblem() };
}

/** As the last script's result has it; nothing is asked for here. Of use only where Infinity reads the calendars over Graph. */
function accessVerdict(site: Site, calendar: CalendarKind | null): Verdict {
  if (calendar !== null && calendar !== 'graph') return pass('', 'access-none');
  const all = roomAccess(site);
  const granted = all.filter(({ state }) => state === 'granted').length;
  if (all.every(({ state }) => state === 'unknown')) return unchecked('no access script has told of the mailboxes');
  const settling = all.filter(({ until }) => isSettling(until)).length;
  if (granted === all.length && settling > 0) return warn('', 'access-settling', { count: settling });
  if (granted === all.length) return pass('', 'access-all');
  return warn('', 'access-some', { count: all.length - granted });
}

function whereOf({ address, port, group }: InfinityAddress): string {
  return `${address}:${port}, ${group}`;
}
