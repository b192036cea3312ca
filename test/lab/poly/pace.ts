import type { PolyPace } from '../types.ts';

/** A public client waits 200 s for a VideoOS device that restarts; the other numbers are the lab's own. */
export const REAL_PACE: PolyPace = {
  minuteMs: 60_000,
  outageMs: 200_000,
  newCertificate: true,
  pullTimeoutMs: 10_000,
  registerMs: 0,
};
