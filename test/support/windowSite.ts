/** A site for the lab, set up through the program behind a window as its screens would do it. */
import { join } from 'node:path';
import type { LabDocument } from './labProcess.ts';
import type { AppWindow } from './window.ts';

export const PASSPHRASE = 'rain on a tin roof';

export interface SiteWish {
  /** Room list; that of the lab when left out. */
  list?: string;
  concurrency?: number;
  /** Whether all rooms get their entry on Infinity. */
  prepared?: boolean;
}

/** @returns the path of the site file, which is open and unlocked then. */
export async function makeSite(
  { call, done }: AppWindow,
  { folder, lab, list }: { folder: string; lab: LabDocument; list: string },
  { concurrency = 4, prepared = false }: Omit<SiteWish, 'list'> = {},
): Promise<string> {
  const path = join(folder, 'oslo.otjsite');
  const site = { path, name: 'Nordbank Oslo', technician: 'Kari Nordmann' };
  await call('site.create', { ...site, passphrase: PASSPHRASE, remember: false });
  const { ports, infinity, logins } = lab;
  // Simulated devices answer at once, so there is no need to ask them as seldom as a real one.
  const pace = { concurrency, proofMs: 20_000, proofEveryMs: 500 };
  await call('site.change', { sshPort: ports.ssh, httpsPort: ports.https, nodePort: ports.https, ...pace });
  const { hostname, port } = new URL(infinity.url);
  const at = { address: hostname, port: Number(port) };
  const shown = await call('site.certificate', at);
  await call('site.infinity', { ...at, group: infinity.group, pin: shown?.sha256 ?? null });
  await call('rooms.import', { text: list });
  const { cisco, poly } = logins;
  const shared = { roomId: null };
  await call('credentials.save', {
    purpose: 'cisco-roomos',
    ...shared,
    username: cisco.username,
    password: cisco.passphrase,
  });
  await call('credentials.save', { purpose: 'poly-videoos', ...shared, ...poly });
  const { username, password } = infinity;
  await call('credentials.save', { purpose: 'infinity', ...shared, username, password });
  if (prepared) await done('jobs.prepare', { rooms: null });
  return path;
}
