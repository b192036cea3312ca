/** The window with 10,000 rooms, in a real Chromium over the real browser host: loading, scrolling, searching, a run. */
import { readdirSync, readFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Bar, type Bench, bar, rounded, say, sayTable, tell } from './bars.ts';
import { type BenchPage, type Frames, launch, type Loaded, loaded, openPage } from './window/browser.ts';
import { blocked, droppedShare, intervalOf, longestGap, median, quantile, sum } from './window/figures.ts';
import { builtWindow, HostProcess } from './window/hostProcess.ts';
import { countOf, listedRooms, makeBenchSite, WORDS } from './window/rooms.ts';
