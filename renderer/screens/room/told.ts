/** What a device told of itself, as a person reads it. Pure. */
import type { Told } from '../../../main/contract/device.ts';
import { longDuration, moment } from '../../i18n/format.ts';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const SECONDS = /^(\d{1,12})s$/;

/** Moments and durations in the manner of the language; everything else in the device's own words. */
export function toldWords({ value }: Pick<Told, 'value'>): string {
  const seconds = SECONDS.exec(value)?.[1];
  if (seconds !== undefined) return longDuration(Number(seconds) * 1000);
  return MOMENT.test(value) && !Number.isNaN(Date.parse(value)) ? moment(value) : value;
}

/** What wants a look comes first; otherwise the device's own order. */
export function toldInOrder(told: readonly Told[]): Told[] {
  return [...told.filter(({ warn }) => warn), ...told.filter(({ warn }) => !warn)];
}
