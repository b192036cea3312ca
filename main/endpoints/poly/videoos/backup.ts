/** What of a VideoOS device is saved before a change, and how it is read back for an undo. Pure. */
import { z } from 'zod';
import type { BackupItem, Baseline } from '../../../contract/device.ts';
import type { SettingValues } from './calendar.ts';
import type { PolyFacts } from './facts.ts';

const KIND = 'calendar';
const SETTINGS = 'settings';
const EXPORT = 'export';

const NEVER_READABLE = 'the device never tells it';
/** What VideoOS writes in place of a password in an export; it must never be written back. */
const PLACEHOLDER = 'REMOVED_SECURE_CONTENT';

const savedSchema = z.object({
  version: z.literal(1),
  set: z.string(),
  /** Whether the calendar was registered when this was saved. */
  registered: z.boolean(),
  settings: z.record(z.string(), z.object({ value: z.string().nullable(), reason: z.string().optional() })),
});

export interface SavedCalendar {
  set: string;
  registered: boolean;
  /** Values to bring back; what could not be read is left out. */
  values: SettingValues;
}

/** Calendar settings as JSON (the password as null with the reason) and the export as the device wrote it. */
export function backupOf(facts: PolyFacts): BackupItem[] {
  const { set, values, status } = facts.calendar;
  const items: BackupItem[] = [];
  if (set !== null) {
    const settings = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        value === null || value === PLACEHOLDER ? { value: null, reason: NEVER_READABLE } : { value },
      ]),
    );
    const saved: z.infer<typeof savedSchema> = {
      version: 1,
      set,
      registered: status.state === 'registered',
      settings,
    };
    items.push({ kind: KIND, name: SETTINGS, content: `${JSON.stringify(saved, null, 2)}\n` });
  }
  if (facts.exportXml !== null) items.push({ kind: KIND, name: EXPORT, content: facts.exportXml });
  return items;
}

/** The calendar settings of a baseline; null when there are none or they cannot be understood. */
export function savedCalendar(baseline: Baseline | null): SavedCalendar | null {
  const item = baseline?.items.find(({ kind, name }) => kind === KIND && name === SETTINGS);
  if (!item) return null;
  try {
    const parsed = savedSchema.safeParse(JSON.parse(item.content));
    if (!parsed.success) return null;
    const { set, registered, settings } = parsed.data;
    const values: Record<string, string> = {};
    for (const [name, { value }] of Object.entries(settings)) if (value !== null) values[name] = value;
    return { set, registered, values };
  } catch {
    return null;
  }
}
