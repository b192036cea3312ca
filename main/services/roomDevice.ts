/** A room's device for work that is no migration: logged in to, told apart, and remembered as one of a run. */
import type { Identity, Transport } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { DrivenFamily, Family } from '../contract/plan.ts';
import type { EndpointTarget, Link } from '../endpoints/driver.ts';
import { type OpenContext, openDevice } from '../migration/openDevice.ts';
import type { Room } from '../site/rooms.ts';
import { secretsOf } from './compare.ts';
import { InfinityLink } from './infinityLink.ts';
import { buildTask } from './tasks.ts';

/** What differs from one kind of device to another. */
export interface DeviceWork<S, F extends DrivenFamily> {
  /** Which families it is for; the words say so to whoever has another one. */
  isFor(family: Family): family is F;
  words: string;
  /** Logs in, one try. */
  connect(family: F, target: EndpointTarget): Promise<S>;
  identify(session: S): Promise<Identity>;
}

export interface RoomDevice<S, F> {
  readonly family: F;
  readonly session: S;
  readonly identity: Identity;
  /** Whose login it was, and what of the site must never be told. */
  readonly login: { username: string; secrets: readonly string[] };
}

/**
 * One login: keys are pinned and the serial number is taken over at the first visit and compared at every later one. The
 * room's state and plan stay as they are. The caller closes the session.
 * @param insist try a login again that was refused before
 * @param transport how it is spoken to; null = as the room's own settings say
 * Throws NO_ADDRESS, USAGE for a device of another kind, CREDENTIAL_MISSING, IDENTITY_MISMATCH, and what logging in throws.
 */
export async function openRoomDevice<S extends { link: Link; close(): Promise<void> }, F extends DrivenFamily>(
  context: OpenContext,
  room: Room,
  insist: boolean,
  { isFor, words, connect, identify }: DeviceWork<S, F>,
  transport: Transport | null = null,
): Promise<RoomDevice<S, F>> {
  const { site, signal } = context;
  const known = site.rooms.endpointOf(room.id)?.family ?? null;
  if (known !== null && !isFor(known)) throw new OtjError('USAGE', words);
  const link = new InfinityLink(site, signal);
  try {
    // Of an undo, because a migration may want the room's entry on Infinity first, and minds a half undone room; nothing is
    // written either way.
    const options = { kind: 'undo', oldPassword: null, signal, dryRun: true, insist } as const;
    const task = await buildTask(site, link, room, options);
    const { driver, endpoint } = task;
    const { family } = driver;
    if (!isFor(family)) throw new OtjError('USAGE', words);
    const target = transport ? { ...task.target, transport } : task.target;
    const { session, facts } = await openDevice(task, context, {
      connect: () => connect(family, target),
      read: async (session) => ({ identity: await identify(session) }),
    });
    try {
      await site.db.durably(() => {
        task.confirmTrust();
        site.rooms.identify(endpoint.id, facts.identity);
        site.rooms.noteVisit(endpoint.id, session.link, endpoint.told);
      });
    } catch (thrown) {
      await session.close();
      throw thrown;
    }
    const login = { username: target.username, secrets: secretsOf(site, task) };
    return { family, session, identity: facts.identity, login };
  } finally {
    await link.close();
  }
}
