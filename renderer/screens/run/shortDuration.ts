import { count } from '../../i18n/format.ts';

const SPACE = '\u00a0';

/** A tick of an axis: `30 s`, `2 min`, `1 min 30 s`, `1 h 15 min`; without parts that are nothing. Whole seconds. */
export function shortDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts: string[] = [];
  const add = (value: number, unit: string) => value > 0 && parts.push(`${count(value)}${SPACE}${unit}`);
  add(Math.floor(seconds / 3600), 'h');
  add(Math.floor((seconds % 3600) / 60), 'min');
  add(seconds % 60, 's');
  return parts.join(SPACE) || '0';
}
