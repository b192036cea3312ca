/** The way from one site to its Infinity: opened when first needed, with what was read there once. */
import { asOtjError, OtjError } from '../contract/errors.ts';
import type { TrustStore } from '../endpoints/driver.ts';
import { type InfinityClient, openInfinity } from '../infinity/client.ts';
import { indexEntries } from '../infinity/endpoints.ts';
import type { EntryIndex } from '../infinity/entryIndex.ts';
import { RESOURCE } from '../infinity/paths.ts';
import { ReadBack } from '../infinity/readBack.ts';
import { type Entry, LicenceSchema } from '../infinity/resources.ts';
import { type InfinitySetup, readSetup } from '../infinity/setup.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { assertNotRefused, noteLogin, noteWrite } from './infinityLogin.ts';

interface OpenLink {
  client: InfinityClient;
  setup: InfinitySetup;
  readBack: ReadBack;
}

/** How long a listing of all entries is believed, milliseconds; colleagues and administrators make entries too. */
const FRESH_MS = 20_000;
/** Entries refused within this time are judged by one count of the licences, milliseconds. */
const SAME_COUNT_MS = 3_000;

/** A link that is opened when first needed, and whose setup is read once. */
export class InfinityLink {
  private readonly site: Site;
  private readonly signal: AbortSignal;
  private opened: Promise<OpenLink> | null = null;
  private failure: OtjError | null = null;
  private listing: { at: number; index: Promise<EntryIndex> } | null = null;
  /** OTJ licences left as of the last look, less what we created since, and with what we removed. */
  private licencesLeft: number | null = null;
  /** Ids of rooms that one of them is kept for. */
  private readonly licensed = new Set<number>();
  /** Those of them whose entry is being made at this moment, so that the licence is soon used or free again. */
  private readonly making = new Set<number>();
  private decision = Promise.withResolvers<void>();
  private counted: { at: number; isFull: Promise<boolean> } | null = null;

  private readonly perMinute: number | undefined;

  /** @param perMinute requests in 60 seconds; absent = as many as Infinity takes with something left for others */
  constructor(site: Site, signal: AbortSignal, perMinute?: number) {
    this.site = site;
    this.signal = signal;
    this.perMinute = perMinute;
  }

  /** Throws INFINITY_NOT_SET, CREDENTIAL_MISSING, INFINITY_UNREACHABLE, INFINITY_LOGIN, INFINITY_SETUP, … */
  open(): Promise<OpenLink> {
    // A failure is kept too: rooms of one run do not each wait for a server that is away.
    this.opened ??= this.connect().catch((thrown: unknown) => {
      this.failure = asOtjError(thrown);
      throw this.failure;
    });
    return this.opened;
  }

  /** Whether this is what keeps the link from being opened: trouble of the whole site, and of no room. */
  isFailure(error: OtjError): boolean {
    return error === this.failure;
  }

  private async connect(): Promise<OpenLink> {
    const client = connectInfinity(this.site, this.signal, this.perMinute);
    try {
      const setup = await readSetup(client, this.site.settings.infinity?.group ?? '');
      if (setup.licences) this.licencesLeft = setup.licences.total - setup.licences.used;
      return { client, setup, readBack: new ReadBack(client) };
    } catch (thrown) {
      await client.close();
      throw thrown;
    }
  }

  /** All OTJ endpoints of Infinity, at most FRESH_MS old, kept up to date with what we write. */
  async entries(): Promise<Entry[]> {
    return (await this.index()).all();
  }

  /** The same, found by mailbox, name and address. */
  async index(): Promise<EntryIndex> {
    const { client } = await this.open();
    if (!this.listing || performance.now() - this.listing.at > FRESH_MS) {
      const former = this.listing?.index.catch(() => undefined);
      this.listing = { at: performance.now(), index: renewed(client, former) };
    }
    return this.listing.index;
  }

  /**
   * One for a room whose entry is to be made some time; the same one when it is asked for again. Whether Infinity itself
   * refuses entries beyond its licences is not documented, so we do. Throws LICENCES.
   */
  takeLicence(room: Room): void {
    if (this.licencesLeft === null || this.licensed.has(room.id)) return;
    if (this.licencesLeft <= 0) throw new OtjError('LICENCES', 'none is free');
    this.licencesLeft--;
    this.licensed.add(room.id);
  }

  /**
   * The same for a room whose entry is made now; {@link licenceSettled} ends it. The last licence may be with an entry that
   * Infinity then refuses: a room that has none waits for the word on those that are being made. Throws LICENCES, CANCELLED.
   */
  async useLicence(room: Room): Promise<void> {
    while (this.licencesLeft === 0 && this.making.size > 0 && !this.licensed.has(room.id)) {
      await this.decision.promise;
      if (this.signal.aborted) throw new OtjError('CANCELLED');
    }
    this.takeLicence(room);
    this.making.add(room.id);
  }

  /** @param isFree whether the entry was surely not made; whatever it throws, nobody waits for this room any more */
  licenceSettled(room: Room, isFree: () => boolean): void {
    const wasMaking = this.making.delete(room.id);
    try {
      if (isFree()) this.giveLicenceBack(room);
    } finally {
      if (wasMaking) {
        this.decision.resolve();
        this.decision = Promise.withResolvers();
      }
    }
  }

  /** The one that is kept for this room is free for others: its work has ended or failed, and no entry was made. */
  giveLicenceBack(room: Room): void {
    if (this.licencesLeft !== null && this.licensed.delete(room.id)) this.licencesLeft++;
  }

  /**
   * Looks whether the entry of this room was refused because others have taken the licences since the last look; then it has
   * none to give back, and no other room gets one. Nothing tells it but the count: the wording of a refusal is not stable.
   */
  async noteLicencesGone(room: Room): Promise<boolean> {
    if (this.licencesLeft === null || !this.licensed.has(room.id)) return false;
    const at = performance.now();
    if (!this.counted || at - this.counted.at > SAME_COUNT_MS) this.counted = { at, isFull: this.isFull() };
    if (!(await this.counted.isFull)) return false;
    this.licensed.delete(room.id);
    this.licencesLeft = 0;
    return true;
  }

  private async isFull(): Promise<boolean> {
    const { client } = await this.open();
    const [counts] = await client.list(RESOURCE.licences, LicenceSchema);
    const { otj_count: used, otj_total: total } = counts ?? {};
    return used != null && total != null && used >= total;
  }

  /** An entry was taken off Infinity since the last look. */
  freeLicence(): void {
    if (this.licencesLeft !== null) this.licencesLeft++;
  }

  async close(): Promise<void> {
    const link = await this.opened?.catch(() => null);
    await link?.client.close();
  }
}

async function renewed(client: InfinityClient, former?: Promise<EntryIndex | undefined>): Promise<EntryIndex> {
  return indexEntries(client, await former);
}

/**
 * A client of the site's Management Node; nothing is sent yet. What it says of the login is kept. Throws INFINITY_NOT_SET,
 * CREDENTIAL_MISSING, INFINITY_LOGIN_PAUSED.
 * @param perMinute requests in 60 seconds, where not what real nodes allow
 */
export function connectInfinity(site: Site, signal: AbortSignal, perMinute?: number): InfinityClient {
  const { infinity } = site.settings;
  if (!infinity) throw new OtjError('INFINITY_NOT_SET');
  const { address, port, pin, ca } = infinity;
  const credential = site.credential('infinity');
  assertNotRefused(site, infinity, credential);
  const { kind, username, password } = credential;
  return openInfinity({
    address,
    port,
    tls: pin ? { pin: pinned(pin) } : ca ? { ca } : {},
    login: kind === 'oauth2' ? { kind, clientId: username, privateKey: password } : { kind, username, password },
    signal,
    loginTold: (accepted) => noteLogin(site, infinity, credential, accepted),
    writeTold: (permitted) => noteWrite(site, infinity, credential, permitted),
    ...(perMinute === undefined ? {} : { perMinute }),
  });
}

function pinned(pin: string): TrustStore {
  return {
    check(_kind, sha256) {
      if (sha256 !== pin) throw new OtjError('INFINITY_TRUST', `known ${pin}, shown ${sha256}`);
    },
  };
}
