import type { Calendars } from '../calendars.ts';
import type { Behaviour } from './behaviour.ts';
import { type Call, notAllowed, notFound, type Reply } from './configuration.ts';
import { STATUS } from './fields.ts';
import { query, type View } from './query.ts';
import type { Store } from './store.ts';
import type { Row } from './validate.ts';
import { rootListing, statusSchema } from './views.ts';

/** What the Conferencing Nodes report about one endpoint. */
export interface Contact {
  lastContact?: { at: Date; worker: string; meetings: number };
  /** The last try failed with this. */
  failure?: { at: Date; text: string; nodeAddress: string };
}

export interface StatusSite {
  store: Store;
  behaviour: Behaviour;
  calendars: Calendars;
  /** By id of the configuration entry. */
  contacts: Map<number, Contact>;
  version: string;
}

/** No zone, microseconds: as the platform writes its times, in UTC. */
const written = (date: Date): string => `${date.toISOString().slice(0, -1)}000`;

/** The platform's own clock writes what happens to it; a meeting's time comes from the calendar. */
function stampOf({ behaviour }: StatusSite): (date: Date) => string {
  return (date) => written(new Date(date.getTime() + behaviour.clockOffsetMs));
}

const SOURCES: Record<string, (site: StatusSite) => View[]> = {
  mjx_endpoint: endpoints,
  mjx_meeting: meetings,
  licensing,
  worker_vm: workers,
  management_vm: (site) => [
    { id: 1, name: 'manager', version: site.version, configuration_id: 1, last_updated: stampOf(site)(new Date()) },
  ],
  alarm: alarms,
};

/** `status/v1`: live state, read only. */
export function status(call: Call, site: StatusSite): Reply {
  const [name = '', second, rest] = call.path.slice(STATUS.length).split('/').filter(Boolean);
  if (name && !Object.hasOwn(SOURCES, name)) return notFound;
  if (call.method !== 'GET') return notAllowed;
  if (!name) return { status: 200, body: rootListing(STATUS, Object.keys(SOURCES)) };
  if (rest !== undefined) return notFound;
  const all = (SOURCES[name]?.(site) ?? []).map((object) => ({
    ...object,
    resource_uri: `${STATUS}${name}/${String(object.id)}/`,
  }));
  const fields = Object.keys(all[0] ?? {});
  if (second === 'schema') return { status: 200, body: statusSchema(fields) };
  if (second !== undefined) {
    const found = all.find((object: View) => String(object.id) === second);
    return found ? { status: 200, body: found } : notFound;
  }
  const page = query(all, call.path, call.parameters, fields);
  return 'error' in page ? { status: 400, body: page } : { status: 200, body: page };
}

function profileOf(site: StatusSite, endpoint: Row): Row | undefined {
  return site.store.follow(site.store.follow(endpoint.mjx_endpoint_group)?.mjx_integration);
}

function endpoints(site: StatusSite): View[] {
  const shift = site.behaviour.statusIds === 'shifted' ? 5000 : 0;
  return site.store
    .rows('mjx_endpoint')
    .map((row) => ({ row, last: site.contacts.get(row.id)?.lastContact }))
    .filter(({ last }) => last !== undefined || site.behaviour.neverContacted === 'null')
    .map(({ row, last }) => ({
      id: row.id + shift,
      endpoint_name: row.name,
      endpoint_type: row.endpoint_type,
      endpoint_address: row.api_address ?? '',
      room_email: row.room_resource_email,
      mjx_integration_name: profileOf(site, row)?.name ?? '',
      last_worker: last?.worker ?? '',
      last_contact_time: last ? stampOf(site)(last.at) : null,
      number_of_meetings: last?.meetings ?? 0,
    }));
}

function meetings(site: StatusSite): View[] {
  const now = new Date();
  const all = site.store.rows('mjx_endpoint').flatMap((row) => {
    const last = site.contacts.get(row.id)?.lastContact;
    const profile = profileOf(site, row);
    if (!last || !profile) return [];
    const worker = site.store.rows('worker_vm').find((node) => node.name === last.worker);
    return site.calendars.meetings(String(row.room_resource_email), 'inf', now).map((meeting) => ({
      meeting_id: meeting.id,
      subject: meeting.subject,
      alias: meeting.alias,
      start_time: written(new Date(meeting.start)),
      end_time: written(new Date(Date.parse(meeting.start) + meeting.minutes * 60_000)),
      last_modified_time: written(new Date(Date.parse(meeting.start) - 86_400_000)),
      organizer_name: meeting.organizer.name,
      organizer_email: meeting.organizer.email,
      room_email: row.room_resource_email,
      endpoint_name: row.name,
      matched_meeting_processing_rule: site.store.rows('mjx_meeting_processing_rule')[0]?.name ?? '',
      mjx_integration_id: profile.id,
      mjx_integration_name: profile.name,
      worker_id: worker?.id ?? null,
    }));
  });
  return all.map((meeting, index) => ({ id: index + 1, ...meeting }));
}

function licensing(site: StatusSite): View[] {
  const kinds = ['audio', 'port', 'system', 'vmr', 'teams', 'ghm', 'scheduling', 'telehealth'];
  const counts = kinds.flatMap((kind) => [
    [`${kind}_count`, 0],
    [`${kind}_total`, kind === 'port' ? 50 : 0],
  ]);
  return [
    {
      id: 1,
      ...Object.fromEntries(counts),
      otj_count: site.store.rows('mjx_endpoint').length,
      otj_total: site.behaviour.otjTotal,
      customlayouts_active: false,
    },
  ];
}

function workers(site: StatusSite): View[] {
  return site.store.rows('worker_vm').map((row) => ({
    id: row.id,
    name: row.name,
    configuration_id: row.id,
    // A name here, where the configuration has a URI.
    system_location: site.store.follow(row.system_location)?.name ?? '',
    node_type: row.node_type,
    maintenance_mode: row.maintenance_mode,
    deploy_status: 'SUCCESS',
    sync_status: 'SYNCED',
    version: site.version,
    last_updated: stampOf(site)(new Date()),
    last_attempted_contact: stampOf(site)(new Date()),
  }));
}

/** The platform's own names of these alarms are not public; the details hold the endpoint's name. */
function alarms(site: StatusSite): View[] {
  return site.store.rows('mjx_endpoint').flatMap((row) => {
    const failure = site.contacts.get(row.id)?.failure;
    const muted = row.endpoint_type === 'POLY' && row.poly_raise_alarms_for_this_endpoint === false;
    if (!failure || muted) return [];
    return [
      {
        id: row.id,
        identifier: row.id,
        name: 'otj_endpoint_unreachable',
        level: 'warning',
        details: `One-Touch Join cannot reach endpoint ${String(row.name)}: ${failure.text}`,
        instance: row.name,
        node: failure.nodeAddress,
        acknowledged: false,
        time_raised: stampOf(site)(failure.at),
      },
    ];
  });
}
