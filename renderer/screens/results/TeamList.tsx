import type { RoomRow } from '../../../main/contract/rooms.ts';
import type { TeamAgreed } from '../../../main/contract/team.ts';
import { TeamWord } from './TeamWord.tsx';

/** A room with which a colleague has something to do. */
export interface TeamRoom extends TeamAgreed {
  name: string;
}

/** Those of the rooms that colleagues have in work or have worked on. */
export function teamRooms(rooms: readonly RoomRow[], ids: readonly number[]): TeamRoom[] {
  const meant = new Set(ids);
  return rooms.flatMap(({ id, name, team }) => (team && meant.has(id) ? { roomId: id, name, team } : []));
}

/** What a person agrees to: what is shown, and nothing that comes later. */
export function agreedTo(rooms: readonly TeamRoom[]): TeamAgreed[] {
  return rooms.map(({ roomId, team }) => ({ roomId, team }));
}

/** Each by name, with who and until when. */
export function TeamList({ rooms, className }: { rooms: readonly TeamRoom[]; className: string | undefined }) {
  return (
    <ul className={className}>
      {rooms.map(({ roomId, name, team }) => (
        <li key={roomId}>
          <b dir="auto">{name}</b> <TeamWord team={team} whole />
        </li>
      ))}
    </ul>
  );
}
