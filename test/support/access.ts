/** What access scripts need, and results as they write them. */
import type { AccessSettings, ScriptKind } from '../../main/contract/microsoft/access.ts';

export const ACCESS: AccessSettings = {
  scope: 'policy',
  appId: '11111111-2222-4333-8444-555555555555',
  objectId: '66666666-7777-4888-9999-aaaaaaaaaaaa',
  group: 'otjrooms@contoso.example',
  outside: 'boss@contoso.example',
  oldAppId: 'bbbbbbbb-cccc-4ddd-8eee-ffffffffffff',
  cloud: 'worldwide',
};

/** One mailbox of a result; by itself all is well with it. */
export function resultItem(mailbox: string, change: Record<string, unknown> = {}) {
  return {
    ...{ mailbox, primary: mailbox, recipient: 'RoomMailbox', member: 'already', access: 'Granted' },
    ...{ processing: [] as unknown, error: '' },
    ...change,
  };
}

interface Result {
  items: readonly object[];
  kind?: ScriptKind;
  at?: string;
  restricted?: boolean;
  applied?: boolean;
  notes?: readonly string[];
  complete?: boolean;
  fresh?: boolean;
  strangers?: readonly string[];
  version?: number;
  failure?: string;
  tenant?: string;
  policies?: object | null;
}

/** The file that common.ps1 writes. */
export function resultBytes(script: string, { items, ...change }: Result): Buffer {
  const base = { format: 'otj-access-result', version: 2, complete: true, script, kind: 'policy', applied: true };
  const rest = {
    at: '2026-11-28T12:00:00.0000000Z',
    restricted: true,
    fresh: false,
    strangers: [],
    failure: '',
    notes: [],
  };
  return Buffer.from(JSON.stringify({ ...base, ...rest, ...change, items }), 'utf8');
}
