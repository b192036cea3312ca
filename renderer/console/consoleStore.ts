/** What was typed into the console since the window was opened. It is in memory only: a line may hold a secret. */
import { create } from 'zustand';
import type { Problem } from '../../main/contract/errors.ts';

/** A line that was given to codecs. */
export interface ConsoleEntry {
  id: number;
  /** For which rooms of which site, as one word. */
  place: string;
  line: string;
  /** Whether a change was confirmed. */
  apply: boolean;
  /** The job that carries it; null when it could not be started. */
  job: number | null;
  /** Why it could not be started. */
  problem: Problem | null;
  /** A change that was shown and then not wanted. */
  dropped: boolean;
}

interface Console {
  /** Rooms that the open console speaks to; null = it is closed. */
  rooms: readonly number[] | null;
  /** Oldest first. */
  entries: readonly ConsoleEntry[];
}

/** Older lines are forgotten. */
const MOST_ENTRIES = 200;

export const useConsole = create<Console>()(() => ({ rooms: null, entries: [] }));

export function openConsole(rooms: readonly number[]): void {
  useConsole.setState({ rooms: [...rooms] });
}

export function closeConsole(): void {
  useConsole.setState({ rooms: null });
}

export function addEntry(entry: Omit<ConsoleEntry, 'id' | 'dropped'>): void {
  useConsole.setState(({ entries }) => {
    const id = (entries.at(-1)?.id ?? 0) + 1;
    return { entries: [...entries, { ...entry, id, dropped: false }].slice(-MOST_ENTRIES) };
  });
}

/** A change that was shown is not wanted. */
export function dropEntry(id: number): void {
  useConsole.setState(({ entries }) => ({
    entries: entries.map((entry) => (entry.id === id ? { ...entry, dropped: true } : entry)),
  }));
}

/** A change that was shown is sent now, as an entry of its own. */
export function removeEntry(id: number): void {
  useConsole.setState(({ entries }) => ({ entries: entries.filter((entry) => entry.id !== id) }));
}
