/** Entries on Infinity that are somebody else's, or changed by somebody: shown as three values, and decided by a person. */
import { Option } from 'commander';
import { type Conflict, type Take, takeSchema } from '../contract/conflict.ts';
import { shownValue } from '../infinity/entry.ts';
import type { FieldValue } from '../infinity/resources.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { clean, type Output } from './output.ts';

export function whoseOption(): Option {
  const what = 'site: write the values of the site file; infinity: leave what is there';
  return new Option('--take <whose>', what).choices(takeSchema.options);
}

/** All or none. Throws NOTHING_TO_DO. */
export function settle(site: Site, rooms: readonly Room[], take: Take): void {
  site.takeLock();
  site.db.transaction(() => {
    for (const { id } of rooms) site.outbox.settle(id, take);
  });
}

export function showConflict(out: Output, { fields, wish, foreign }: Conflict): void {
  if (foreign) out.say('    It was there before us, and nobody has agreed to change it.');
  const shown = (value: FieldValue) => clean(shownValue(value)) || '–';
  out.table(
    ['field', 'as we left it', 'on Infinity now', wish === 'remove' ? 'we would remove it' : 'as the site file has it'],
    fields.map(({ field, base, theirs, ours }) => [field, shown(base), shown(theirs), shown(ours)]),
  );
}
