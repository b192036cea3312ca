/** Calls on the application around a site. */
import type { AppState } from '../../contract/app.ts';
import type { OpenSite } from '../openSite.ts';
import { changePreferences, forgetSite, readRemembered, recentSites } from '../preferences.ts';
import type { ReachMonitor } from '../reach.ts';
import { siteView } from '../siteView.ts';
import { type Area, given, home } from './area.ts';

export function appAreaHandlers(open: OpenSite, reach: ReachMonitor): Area<'app'> {
  const { facts } = open;
  return {
    'app.state': () => appState(open, reach),
    'app.preferences': (wish) => changePreferences(facts.userData, given(wish)),
    'app.forget': ({ path }) => void forgetSite(facts.userData, path),
  };
}

async function appState(open: OpenSite, reach: ReachMonitor): Promise<AppState> {
  const { facts, ports, jobs } = open;
  const remembered = readRemembered(facts.userData);
  const recent = await recentSites(remembered);
  return {
    version: facts.version,
    host: facts.host,
    platform: process.platform,
    keychain: ports.keychain !== null,
    fileDialogs: facts.fileDialogs,
    home: home(),
    preferences: remembered.preferences,
    recent,
    site: siteView(open),
    jobs: jobs.list(),
    reach: reach.now(),
  };
}
