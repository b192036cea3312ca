/** Logs in to recognised devices, behind the login gate, and records what each says it is. Changes nothing on them. */
import pLimit from 'p-limit';
import type { Identity } from '../contract/device.ts';
import { asOtjError, OtjError, type Problem } from '../contract/errors.ts';
import type { Fact } from '../contract/evidence.ts';
import { type Family, isByHand } from '../contract/plan.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { logIn } from '../migration/openDevice.ts';
import type { Endpoint } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { recordSighting } from './sightings.ts';
import { driverOf, FirstUse, type KnownEndpoint, targetOf } from './tasks.ts';

export interface Confirmed {
  endpoint: Endpoint;
  identity: Identity | null;
  /** Where the list knew the device, when that was elsewhere. */
  movedFrom: string | null;
  problem: Problem | null;
}

export interface ConfirmOptions {
  signal: AbortSignal;
  confirmed(one: Confirmed): void;
}

/** One login try per device at most. @returns how many devices told who they are. Throws VAULT_LOCKED. */
export async function confirmIdentities(
  site: Site,
  addresses: ReadonlySet<string>,
  { signal, confirmed }: ConfirmOptions,
): Promise<number> {
  // Asked for its own sake: it throws while the site is locked.
  void site.vault;
  const gate = new LoginGate();
  const limit = pLimit(site.settings.concurrency);
  const known = site.rooms
    .endpoints()
    .flatMap((endpoint): KnownEndpoint[] =>
      endpoint.family && !endpoint.familyGuessed && !isByHand(endpoint.family) && addresses.has(endpoint.address)
        ? [{ ...endpoint, family: endpoint.family }]
        : [],
    );
  const outcomes = await Promise.all(
    known.map((endpoint) =>
      limit(async () => {
        const one = await confirmOne(site, endpoint, gate, signal);
        confirmed(one);
        return one.identity !== null;
      }),
    ),
  );
  return outcomes.filter(Boolean).length;
}

async function confirmOne(
  site: Site,
  endpoint: KnownEndpoint,
  gate: LoginGate,
  signal: AbortSignal,
): Promise<Confirmed> {
  try {
    const { driver, purpose } = driverOf(endpoint.family);
    const { id, refused, version, username, password } = site.credential(purpose, endpoint.roomId);
    if (site.rooms.refusedLogin(endpoint.id) === version) throw new OtjError('LOGIN_REFUSED', 'refused before');
    if (refused) throw new OtjError('CREDENTIAL_PAUSED', `as ${username}`);
    const trust = new FirstUse(site, endpoint.id);
    const target = targetOf(site, endpoint, { username, password, trust });
    const login = { id, version };
    const { session, reading } = await gate.enter(id, () =>
      logIn(
        { endpoint, login },
        { site, signal },
        {
          connect: () => driver.connect(target, signal),
          read: (opened) => opened.readFacts(),
        },
      ),
    );
    await session.close();
    if (reading.status === 'rejected') throw reading.reason;
    const { identity, told, family = endpoint.family } = reading.value;
    const seen = recordSighting(site, { address: endpoint.address, facts: loginFacts(family, identity) }, null);
    const isRight = seen.endpoint.serial === null || seen.endpoint.serial === identity.serial;
    if (!isRight)
      throw new OtjError(
        'IDENTITY_MISMATCH',
        `expected ${seen.endpoint.serial}, found ${identity.serial} (${identity.model})`,
      );
    site.db.transaction(() => {
      site.rooms.identify(seen.endpoint.id, identity, family);
      site.rooms.noteVisit(seen.endpoint.id, session.link, told);
      // The keys belong to the device that told its serial number, wherever it is known.
      if (seen.endpoint.id === endpoint.id) trust.confirm();
    });
    return {
      endpoint: site.rooms.endpoint(seen.endpoint.id) ?? seen.endpoint,
      identity,
      movedFrom: seen.movedFrom,
      problem: null,
    };
  } catch (thrown) {
    return { endpoint, identity: null, movedFrom: null, problem: asOtjError(thrown).toProblem() };
  }
}

function loginFacts(family: Family, { serial, mac, model, software, systemName }: Identity): Fact[] {
  const told = { family, serial, mac, model, software, name: systemName };
  return Object.entries(told).flatMap(([name, value]): Fact[] => (value ? [{ source: 'login', name, value }] : []));
}
