/** What the parts of this bench share. */
import type { Browser } from 'playwright-core';
import type { Bar } from '../bars.ts';
import type { BenchPage } from './browser.ts';
import type { HostProcess } from './hostProcess.ts';
import type { listedRooms } from './rooms.ts';

export interface Sizes {
  /** How often the window is opened anew. */
  loads: number;
  /** Calls one after the other, of one room and of all rooms. */
  calls: { detail: number; list: number };
  /** Milliseconds. */
  scroll: { wheel: number; key: number; empty: number };
  /** How often each word is typed slowly and fast. */
  words: number;
  /** Seconds of the run, and when the memory is looked at first. */
  run: { seconds: number; settledAfter: number };
}

export interface Setting {
  browser: Browser;
  host: HostProcess;
  list: ReturnType<typeof listedRooms>;
  sizes: Sizes;
  signal: AbortSignal;
}

/** Of a window that is open. */
export interface OpenSetting extends Setting {
  page: BenchPage;
}

export interface Part {
  /** Prints its tables. */
  show(): void;
  bars: Bar[];
}
