/** The readiness list: what a site needs before rooms are moved, looked at without changing anything anywhere. */
import { z } from 'zod';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import { type Check, checkSchema } from '../contract/jobs.ts';
import type { Family } from '../contract/plan.ts';
import type { RoomRow } from '../contract/rooms.ts';
import type { CredentialView, InfinityAddress } from '../contract/site.ts';
import { fold } from '../infinity/entry.ts';
import type { InfinitySetup } from '../infinity/setup.ts';
import type { Site } from '../site/site.ts';
import { lookAtCertificate } from './certificate.ts';
import { InfinityLink } from './infinity.ts';
import { roomRows } from './roomRows.ts';

const KEY = 'checks';
const keptSchema = z.object({ checks: z.array(checkSchema), at: z.string() });
export type KeptChecks = z.infer<typeof keptSchema>;

export interface CheckOptions {
  signal: AbortSignal;
  /** Told of each check as soon as it is known. */
  checked(check: Check): void;
}

type Id = Check['id'];
type Verdict = Omit<Check, 'id'>;

/** Checks that read Infinity's own set-up, in the order of the list. */
const ON_INFINITY = [
  'infinity.login',
  'infinity.version',
  'infinity.licences',
  'infinity.group',
  'infinity.profile',
  'infinity.calendar',
  'infinity.rules',
  'infinity.nodes',
] as const satisfies readonly Id[];

/**
 * A check that fails leaves those that build on it unchecked, with the reason. The list is kept in the site file.
 * Throws CANCELLED; whatever else is wrong is told by the checks.
 */
export async function runChecks(site: Site, { signal, checked }: CheckOptions): Promise<Check[]> {
  const checks: Check[] = [];
  const tell = (id: Id, verdict: Verdict) => {
    const check = { id, ...verdict };
    checks.push(check);
    checked(check);
    return verdict.status !== 'fail';
  };
  const rooms = roomRows(site);
  await checkInfinity(site, rooms, tell, signal);
  const logins = site.credentials();
  tell('logins.cisco', loginsFor('cisco-roomos', logins, rooms));
  tell('logins.poly', loginsFor('poly-videoos', logins, rooms));
  tell('rooms.list', { status: rooms.length > 0 ? 'pass' : 'fail', evidence: '', count: rooms.length });
  tell('rooms.devices', devicesOf(rooms));
  tell('microsoft', unchecked('this version does not sign in to Microsoft 365 yet'));
  if (signal.aborted) throw new OtjError('CANCELLED');
  site.keep(KEY, { checks, at: new Date().toISOString() } satisfies KeptChecks);
  return checks;
}

/** The list as it was looked at last; null = never, or by a version that had other checks. */
export function lastChecks(site: Site): KeptChecks | null {
  return keptSchema.safeParse(site.kept(KEY)).data ?? null;
}

type Tell = (id: Id, verdict: Verdict) => boolean;

async function checkInfinity(site: Site, rooms: readonly RoomRow[], tell: Tell, signal: AbortSignal): Promise<void> {
  const { infinity } = site.settings;
  const isSet = tell('infinity.set', infinity ? pass(placeOf(infinity)) : fail(new OtjError('INFINITY_NOT_SET')));
  const trusted = infinity && isSet ? tell('infinity.certificate', await certificateOf(infinity)) : false;
  if (!infinity) tell('infinity.certificate', unchecked('no Infinity is set'));
  if (!trusted) return leave(tell, ON_INFINITY, infinity ? 'its certificate is not accepted' : 'no Infinity is set');
  const link = new InfinityLink(site, signal);
  try {
    const { setup } = await link.open();
    tell('infinity.login', pass(site.credential('infinity').username));
    tell('infinity.version', setup.version ? pass(setup.version) : warn('it does not tell'));
    tell('infinity.licences', await licencesOf(setup, rooms, link));
    for (const [id, verdict] of setupVerdicts(setup)) tell(id, verdict);
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (error.code === 'CANCELLED') throw error;
    blame(error, site, tell);
  } finally {
    await link.close();
  }
}

/** Infinity's set-up is read as one: what is missing in it was seen by somebody who is signed in. */
function blame(error: OtjError, site: Site, tell: Tell): void {
  if (error.code !== 'INFINITY_SETUP') {
    tell('infinity.login', fail(error));
    leave(tell, ON_INFINITY.slice(1), 'not signed in to Infinity');
    return;
  }
  tell('infinity.login', pass(site.credential('infinity').username));
  leave(tell, ['infinity.version', 'infinity.licences'], 'the endpoint group is not complete');
  tell('infinity.group', fail(error));
  leave(tell, ON_INFINITY.slice(4), 'the endpoint group is not complete');
}

function leave(tell: Tell, ids: readonly Id[], why: string): void {
  for (const id of ids) tell(id, unchecked(why));
}

async function certificateOf({ address, port, pin, ca }: InfinityAddress): Promise<Verdict> {
  const shown = await lookAtCertificate(address, port, ca);
  if (!shown) return fail(new OtjError('INFINITY_UNREACHABLE', `${address}:${port}`));
  if (pin === null)
    return shown.trusted ? pass(shown.issuer) : fail(new OtjError('HANDSHAKE', `signed by ${shown.issuer}`));
  return pin === shown.sha256
    ? pass(shown.fingerprint)
    : fail(new OtjError('TRUST_CHANGED', `known ${pin}, shown ${shown.sha256}`));
}

/**
 * A room that Infinity has an entry for, by whoever it was made, needs no licence more. Entries that cannot be read are
 * this check's failure alone: the others are known by then. Throws CANCELLED.
 */
async function licencesOf(
  { licences }: InfinitySetup,
  rooms: readonly RoomRow[],
  link: InfinityLink,
): Promise<Verdict> {
  if (!licences) return warn('Infinity does not tell its licences');
  const entries = await link.entries().catch(asOtjError);
  if (entries instanceof OtjError) {
    if (entries.code === 'CANCELLED') throw entries;
    return fail(entries);
  }
  const entered = new Set(entries.map(({ room_resource_email }) => fold(room_resource_email)));
  const wanting = rooms.filter(
    ({ onInfinity, state, mailbox }) => !onInfinity && state !== 'undone' && !entered.has(fold(mailbox)),
  );
  const { used, total } = licences;
  const evidence = `${used} of ${total} used, ${wanting.length} more needed`;
  const short = wanting.length - (total - used);
  return short > 0 ? { ...fail(new OtjError('LICENCES', evidence)), count: short } : pass(evidence);
}

function setupVerdicts({ group, profile, rules, nodes }: InfinitySetup): [Id, Verdict][] {
  const noCalendar = new OtjError('INFINITY_SETUP', `profile "${profile.name}" has no calendar integration`);
  const noNode = new OtjError('INFINITY_SETUP', 'the location of the endpoint group has no Conferencing Node');
  return [
    ['infinity.group', pass(group.name)],
    ['infinity.profile', pass(profile.name)],
    ['infinity.calendar', profile.hasCalendar ? pass(profile.name) : fail(noCalendar)],
    [
      'infinity.rules',
      { ...(rules > 0 ? pass(profile.name) : warn('meetings will have no Join button')), count: rules },
    ],
    ['infinity.nodes', { ...(nodes.length > 0 ? pass(nodes.join(', ')) : fail(noNode)), count: nodes.length }],
  ];
}

/** A login for the whole site, or one of its own for each room of that family. */
function loginsFor(family: Family, logins: readonly CredentialView[], rooms: readonly RoomRow[]): Verdict {
  const own = new Set(logins.flatMap(({ purpose, roomId }) => (purpose === family && roomId ? [roomId] : [])));
  const wanting = rooms.filter((room) => room.family === family && !own.has(room.id)).length;
  const shared = logins.find(({ purpose, roomId }) => purpose === family && roomId === null);
  if (shared?.refused && wanting > 0) return fail(new OtjError('CREDENTIAL_PAUSED', `as ${shared.username}`));
  if (shared) return pass(shared.username);
  if (wanting > 0) return { ...fail(new OtjError('CREDENTIAL_MISSING')), count: wanting };
  return own.size > 0
    ? { ...pass('each room has its own'), count: own.size }
    : unchecked('no room has such a device so far');
}

function devicesOf(rooms: readonly RoomRow[]): Verdict {
  if (rooms.length === 0) return unchecked('there are no rooms yet');
  const without = rooms.filter(({ address }) => address === null).length;
  if (without === 0) return pass('');
  return { ...warn(''), count: without, problem: new OtjError('NO_ADDRESS').toProblem() };
}

function placeOf({ address, port, group }: InfinityAddress): string {
  return `${address}:${port}, ${group}`;
}

function pass(evidence: string): Verdict {
  return { status: 'pass', evidence };
}

function warn(evidence: string): Verdict {
  return { status: 'warn', evidence };
}

function unchecked(evidence: string): Verdict {
  return { status: 'unchecked', evidence };
}

function fail(error: OtjError): Verdict & { problem: Problem } {
  return { status: 'fail', evidence: error.words ?? '', problem: error.toProblem() };
}
