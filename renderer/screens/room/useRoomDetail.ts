/** Everything about one room, fetched when somebody stays with it and again whenever it has moved. */
import { useEffect, useState } from 'react';
import type { RoomDetail } from '../../../main/contract/rooms.ts';
import { type Answer, useAnswer, useJob, useRoom } from '../../state/hooks.ts';

/** Who moves through the table by arrows passes many rooms: only one that is stayed with is asked for, milliseconds. */
const STAYED_MS = 80;

export function useRoomDetail(roomId: number): Answer<RoomDetail> {
  const row = useRoom(roomId);
  const endedAt = useJob()?.endedAt;
  const stayed = useStayed(roomId);
  return useAnswer('rooms.detail', stayed && row ? { roomId } : null, [row, endedAt]);
}

function useStayed(roomId: number): boolean {
  const [stayedWith, setStayedWith] = useState<number | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setStayedWith(roomId), STAYED_MS);
    return () => clearTimeout(timer);
  }, [roomId]);
  return stayedWith === roomId;
}
