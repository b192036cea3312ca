/** Which stored login a room uses. Pure. */
import type { DrivenFamily } from '../../../main/contract/plan.ts';
import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { CredentialView } from '../../../main/contract/site.ts';

/** The room's own login before that of all devices of its family; null when there is none. */
export function loginOf(
  credentials: readonly CredentialView[],
  { id, family }: Pick<RoomRow, 'id' | 'family'>,
): CredentialView | null {
  const fitting = credentials.filter(({ purpose }) => (family ? purpose === family : purpose !== 'infinity'));
  return fitting.find(({ roomId }) => roomId === id) ?? fitting.find(({ roomId }) => roomId === null) ?? null;
}

/** Whether that login was stored after the room came into its state. */
export function isLoginNewer(
  credentials: readonly CredentialView[],
  room: Pick<RoomRow, 'id' | 'family' | 'stateAt'>,
): boolean {
  const login = loginOf(credentials, room);
  return login !== null && Date.parse(login.updatedAt) > Date.parse(room.stateAt);
}

/** The family whose login a room's device needs; null where a person moves the device and nothing signs in to it. */
export function loginFamily({ family }: Pick<RoomRow, 'family'>): DrivenFamily | null {
  if (family === 'poly-hdx' || family === 'poly-debut') return null;
  return family ?? 'cisco-roomos';
}
