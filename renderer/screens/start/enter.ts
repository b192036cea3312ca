/** Into a site that was opened or made. */
import type { SiteView } from '../../../main/contract/site.ts';
import { call } from '../../bridge/bridge.ts';
import { fetchState } from '../../state/connect.ts';
import { navigate, useStore } from '../../state/store.ts';

/** The screen is chosen before the frame shows it, so that none flickers by. */
export function enterSite(site: SiteView, screen: 'rooms' | 'checks'): void {
  navigate(screen);
  useStore.setState({ site });
}

/** Throws CallError. */
export async function openSite(path: string): Promise<void> {
  enterSite(await call('site.open', { path }), 'rooms');
}

/** Throws CallError. */
export async function forgetSite(path: string): Promise<void> {
  await call('app.forget', { path });
  await fetchState();
}
