/** The columns of the results list as a person meets them, those first without which there are no results. */
import type { ColumnMapping, ResultColumn } from '../../../main/contract/microsoft/results.ts';

const NEEDED: readonly ResultColumn[] = ['jobKey', 'room', 'state'];
const LEASE: readonly ResultColumn[] = ['leaseHolder', 'leaseLaptop', 'leaseKey', 'leaseSince', 'leaseUntil'];
export const COLUMNS: readonly ResultColumn[] = [
  ...NEEDED,
  'building',
  'floor',
  'mailbox',
  'stateSince',
  'problem',
  'device',
  'software',
  'serial',
  'technician',
  'workedOn',
  'oldEnded',
  'firstMeeting',
  'withoutOtj',
  'remaining',
  ...LEASE,
];

/** Those of the needed that no column of the list takes yet. */
export function missingOf(mapping: ColumnMapping): ResultColumn[] {
  return NEEDED.filter((column) => mapping[column] === undefined);
}

export function hasLease(mapping: ColumnMapping): boolean {
  return LEASE.every((column) => mapping[column] !== undefined);
}
