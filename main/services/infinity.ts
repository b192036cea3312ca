/** Infinity for one site: its link, the room's login, and the outbox that delivers entries without ever doubling one. */
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { TrustStore } from '../endpoints/driver.ts';
import { type InfinityClient, openInfinity } from '../infinity/client.ts';
import { listEntries, putEntry, removeEntry, restoreEntry } from '../infinity/endpoints.ts';
import { describeEntry, diffEntry, type FieldChange, findEntry, fold } from '../infinity/entry.ts';
import { type Entry, EntrySchema } from '../infinity/resources.ts';
import { type InfinitySetup, readSetup } from '../infinity/setup.ts';
import { BY_HAND, type InfinityEntry, MANUAL } from '../site/outbox.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { entryWish } from './entryWish.ts';
import { roomLogin } from './roomLogin.ts';

interface OpenLink {
  client: InfinityClient;
  setup: InfinitySetup;
}

/** How long a listing of all entries is believed, milliseconds; colleagues and administrators make entries too. */
const FRESH_MS = 20_000;

/** A link that is opened when first needed, and whose setup is read once. */
export class InfinityLink {
  private readonly site: Site;
  private readonly signal: AbortSignal;
  private opened: Promise<OpenLink> | null = null;
  private listing: { at: number; entries: Promise<Entry[]> } | null = null;
  /** OTJ licences left as of the last look, less what we created since. */
  private licencesLeft: number | null = null;

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
    const client = connectInfinity(this.site, this.signal);
    try {
      const setup = await readSetup(client, this.site.settings.infinity?.group ?? '');
      if (setup.licences) this.licencesLeft = setup.licences.total - setup.licences.used;
      return { client, setup };
    } catch (thrown) {
      await client.close();
      throw thrown;
    }
  }

  /** All OTJ endpoints of Infinity, at most FRESH_MS old, kept up to date with what we write. */
  async entries(): Promise<Entry[]> {
    const { client } = await this.open();
    if (!this.listing || performance.now() - this.listing.at > FRESH_MS)
      this.listing = { at: performance.now(), entries: listEntries(client) };
    return this.listing.entries;
  }

  /** Whether Infinity itself refuses entries beyond its licences is not documented, so we do. Throws LICENCES. */
  takeLicence(): void {
    if (this.licencesLeft === null) return;
    if (this.licencesLeft <= 0) throw new OtjError('LICENCES', 'none is free');
    this.licencesLeft--;
  }

  async close(): Promise<void> {
    const link = await this.opened?.catch(() => null);
    await link?.client.close();
  }
}

/** A client of the site's Management Node; nothing is sent yet. Throws INFINITY_NOT_SET, CREDENTIAL_MISSING. */
export function connectInfinity(site: Site, signal: AbortSignal): InfinityClient {
  const { infinity } = site.settings;
  if (!infinity) throw new OtjError('INFINITY_NOT_SET');
  const { username, password } = site.credential('infinity');
  return openInfinity({
    address: infinity.address,
    port: infinity.port,
    tls: infinity.pin ? { pin: pinned(infinity.pin) } : {},
    username,
    password,
    signal,
  });
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
): Promise<DeliveredEntry> {
  const { outbox } = site;
  const family = endpoint.family;
  if (!family) throw new OtjError('FAMILY_UNKNOWN', endpoint.address);
  const login = roomLogin(site, room, family);
  outbox.owe(room.id, 'entry');
  try {
    const { client, setup } = await link.open();
    const entries = await link.entries();
    const wish = entryWish(room, { ...endpoint, family }, { groupUri: setup.group.uri, login });
    const known = outbox.entry(room.id);
    const found = findEntry(entries, wish, known?.entryId ?? null);
    if (found.kind === 'none') {
      link.takeLicence();
      // On record before the write: should the process die in it, the entry found next time is still known as ours.
      outbox.noteNoneBefore(room.id);
    } else if (found.kind === 'one' && !known && !outbox.wasNoneBefore(room.id))
      outbox.noteBefore(room.id, found.entry);
    const ours = outbox.wasNoneBefore(room.id);
    const { id, after } = await putEntry(client, wish, { knownId: known?.entryId ?? null, entries });
    remember(entries, after);
    const before = ours ? null : outbox.before(room.id);
    const server = family === 'poly-videoos' ? nodeFor(room, setup.nodes, known?.server ?? null) : null;
    site.db.transaction(() => {
      outbox.saveEntry({ roomId: room.id, entryId: id, createdByUs: ours, before, server });
      outbox.delivered(room.id, 'entry');
    });
    const entry = outbox.entry(room.id);
    if (!entry) throw new OtjError('INTERNAL', 'entry not saved');
    const taken = !known && before ? diffEntry(asEntry(before), wish) : [];
    return { ...entry, taken };
  } catch (thrown) {
    outbox.failed(room.id, 'entry', asOtjError(thrown).toProblem());
    throw thrown;
  }
}

/** `taken`: fields of an entry that was there before us and now has our values. */
export type DeliveredEntry = InfinityEntry & { taken: FieldChange[] };

function remember(entries: Entry[], entry: Entry): void {
  const at = entries.findIndex(({ id }) => id === entry.id);
  if (at < 0) entries.push(entry);
  else entries[at] = entry;
}

/** Takes our entry away again, or puts one that was there before us back as it was. Throws OtjError and keeps the debt. */
export async function deliverRemoval(site: Site, link: InfinityLink, room: Room): Promise<void> {
  const { outbox } = site;
  outbox.owe(room.id, 'entry-removal');
  if (outbox.entry(room.id)?.entryId === BY_HAND) {
    site.db.transaction(() => {
      outbox.needManual(room.id, MANUAL.infinityEntry);
      outbox.forgetEntry(room.id);
      outbox.drop(room.id, 'entry');
      outbox.delivered(room.id, 'entry-removal');
    });
    return;
  }
  try {
    const { client } = await link.open();
    const entry = outbox.entry(room.id) ?? (await unrecorded());
    if (entry?.createdByUs) await removeEntry(client, entry.entryId, room.mailbox);
    else if (entry?.before) {
      await restoreEntry(client, entry.entryId, asEntry(entry.before));
      outbox.needManual(room.id, MANUAL.infinityPassword);
    } else if (entry) outbox.needManual(room.id, MANUAL.infinityEntry);
    site.db.transaction(() => {
      outbox.forgetEntry(room.id);
      outbox.drop(room.id, 'entry');
      outbox.delivered(room.id, 'entry-removal');
    });
  } catch (thrown) {
    outbox.failed(room.id, 'entry-removal', asOtjError(thrown).toProblem());
    throw thrown;
  }

  /** An entry whose writing was cut off after Infinity had it and before it was on record here. */
  async function unrecorded(): Promise<Pick<InfinityEntry, 'entryId' | 'createdByUs' | 'before'> | null> {
    const before = outbox.before(room.id);
    if (before) return { entryId: asEntry(before).id, createdByUs: false, before };
    if (!outbox.wasNoneBefore(room.id)) return null;
    const mine = (await link.entries()).filter((one) => fold(one.room_resource_email) === fold(room.mailbox));
    // Which of several is ours cannot be told, and leaving all of them is no removal.
    if (mine.length > 1) throw new OtjError('INFINITY_CONFLICT', mine.map(describeEntry).join(', '));
    return mine[0] ? { entryId: mine[0].id, createdByUs: true, before: null } : null;
  }
}

function asEntry(fields: Record<string, unknown>): Entry {
  return EntrySchema.parse(fields);
}

/** Spreads the devices of a location over its nodes; a room stays with its node as long as the location has it. */
export function nodeFor(room: Room, nodes: readonly string[], current: string | null): string {
  if (current && nodes.includes(current)) return current;
  const node = nodes[room.id % nodes.length];
  if (!node) throw new OtjError('INFINITY_SETUP', 'the location of the endpoint group has no Conferencing Node');
  return node;
}

/** Errors after which a Cisco room may go on and leave its entry to a later sync: Infinity was not there to ask. */
export function mayOweEntry(error: OtjError): boolean {
  return error.code === 'INFINITY_UNREACHABLE' || error.code === 'INFINITY_NOT_SET';
}
