/** Calls on the rooms' mailboxes: settings, scripts to read and sign off, results. */
import { basename, dirname, join } from 'node:path';
import { findPowerShell } from '../../microsoft/powershell/find.ts';
import { accessView, makeScript, setAccess, signScript, takeResult } from '../access.ts';
import { dismissKept } from '../accessCut.ts';
import { seeCut, takeCut } from '../accessRun.ts';
import type { OpenSite } from '../openSite.ts';
import { technicianOf } from '../settings.ts';
import { type Area, change } from './area.ts';

type Own = 'access' | 'set' | 'script' | 'sign' | 'result' | 'dismissRun' | 'powershell';
type AccessHandlers = Pick<Area<'microsoft'>, `microsoft.${Own}`>;

/** @param written is told of each file that is written */
export function microsoftHandlers(open: OpenSite, written: Set<string>): AccessHandlers {
  return {
    'microsoft.access': () => {
      seeCut(open.site);
      return accessView(open.site);
    },
    'microsoft.set': (settings) =>
      change(open, (site) => {
        takeCut(site);
        setAccess(site, settings);
        return accessView(site);
      }),
    'microsoft.script': ({ kind }) => makeScript(open.site, kind),
    'microsoft.sign': ({ beforeAllMoved, ...script }) =>
      change(open, (site) => {
        const name = basename(site.path).replace(/\.otjsite$/, '');
        const path = join(dirname(site.path), `${name}-m365-${script.kind}.ps1`);
        signScript(site, { script, path, technician: technicianOf(site), beforeAllMoved });
        written.add(path);
        return { path, view: accessView(site) };
      }),
    'microsoft.dismissRun': ({ at }) =>
      change(open, (site) => {
        takeCut(site);
        dismissKept(site, at);
        return accessView(site);
      }),
    'microsoft.powershell': () => findPowerShell(),
    'microsoft.result': ({ base64 }) =>
      change(open, (site) => {
        takeCut(site);
        return takeResult(site, Buffer.from(base64, 'base64'));
      }),
  };
}
