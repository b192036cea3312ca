/**
 * The socket below an SSH connection. The library hands it each packet in three pieces, and each piece would be a call of
 * the system and, without Nagle's delay, a segment of its own on the wire.
 */
import type { Socket } from 'node:net';

/**
 * Makes a socket send what is written in one turn of the event loop together. To be called behind `connect`, which takes
 * such a change back (Node 24 puts its own `write` in its place). @returns the same socket
 */
export function gathering(socket: Socket): Socket {
  const { write } = socket;
  let isGathering = false;
  const gather = (...piece: unknown[]): unknown => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      queueMicrotask(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return Reflect.apply(write, socket, piece);
  };
  return Object.assign(socket, { write: gather as Socket['write'] });
}
