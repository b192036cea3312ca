import { createContext, type ReactNode, use } from 'react';

/** Whether the heading of the whole screen names the room, so that parts of the room come right below it. */
export const Alone = createContext(false);

/** Heading of a part of a room, on the level that fits where the room is shown. */
export function Title({ children }: { children: ReactNode }) {
  return use(Alone) ? <h2>{children}</h2> : <h3>{children}</h3>;
}
