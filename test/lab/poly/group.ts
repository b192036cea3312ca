import type { LabDevice, PolyGroupSpec, World } from '../types.ts';
import { groupDialect } from './group-resources.ts';
import { RoomSystem } from './room-system.ts';
import { groupSettings } from './settings-table.ts';

/** A RealPresence Group: REST, and the command line over SSH and telnet, on one state. */
export async function startPolyGroup(spec: PolyGroupSpec, world: World): Promise<LabDevice> {
  const device = new RoomSystem(spec, world, { dialect: groupDialect(spec), settings: groupSettings(spec), pace: {} });
  await device.start();
  return device;
}
