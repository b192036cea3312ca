/** Rows of a comparison with Infinity as lines of a table. Pure. */
import type { DriftAction, DriftField, DriftRow } from '../../../main/contract/infinity.ts';

export interface DriftLine {
  key: string;
  roomId: number;
  room: string;
  action: DriftAction;
  infinity: string;
  site: string;
  device: string;
}

/** What says most of an entry that is to be made, in this order; the rest is the same for all. */
const TELLING = ['endpoint_type', 'room_resource_email', 'api_address', 'api_username', 'poly_username'];

/** An entry to be made is one line, every differing field of another one line of its own. */
export function driftLines(rows: readonly DriftRow[], wordsOf: (row: DriftRow) => string): DriftLine[] {
  return rows.flatMap((row) => {
    const { roomId, room, action, fields, problem } = row;
    const line = { key: `${roomId}`, roomId, room, action, infinity: '', site: '', device: '' };
    if (problem) return [{ ...line, site: wordsOf(row) }];
    if (action === 'create') return [{ ...line, site: summary(fields) }];
    if (fields.length === 0) return [line];
    return fields.map((one) => ({
      ...line,
      key: `${roomId}/${one.field}`,
      infinity: `${one.field}: ${one.infinity || '–'}`,
      site: one.site || '–',
      device: one.device ?? '',
    }));
  });
}

function summary(fields: readonly DriftField[]): string {
  return TELLING.flatMap((name) => fields.find(({ field }) => field === name)?.site || []).join(' · ');
}
