/** What the steps of one visit to a Poly device work with. */
import type { StepSupport, Wish } from '../../driver.ts';
import type { PolyMapping } from '../mapping.ts';
import type { PolyWay } from '../way.ts';
import type { OldCalendar, WriteOutcome } from './apply.ts';
import type { SettingValues } from './calendar.ts';
import type { PolyFacts } from './facts.ts';

export interface BindContext {
  session: PolyWay;
  mapping: PolyMapping;
  facts: PolyFacts;
  wish: Wish;
  support: StepSupport;
  /** How often and how long proof steps look, milliseconds; Infinity alone needs about a minute to spread a login. */
  wait: { everyMs: number; forMs: number };
}

/** What the steps of one visit know of each other. */
export interface Memory {
  written: Pick<WriteOutcome, 'rebootNeeded'> | null;
  oldCalendar: OldCalendar;
  /** Settings that no calendar needs and the device did not take back, with its words. */
  refused: WriteOutcome['refused'];
  /** Readable settings as they were seen last. */
  seen: SettingValues;
  restarted: boolean;
}
