/** A room's device as it was saved before its first change, beside what it is now. Changes nothing on the device. */
import { type BackupItem, TAKEN } from '../contract/device.ts';
import { asOtjError } from '../contract/errors.ts';
import type { PlannedStep } from '../contract/plan.ts';
import type { Compared } from '../contract/rooms.ts';
import { textHash } from '../endpoints/cisco/otj/texts.ts';
import { LoginGate } from '../migration/loginGate.ts';
import { openVisit, type RoomTask } from '../migration/roomVisit.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { InfinityLink } from './infinityLink.ts';
import { textRedactor } from './redactTexts.ts';
import { buildTask } from './tasks.ts';

export interface RoomCompared {
  /** Texts are redacted. A device without a backup has nothing saved. */
  items: Compared[];
  /** What a migration would do now, with the reasons. */
  steps: PlannedStep[];
}

/**
 * One login, like a dry run: identity, keys and plan are recorded as by one. Throws what keeps the device from being
 * read, such as NO_ADDRESS, LOGIN_REFUSED, UNREACHABLE, IDENTITY_MISMATCH, NOT_PREPARED.
 */
export async function compareRoom(site: Site, room: Room, signal: AbortSignal, insist = false): Promise<RoomCompared> {
  const link = new InfinityLink(site, signal);
  try {
    // A half undone room is not migrated on by being looked at, so it need not be kept from that.
    const looked = { ...room, work: null };
    const options = { kind: 'migrate', oldPassword: null, signal, dryRun: true, insist } as const;
    const task = await buildTask(site, link, looked, options);
    const { session, facts, steps } = await openVisit(task, {
      site,
      gate: new LoginGate(),
      devices: new Map(),
      signal,
    });
    try {
      const saved = site.backups.read(site.vault, facts.identity.serial)?.items ?? [];
      const redact = textRedactor(secretsOf(site, task));
      return { items: beside(saved, session.backupOf(facts)).map((item) => shown(item, redact)), steps };
    } finally {
      await session.close();
    }
  } finally {
    await link.close();
  }
}

/** Pairs of the same kind and name, those that are saved first. */
function beside(saved: readonly BackupItem[], now: readonly BackupItem[]): Compared[] {
  // A text that was saved again, or in the moment before it was taken, is the one that an undo puts back.
  const before = new Map(saved.map((item) => withKey({ ...item, kind: kindOf(item, saved) })));
  const after = new Map(now.map(withKey));
  return [...new Map([...before, ...after])].map(([key, { kind, name }]) => ({
    kind,
    name,
    saved: before.get(key)?.content ?? null,
    now: after.get(key)?.content ?? null,
    nowSha256: hashOf(after.get(key)?.content),
  }));
}

/** What was taken is the thing that the first backup has under the same name. */
function kindOf({ kind, name }: BackupItem, saved: readonly BackupItem[]): string {
  if (kind !== TAKEN) return kind;
  return saved.find((item) => item.kind !== TAKEN && item.name === name)?.kind ?? kind;
}

function withKey(item: BackupItem): [string, BackupItem] {
  return [JSON.stringify([item.kind, item.name]), item];
}

function hashOf(content: string | undefined): string | null {
  return content === undefined ? null : textHash(content);
}

function shown({ saved, now, ...item }: Compared, redact: (text: string) => string): Compared {
  return { ...item, saved: saved === null ? null : redact(saved), now: now === null ? null : redact(now) };
}

/** Everything secret that might stand in a text of this device. */
export function secretsOf(site: Site, { target, wish }: Pick<RoomTask, 'target' | 'wish'>): string[] {
  return [target.password, wish.login.password, ...infinityPassword(site)];
}

function infinityPassword(site: Site): string[] {
  try {
    return [site.credential('infinity').password];
  } catch (thrown) {
    if (asOtjError(thrown).code === 'CREDENTIAL_MISSING') return [];
    throw thrown;
  }
}
