/** What a readiness list comes to. Pure, for screens and commands alike. */
import type { Check } from './jobs.ts';

/** Infinity was to be looked at and was not: nobody knows whether it is ready. Others are unchecked where nothing needs them. */
export function isOpen({ id, status }: Pick<Check, 'id' | 'status'>): boolean {
  return status === 'unchecked' && id.startsWith('infinity.');
}
