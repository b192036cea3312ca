import type { PolyPace, StartPoly } from '../types.ts';
import { VIDEOOS } from './resources.ts';
import { RoomSystem } from './room-system.ts';
import { videoOsSettings } from './settings-table.ts';

export type Timing = PolyPace;

/** A Poly VideoOS device with its REST API, at the pace of a real one. */
export const startPolyVideoOs: StartPoly = polyVideoOs();

/** The same at another pace, for tests. */
export function polyVideoOs(timing: Partial<Timing> = {}): StartPoly {
  return async (spec, world) => {
    const device = new RoomSystem(spec, world, {
      dialect: { ...VIDEOOS, logsOutByDelete: spec.logsOutByDelete === true },
      settings: videoOsSettings(spec),
      pace: timing,
    });
    await device.start();
    return device;
  };
}
