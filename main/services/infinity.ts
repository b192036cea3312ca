/** Infinity for one site: its link, the room's login, and the outbox that delivers entries without ever doubling one. */
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { Family } from '../contract/plan.ts';
import type { TrustStore } from '../endpoints/driver.ts';
import { type InfinityClient, openInfinity } from '../infinity/client.ts';
import { listEntries, putEntry, removeEntry, restoreEntry } from '../infinity/endpoints.ts';
import { type EntryWish, findEntry } from '../infinity/entry.ts';
import { type Entry, EntrySchema } from '../infinity/resources.ts';
import { type InfinitySetup, readSetup } from '../infinity/setup.ts';
import type { InfinityEntry } from '../site/outbox.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { roomLogin } from './roomLogin.ts';

interface OpenLink {
  client: InfinityClient;
  setup: InfinitySetup;
  /** All OTJ endpoints that Infinity has, kept up to date with what we write. */
  entries: Entry[];
}

/** A link that is opened when first needed, and whose setup is read once. */
export class InfinityLink {
  private readonly site: Site;
  private readonly signal: AbortSignal;
  private opened: Promise<OpenLink> | null = null;

  constructor(site: Site, signal: AbortSignal) {
    this.site = site;
    this.signal = signal;
  }

  /** Throws INFINITY_NOT_SET, CREDENTIAL_MISSING, INFINITY_UNREACHABLE, INFINITY_LOGIN, INFINITY_SETUP, … */
  open(): Promise<OpenLink> {
    // A failure is kept too: rooms of one run do not each wait for a server that is away.
    this.opened ??= this.connect();
    return this.opened;
  }

  private async connect(): Promise<OpenLink> {
    const { infinity } = this.site.settings;
    if (!infinity) throw new OtjError('INFINITY_NOT_SET');
    const { username, password } = this.site.credential('infinity');
    const client = openInfinity({
      address: infinity.address,
      port: infinity.port,
      tls: infinity.pin ? { pin: pinned(infinity.pin) } : {},
      username,
      password,
      signal: this.signal,
    });
    try {
      const setup = await readSetup(client, infinity.group);
      return { client, setup, entries: await listEntries(client) };
    } catch (thrown) {
      await client.close();
      throw thrown;
    }
  }

  remember(entries: Entry[], entry: Entry): void {
    const at = entries.findIndex(({ id }) => id === entry.id);
    if (at < 0) entries.push(entry);
    else entries[at] = entry;
  }

  async close(): Promise<void> {
    const link = await this.opened?.catch(() => null);
    await link?.client.close();
  }
}

function pinned(pin: string): TrustStore {
  return {
    check(_kind, sha256) {
      if (sha256 !== pin) throw new OtjError('TRUST_CHANGED', `known ${pin}, shown ${sha256}`);
    },
  };
}

/**
 * Makes the room's entry on Infinity as wished. The debt is on record before it is tried and struck off after the entry
 * was read back, so that a crash in between only means trying again. Throws OtjError and keeps the debt.
 */
export async function deliverEntry(
  site: Site,
  link: InfinityLink,
  room: Room,
  endpoint: Endpoint,
): Promise<InfinityEntry> {
  const { outbox } = site;
  const family = endpoint.family;
  if (!family) throw new OtjError('UNKNOWN_DEVICE', `${endpoint.address}: family not known`);
  const login = roomLogin(site, room, family);
  outbox.owe(room.id, 'entry');
  try {
    const { client, setup, entries } = await link.open();
    const wish: EntryWish = {
      name: room.name,
      description: [room.building, room.floor && `floor ${room.floor}`].filter(Boolean).join(', '),
      family: FAMILY_ON_INFINITY[family],
      mailbox: room.mailbox,
      groupUri: setup.group.uri,
      address: endpoint.address,
      port: endpoint.httpsPort === 443 ? null : endpoint.httpsPort,
      ...login,
    };
    const knownId = outbox.entry(room.id)?.entryId ?? null;
    // On record before the write: should the process die in it, the entry found next time is still known as ours.
    if (findEntry(entries, wish, knownId).kind === 'none') outbox.noteNoneBefore(room.id);
    const ours = outbox.wasNoneBefore(room.id);
    const { id, before, after } = await putEntry(client, wish, { knownId, setPassword: true, entries });
    link.remember(entries, after);
    const server = family === 'poly-videoos' ? nodeFor(room, setup.nodes) : null;
    site.db.transaction(() => {
      outbox.saveEntry({ roomId: room.id, entryId: id, createdByUs: ours, before: ours ? null : before, server });
      outbox.delivered(room.id, 'entry');
    });
  } catch (thrown) {
    outbox.failed(room.id, 'entry', asOtjError(thrown).toProblem());
    throw thrown;
  }
  const entry = outbox.entry(room.id);
  if (!entry) throw new OtjError('INTERNAL', 'entry not saved');
  return entry;
}

/** Takes our entry away again, or puts one that was there before us back as it was. */
export async function deliverRemoval(site: Site, link: InfinityLink, room: Room): Promise<void> {
  const { outbox } = site;
  const entry = outbox.entry(room.id);
  if (!entry) return outbox.drop(room.id, 'entry-removal');
  outbox.owe(room.id, 'entry-removal');
  try {
    const { client } = await link.open();
    if (entry.createdByUs) await removeEntry(client, entry.entryId, room.mailbox);
    else if (entry.before) await restoreEntry(client, entry.entryId, asEntry(entry.before));
    site.db.transaction(() => {
      outbox.forgetEntry(room.id);
      outbox.delivered(room.id, 'entry-removal');
    });
  } catch (thrown) {
    outbox.failed(room.id, 'entry-removal', asOtjError(thrown).toProblem());
    throw thrown;
  }
}

function asEntry(fields: Record<string, unknown>): Entry {
  return EntrySchema.parse(fields);
}

const FAMILY_ON_INFINITY: Record<Family, 'CISCO' | 'POLY'> = { 'cisco-roomos': 'CISCO', 'poly-videoos': 'POLY' };

/** Spreads the devices of a location over its nodes, the same room always to the same node. */
function nodeFor(room: Room, nodes: readonly string[]): string {
  const node = nodes[room.id % nodes.length];
  if (!node) throw new OtjError('INFINITY_SETUP', 'the location of the endpoint group has no Conferencing Node');
  return node;
}

/** Errors after which a Cisco room may go on and leave its entry to a later sync: Infinity was not there to ask. */
export function mayOweEntry(error: OtjError): boolean {
  return error.code === 'INFINITY_UNREACHABLE' || error.code === 'INFINITY_NOT_SET';
}
