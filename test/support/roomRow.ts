/** Rooms and devices as screens know them, for tests of the window. */
import { NOTHING_SEEN } from '../../main/contract/evidence.ts';
import type { DeviceRow, RoomRow } from '../../main/contract/rooms.ts';

/** A room that nobody has touched, but for what is told. */
export function makeRoom(told: Partial<RoomRow> & { id: number }): RoomRow {
  return {
    name: `Room ${told.id}`,
    building: 'Oslo',
    floor: '2',
    mailbox: `room${told.id}@example.com`,
    state: 'not started',
    stateAt: '2026-11-24T08:00:00.000Z',
    code: null,
    family: 'cisco-roomos',
    model: null,
    address: '10.20.2.11',
    serial: null,
    owed: 0,
    manual: 0,
    onInfinity: false,
    interrupted: false,
    undoUnfinished: false,
    withoutSince: null,
    withoutOtjMs: null,
    ...told,
  };
}

/** A codec that was found and never spoken to, but for what is told. */
export function makeDevice(told: Partial<DeviceRow> & { id: number }): DeviceRow {
  return {
    roomId: null,
    family: 'cisco-roomos',
    address: `10.0.0.${told.id}`,
    sshPort: 22,
    httpsPort: 443,
    serial: null,
    mac: null,
    model: null,
    software: null,
    systemName: null,
    sighting: null,
    seenAt: null,
    transport: 'auto',
    lastTransport: null,
    weakness: null,
    familyGuessed: false,
    legacy: false,
    told: [],
    kind: 'cisco-roomos',
    ours: true,
    seen: NOTHING_SEEN,
    conflicts: [],
    ...told,
  };
}
