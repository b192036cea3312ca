/** What can be reached from here: the LAN, Infinity, Microsoft 365. Tells a screen when it changes; logs in nowhere. */
import { networkInterfaces } from 'node:os';
import type { Reach, ReachOne } from '../contract/app.ts';
import type { Connection } from '../contract/microsoft/connection.ts';
import type { InfinityAddress } from '../contract/site.ts';
import { answers } from '../microsoft/identity/answers.ts';
import { cloudOf } from '../microsoft/identity/clouds.ts';
import { lookAtCertificate } from './certificate.ts';
import { connectionOrNull } from './connection.ts';
import type { OpenSite } from './openSite.ts';

/** Cables and radio links come and go; looking at this computer itself costs nothing. */
const LOOK_EVERY_MS = 2_000;
const ASK_EVERY_MS = 30_000;

export interface ReachMonitor {
  /** What was seen last; the first call sets the looking going. */
  now(): Reach;
  /** Asks Infinity now and not at its turn. */
  ask(): void;
  stop(): void;
}

type World = keyof Reach;
type Seen = Pick<ReachOne, 'state' | 'about' | 'who' | 'ended'>;

export function startReach(open: OpenSite): ReachMonitor {
  return new Monitor(open);
}

class Monitor implements ReachMonitor {
  private readonly open: OpenSite;
  private reach: Reach;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  /** Where Infinity was looked for last, and when. */
  private asked = { place: '', at: Number.NEGATIVE_INFINITY };
  private askedMicrosoft = { place: '', at: Number.NEGATIVE_INFINITY };

  constructor(open: OpenSite) {
    this.open = open;
    const since = new Date().toISOString();
    const unset: ReachOne = { state: 'unset', since, about: '' };
    this.reach = { lan: { state: 'unknown', since, about: '' }, infinity: unset, microsoft: unset };
  }

  now(): Reach {
    if (!this.timer && !this.stopped) {
      this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
      this.timer.unref();
      // After whoever asks has got the answer: nothing on a network comes before the first screen.
      setImmediate(() => this.look());
    }
    return this.reach;
  }

  ask(): void {
    this.asked.at = Number.NEGATIVE_INFINITY;
    this.askedMicrosoft.at = Number.NEGATIVE_INFINITY;
    if (this.timer) this.look();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private look(): void {
    if (this.stopped) return;
    this.note('lan', lanNow(this.open.practising));
    this.askMicrosoft();
    const infinity = this.infinity();
    if (!infinity) {
      this.asked.place = '';
      this.note('infinity', { state: 'unset', about: '' });
      return;
    }
    this.askInfinity(infinity);
  }

  private askInfinity({ address, port }: InfinityAddress): void {
    const place = `${address}:${port}`;
    if (place === this.asked.place && performance.now() - this.asked.at < ASK_EVERY_MS) return;
    if (place !== this.asked.place) this.note('infinity', { state: 'unknown', about: place });
    const asked = { place, at: performance.now() };
    this.asked = asked;
    void lookAtCertificate(address, port).then((shown) => {
      // An answer to a question that was put again in the meantime is an old one.
      if (this.stopped || this.asked !== asked) return;
      this.note('infinity', { state: shown ? 'reached' : 'away', about: place });
    });
  }

  /** Whether the identity service of the tenant answers, by the way that a sign-in would take; nobody signs in for it. */
  private askMicrosoft(): void {
    const connection = this.microsoft();
    if (!connection) {
      this.askedMicrosoft.place = '';
      this.note('microsoft', { state: 'unset', about: '' });
      return;
    }
    const place = JSON.stringify([connection.cloud, connection.other, connection.ca]);
    const { authorityHost: about } = cloudOf(connection);
    const { username: who, ended } = connection;
    const isSame = place === this.askedMicrosoft.place;
    // Who is signed in may change while the answer stays the same.
    this.note('microsoft', { state: isSame ? this.reach.microsoft.state : 'unknown', about, who, ended });
    if (isSame && performance.now() - this.askedMicrosoft.at < ASK_EVERY_MS) return;
    const asked = { place, at: performance.now() };
    this.askedMicrosoft = asked;
    void answers(connection).then((there) => {
      if (this.stopped || this.askedMicrosoft !== asked) return;
      this.note('microsoft', { ...this.reach.microsoft, state: there ? 'reached' : 'away' });
    });
  }

  private microsoft(): Connection | null {
    try {
      return this.open.siteOrNull && connectionOrNull(this.open.siteOrNull);
    } catch {
      return null;
    }
  }

  private infinity(): InfinityAddress | null {
    try {
      return this.open.siteOrNull?.settings.infinity ?? null;
    } catch {
      // A file that cannot be read is told by the work that needs it.
      return null;
    }
  }

  private note(world: World, seen: Seen): void {
    const { state, about, who, ended } = this.reach[world];
    if (state === seen.state && about === seen.about && who === seen.who && ended === seen.ended) return;
    const since = state === seen.state ? this.reach[world].since : new Date().toISOString();
    this.reach = { ...this.reach, [world]: { ...seen, since } };
    this.open.emit({ type: 'reach', reach: this.reach });
  }
}

/** Practice devices are on this very computer, which then is network enough. */
function lanNow(practising: boolean): Seen {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    // An interface gives itself a link-local address; that alone is no network.
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'))
    .map(({ address }) => address);
  return { state: addresses.length > 0 || practising ? 'reached' : 'away', about: addresses.join(', ') };
}
