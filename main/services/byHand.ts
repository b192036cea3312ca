/**
 * Rooms whose device no driver speaks to: Infinity gets their entry as for any room, a person gets a recipe and ticks it
 * off, and Infinity's word that the device has come to it is the proof.
 */
import { OtjError } from '../contract/errors.ts';
import { isByHand, type PlannedStep } from '../contract/plan.ts';
import { type HandFamily, handChanges, type Recipe, recipeFor } from '../endpoints/poly/byHand.ts';
import { MANUAL } from '../site/outbox.ts';
import type { Endpoint, Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { roomLogin } from './roomLogin.ts';

export type HandEndpoint = Endpoint & { family: HandFamily };

/** The room's device, if it is one that is moved by hand. */
export function handEndpoint(site: Site, room: Room): HandEndpoint | null {
  const endpoint = site.rooms.endpointOf(room.id);
  const family = endpoint?.family;
  return endpoint && isByHand(family) ? { ...endpoint, family } : null;
}

/** Throws USAGE for a room whose device is not moved by hand, VAULT_LOCKED. */
export function roomRecipe(site: Site, room: Room): Recipe {
  const endpoint = handEndpoint(site, room);
  if (!endpoint) throw new OtjError('USAGE', `${room.name}: its device is not moved by hand`);
  const { username } = roomLogin(site, room, endpoint.family);
  const server = site.outbox.entry(room.id)?.server ?? null;
  return recipeFor(endpoint.family, { server, mailbox: room.mailbox, username });
}

/** What a dry run shows, and what a run leaves for a person. */
export function handPlan(site: Site, room: Room, entry: PlannedStep): PlannedStep[] {
  const recipe = roomRecipe(site, room);
  return [
    entry,
    {
      id: `hand:${recipe.name}`,
      stage: 'cutover',
      title: `By hand on the ${recipe.name}: ${recipe.where.join(' > ')}`,
      changes: handChanges(recipe),
      notable: true,
    },
  ];
}

/** Notes that a person has to set the device up; the room needs that person until it is ticked. */
export function leaveToHand(site: Site, room: Room): OtjError {
  site.rooms.beginWork(room.id, 'migrate');
  site.outbox.dropManual(room.id, MANUAL.deviceBackByHand);
  site.outbox.needManual(room.id, MANUAL.deviceByHand);
  return new OtjError('BY_HAND', site.rooms.endpointOf(room.id)?.address);
}

/** Whether a person has said that the device is set up. */
export function isHandDone(site: Site, room: Room): boolean {
  return site.outbox.manualSteps(room.id).some(({ kind, tickedAt }) => kind === MANUAL.deviceByHand && tickedAt);
}

/** An undo of a room that was set up by hand, as far as there is one: what is left for that person. */
export function undoByHand({ outbox, rooms }: Site, room: Room): void {
  if (!outbox.dropManual(room.id, MANUAL.deviceByHand)) return;
  outbox.needManual(room.id, MANUAL.deviceBackByHand);
  if (outbox.dropManual(room.id, MANUAL.servicePortal)) outbox.needManual(room.id, MANUAL.serviceAgain);
  outbox.drop(room.id, 'contact');
  rooms.clearMoments(room.id);
}

/**
 * Ticks a room's manual steps that are open, or adds a note to those ticked. A device that was set up by hand counts as
 * moved, and Infinity's word that it came there is owed from then on. Call within a transaction.
 * @param kind only this kind of step; null = all; 'bulk' = all but that the device is set up, which is somebody's word for
 *   one device and is not given in passing; @returns how many there are
 */
export function tickManual(
  site: Site,
  room: Room,
  by: string,
  note: string | null,
  kind: string | null = null,
): number {
  const { outbox, rooms } = site;
  const steps = outbox.manualSteps(room.id);
  const wanted = steps.filter((step) =>
    kind === 'bulk' ? step.kind !== MANUAL.deviceByHand : kind === null || step.kind === kind,
  );
  for (const step of wanted) outbox.tick(room.id, by, note, step.kind);
  if (wanted.some((step) => step.kind === MANUAL.deviceByHand && !step.tickedAt)) {
    rooms.mark(room.id, 'cutover_at', new Date());
    outbox.owe(room.id, 'contact');
    // There is one more step now, and it was not done with the others.
    outbox.needManual(room.id, MANUAL.servicePortal);
    rooms.settle(room.id);
    rooms.setState(room.id, 'awaiting sync');
  }
  return wanted.length;
}
