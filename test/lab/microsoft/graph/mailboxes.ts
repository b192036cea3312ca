/**
 * What Exchange Online tells of a mailbox through Graph: what kind it is, its calendar, and the list of places. Sources: pages of
 * Microsoft Graph on mailboxSettings, calendarView and place-list. Rooms that are hidden from address lists are no places.
 */
import type { Room } from '@microsoft/microsoft-graph-types';
import { listReply, type Row } from './query.ts';
import { type Call, fault, type Reply, type Route } from './route.ts';
import type { LabAccount, Tenant } from './tenant.ts';

const READ_SETTINGS = ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'];
const READ_CALENDARS = {
  /** The app itself: of every mailbox. */
  app: ['Calendars.ReadBasic.All', 'Calendars.Read', 'Calendars.ReadWrite'],
  /** A person: of their own. */
  own: ['Calendars.ReadBasic', 'Calendars.Read', 'Calendars.ReadWrite'],
  /** A person: of others, who must have shared it besides. Source: outlook-get-shared-events-calendars. */
  shared: ['Calendars.Read.Shared', 'Calendars.ReadWrite.Shared'],
} as const;
const READ_PLACES = ['Place.Read.All', 'Place.ReadWrite.All'];
/** A page of places. Source: place-list. */
const PLACES = 100;

export function mailboxRoutes(tenant: Tenant): Route[] {
  const get = (pattern: string, needs: readonly string[], handle: Route['handle']): Route => ({
    method: 'GET',
    pattern,
    workload: 'outlook',
    needs,
    handle,
  });
  const ofMailbox = (work: (account: LabAccount & { purpose: string }, call: Call) => Reply) => (call: Call) => {
    const account = tenant.account(call.params.user ?? '');
    if (!account) return fault(404, 'ErrorInvalidUser', `The requested user '${call.params.user ?? ''}' is invalid.`);
    const { purpose } = account;
    if (purpose === null)
      return fault(
        404,
        'MailboxNotEnabledForRESTAPI',
        'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
      );
    return work({ ...account, purpose }, call);
  };
  return [
    get(
      '/users/{user}/mailboxSettings/userPurpose',
      READ_SETTINGS,
      ofMailbox(({ id, purpose }, { base }) => ({
        status: 200,
        body: { '@odata.context': `${base}/$metadata#users('${id}')/mailboxSettings/userPurpose`, value: purpose },
      })),
    ),
    get(
      '/users/{user}/mailboxSettings',
      READ_SETTINGS,
      ofMailbox(({ purpose }) => ({ status: 200, body: { timeZone: 'UTC', userPurpose: purpose } })),
    ),
    get('/users/{user}/calendarView', Object.values(READ_CALENDARS).flat(), ofMailbox(calendarView)),
    get('/places/microsoft.graph.room', READ_PLACES, (call) => {
      const rooms = tenant
        .accounts()
        .filter(({ purpose, hidden, mail }) => purpose === 'room' && !hidden && mail !== null);
      return listReply(call, rooms, { page: PLACES, most: PLACES, shape: placeRow });
    }),
    get('/places/{place}', READ_PLACES, ({ params }) => {
      const account = tenant.account(params.place ?? '');
      if (account?.purpose !== 'room') return fault(404, 'ErrorItemNotFound', 'The specified object was not found.');
      return { status: 200, body: { '@odata.type': '#microsoft.graph.room', ...placeRow(account) } };
    }),
  ];
}

/** A place as it is told. */
export function placeRow({ id, name, mail, place }: LabAccount): Row {
  const usual = { id, displayName: name, emailAddress: mail, nickname: name, bookingType: 'standard' } satisfies Room;
  return { ...usual, ...place };
}

function calendarView(account: LabAccount, { query, caller }: Call): Reply {
  const isOwn = [account.id, account.upn.toLowerCase()].includes(caller.person.toLowerCase());
  const whose = !caller.delegated ? 'app' : isOwn ? 'own' : 'shared';
  if (!READ_CALENDARS[whose].some((name) => caller.permissions.has(name)))
    return fault(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  const from = Date.parse(query.get('startDateTime') ?? '');
  const to = Date.parse(query.get('endDateTime') ?? '');
  if (Number.isNaN(from) || Number.isNaN(to))
    return fault(
      400,
      'ErrorInvalidParameter',
      'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.',
    );
  if (account.calendar === 'denied') return fault(403, 'ErrorAccessDenied', 'Access to OData is disabled.');
  const start = { dateTime: new Date(from + 3_600_000).toISOString().slice(0, -1), timeZone: 'UTC' };
  return { status: 200, body: { value: [{ id: `AAMk${account.id}`, start }] } };
}
