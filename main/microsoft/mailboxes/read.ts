/**
 * Reads what a check needs from Microsoft 365, with as few requests as it can: the lists of rooms and members as a whole, accounts
 * fifteen to a question, and only calendars one by one (20 to a batch). What the list of rooms has is a room mailbox; only what
 * it lacks is asked for its kind.
 */
import { z } from 'zod';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import { segment, withQuery } from '../graph/odata.ts';
import * as reading from '../graph/reading.ts';
import type { Graph, GraphRequest } from '../graph/request.ts';
import { findAccounts, keyOf } from './accounts.ts';
import {
  type Found,
  type GroupFacts,
  isOwnTrouble,
  type MailboxFacts,
  type Membership,
  type Place,
  type TenantFacts,
} from './facts.ts';
import { askMembers, countMembers, findGroup, readMembers, readsPages } from './group.ts';
import { SCOPES } from './scopes.ts';

/** Days of the calendar that are asked for. */
const DAYS = 7;
const NOBODY: Found = { by: 'nobody', untold: null };
/** Nothing was told, and that says nothing of what is there. */
const NO_ANSWER: ReadonlySet<string> = new Set(['M365_BUSY', 'M365_FAILED', 'M365_UNREACHABLE']);
/** More rooms than any tenant has. */
const MOST_PLACES = 200_000;

const placeSchema = z.looseObject({
  emailAddress: z.string().min(1),
  displayName: reading.words,
  building: reading.words,
  floorLabel: reading.words,
  floorNumber: reading.words,
  capacity: reading.number,
});
const valueSchema = z.looseObject({ value: z.unknown() });

export interface ReadWish {
  mailboxes: readonly string[];
  /** Address of the group; null = none is set. */
  group: string | null;
  signal: AbortSignal;
  /** Called for each mailbox that has come to its end. */
  done?(): void;
  now?: Date;
}

/** Throws what ends the whole: M365_UNREACHABLE, M365_SIGN_IN_NEEDED, CANCELLED and others. */
export async function readTenant(graph: Graph, wish: ReadWish): Promise<TenantFacts> {
  const { mailboxes, group: address, done } = wish;
  // one that fails ends the others, and nothing goes on behind the back of the caller
  const stop = new AbortController();
  const signal = AbortSignal.any([wish.signal, stop.signal]);
  const guarded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((thrown: unknown) => {
      stop.abort();
      throw thrown;
    });

  const calendars = new Calendars(graph, { signal, now: wish.now ?? new Date(), done });
  const accounts = guarded(
    findAccounts(graph, mailboxes, signal, (keys, found) => calendars.ask(readable(keys, found))),
  );
  const places = guarded(own(readPlaces(graph, signal)));
  const members = guarded(readGroup(graph, address, mailboxes.length, accounts, signal));
  const read = guarded(accounts.then(() => calendars.all(mailboxes.length)));
  const purposes = guarded(
    Promise.all([accounts, places]).then(([found, listed]) => readPurposes(graph, mailboxes, found, listed, signal)),
  );
  const ends = await Promise.allSettled([accounts, places, members, read, purposes]);
  if (wish.signal.aborted) throw new OtjError('CANCELLED');
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [asOtjError(end.reason)] : []));
  const first = reasons.find(({ code }) => code !== 'CANCELLED') ?? reasons[0];
  if (first) throw first;

  const [found, listed, { group, memberOf }, calendarOf, kinds] = await Promise.all([
    accounts,
    places,
    members,
    read,
    purposes,
  ]);
  // with nothing told there is nothing to be noted in place of what was told last
  const unasked = mailboxes.map((mailbox) => found.get(keyOf(mailbox)));
  const [busy] = unasked;
  if (busy instanceof OtjError && unasked.every((one) => one instanceof OtjError && NO_ANSWER.has(one.code)))
    throw busy;
  const byAddress = listed instanceof OtjError ? null : new Map(listed.map((place) => [keyOf(place.mailbox), place]));
  return {
    mailboxes: mailboxes.map((mailbox): MailboxFacts => {
      const key = keyOf(mailbox);
      const who = found.get(key) ?? NOBODY;
      const place = byAddress ? placeOf(byAddress, key, who) : null;
      return {
        found: who,
        purpose: place ? 'room' : (kinds.get(key) ?? null),
        calendar: calendarOf.get(key) ?? null,
        member: memberOf(who),
        place: listed instanceof OtjError ? listed : (place ?? 'hidden'),
      };
    }),
    group,
    places: listed,
  };
}

function placeOf(places: ReadonlyMap<string, Place>, key: string, found: Found | OtjError): Place | null {
  const mail = !(found instanceof OtjError) && 'account' in found ? found.account.mail : null;
  return places.get(key) ?? (mail === null ? null : (places.get(keyOf(mail)) ?? null));
}

/** An error that concerns this part alone in the place of its result. */
async function own<T>(work: Promise<T>): Promise<T | OtjError> {
  try {
    return await work;
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (isOwnTrouble(error)) return error;
    throw error;
  }
}

/** The list of rooms of the tenant, without those that are hidden from it. */
export async function readPlaces(graph: Graph, signal: AbortSignal): Promise<Place[]> {
  const places: Place[] = [];
  const request: GraphRequest = { method: 'GET', path: '/places/microsoft.graph.room', scopes: SCOPES.places };
  for await (const one of graph.pages<unknown>(request, signal)) {
    const place = placeSchema.safeParse(one).data;
    if (!place) continue;
    const { emailAddress, displayName, building, floorLabel, floorNumber, capacity } = place;
    places.push({
      mailbox: emailAddress,
      name: displayName,
      building,
      floor: floorLabel || floorNumber,
      capacity,
    });
    if (places.length > MOST_PLACES) throw new OtjError('M365_ODD', 'the list of rooms does not end');
  }
  return places;
}

type Accounts = ReadonlyMap<string, Found | OtjError>;
type MemberOf = (found: Found | OtjError) => Membership | OtjError | null;

async function readGroup(
  graph: Graph,
  address: string | null,
  rooms: number,
  accounts: Promise<Accounts>,
  signal: AbortSignal,
): Promise<{ group: TenantFacts['group']; memberOf: MemberOf }> {
  const nothing: MemberOf = () => null;
  if (address === null) return { group: 'not-set', memberOf: nothing };
  const found = await own(findGroup(graph, address, signal));
  if (found === null || found instanceof OtjError) return { group: found, memberOf: nothing };
  const { id: _, ...facts } = found;
  if (found.kind !== 'mail-security') return { group: facts, memberOf: nothing };
  const counts = await countMembers(graph, found, signal);
  const group: GroupFacts = { ...facts, members: counts.direct };
  if (readsPages(counts, rooms)) {
    const members = await own(readMembers(graph, found, signal));
    return { group, memberOf: (who) => idOf(who, (id) => (members instanceof OtjError ? members : members(id))) };
  }
  const ids = [...(await accounts).values()].flatMap((who) => idOf(who, (id) => id) ?? []);
  const asked = await askMembers(graph, found, ids, signal);
  return { group, memberOf: (who) => idOf(who, (id) => asked.get(id) ?? null) };
}

function idOf<T>(found: Found | OtjError, work: (id: string) => T): T | null {
  return !(found instanceof OtjError) && 'account' in found ? work(found.account.id) : null;
}

/** The accounts that are there; by their address where they could not be looked up. */
function readable(mailboxes: readonly string[], accounts: Accounts): { key: string; user: string }[] {
  return mailboxes.flatMap((mailbox) => {
    const key = keyOf(mailbox);
    const found = accounts.get(key);
    if (found instanceof OtjError) return [{ key, user: key }];
    return found && 'account' in found ? [{ key, user: found.account.id }] : [];
  });
}

/** Asks for the calendar of each account as soon as it is found, so that nothing waits for the last one to be. */
class Calendars {
  readonly #graph: Graph;
  readonly #options: { signal: AbortSignal; now: Date; done: (() => void) | undefined };
  readonly #told = new Map<string, 'readable' | OtjError>();
  readonly #asked: Promise<unknown>[] = [];
  #count = 0;

  constructor(graph: Graph, options: { signal: AbortSignal; now: Date; done: (() => void) | undefined }) {
    this.#graph = graph;
    this.#options = options;
  }

  ask(accounts: readonly { key: string; user: string }[]): void {
    const { signal, now, done } = this.#options;
    const to = new Date(now.getTime() + DAYS * 86_400_000).toISOString();
    // no subject and no text: that it can be read is all that is wanted
    const query = { startDateTime: now.toISOString(), endDateTime: to, $select: 'start', $top: 1 };
    const requests = accounts.map(
      ({ user }): GraphRequest => ({
        method: 'GET',
        path: withQuery(`/users/${segment(user)}/calendarView`, query),
        scopes: SCOPES.calendars,
      }),
    );
    this.#count += accounts.length;
    const work = this.#graph.batch<unknown>(requests, signal, (answer, at) => {
      this.#told.set(accounts[at]?.key ?? '', answer instanceof OtjError ? answer : 'readable');
      done?.();
    });
    // told by `all`, which may not have been called yet
    work.catch(() => undefined);
    this.#asked.push(work);
  }

  /** @param mailboxes in all: those without an account have come to their end as well */
  async all(mailboxes: number): Promise<ReadonlyMap<string, 'readable' | OtjError>> {
    await Promise.all(this.#asked);
    for (let left = mailboxes - this.#count; left > 0; left--) this.#options.done?.();
    return this.#told;
  }
}

async function readPurposes(
  graph: Graph,
  mailboxes: readonly string[],
  accounts: Accounts,
  places: readonly Place[] | OtjError,
  signal: AbortSignal,
): Promise<Map<string, string | OtjError>> {
  const listed = new Map(places instanceof OtjError ? [] : places.map((place) => [keyOf(place.mailbox), place]));
  const asked = readable(mailboxes, accounts).filter(({ key }) => !placeOf(listed, key, accounts.get(key) ?? NOBODY));
  const requests = asked.map(
    ({ user }): GraphRequest => ({
      method: 'GET',
      path: `/users/${segment(user)}/mailboxSettings/userPurpose`,
      scopes: SCOPES.purpose,
      urgent: true,
    }),
  );
  const answers = await graph.batch<unknown>(requests, signal);
  return new Map(
    answers.map((answer, at) => {
      const told = answer instanceof OtjError ? answer : valueSchema.safeParse(answer.body).data?.value;
      const odd = () => new OtjError('M365_ODD', 'no word on the kind of the mailbox');
      return [asked[at]?.key ?? '', told instanceof OtjError ? told : typeof told === 'string' ? told : odd()];
    }),
  );
}
