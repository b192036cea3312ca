/** Access scripts that are run on this computer: sites for them, a stand-in for PowerShell, and what a run leaves behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, onTestFinished, vi } from 'vitest';
import type { AccessRunWay } from '../../main/contract/microsoft/access.ts';
import { makeScript, noteSigned, roomAccess, setAccess } from '../../main/services/access.ts';
import { type NotedRun, noteRun } from '../../main/services/accessCut.ts';
import { type AccessRunWish, runAccess } from '../../main/services/accessRun.ts';
import type { Site } from '../../main/site/site.ts';
import { ACCESS, resultBytes, resultItem } from './access.ts';
import { type StandIn, standIn } from './pwsh.ts';
import { addRoom, tempSite } from './siteFile.ts';

export const WAY: AccessRunWay = { signIn: 'browser', user: null, createGroup: false, consentRemoved: false };
export const ITEMS = [
  resultItem('fjord@contoso.example'),
  resultItem('skog@contoso.example', { access: 'Denied', member: 'no' }),
];

export const TENANT = '77777777-2222-4333-8444-555555555555';
export const OTHER = '88888888-2222-4333-8444-555555555555';

/** A stand-in for PowerShell that is the one of PATH, new for each test. */
export function standInForEach(): StandIn {
  let shell: StandIn;
  beforeEach(() => {
    shell = standIn({ result: { items: ITEMS } });
    vi.stubEnv('PATH', [shell.folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter));
    vi.stubEnv('OTJ_SECRET', 'rain on a tin roof');
  });
  afterEach(() => vi.unstubAllEnvs());
  return {
    get folder() {
      return shell.folder;
    },
    plan: (plan) => shell.plan(plan),
    calls: () => shell.calls(),
    asked: () => shell.asked(),
  };
}

export async function siteWithRooms(): Promise<Site> {
  const site = await tempSite({ technician: 'Kari' });
  addRoom(site, { name: 'Fjord', mailbox: 'fjord@contoso.example', address: '10.0.0.1' });
  addRoom(site, { name: 'Skog', mailbox: 'skog@contoso.example', address: '10.0.0.2' });
  setAccess(site, ACCESS);
  return site;
}

export function run(site: Site, wish: Partial<AccessRunWish> & Pick<AccessRunWish, 'script' | 'mode'>) {
  const lines: string[] = [];
  const done = runAccess(site, {
    ...{ way: WAY, beforeAllMoved: false, technician: 'Kari', signal: new AbortController().signal },
    line: ({ from, text }) => void lines.push(`${from} ${text}`),
    ...wish,
  });
  return { done, lines };
}

export const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** As a run for real leaves it all when this program and PowerShell end in the midst of it. */
export function leftBehind(
  site: Site,
  kind: 'policy',
  { complete = false, former = [] }: { complete?: boolean | undefined; former?: NotedRun['former'] } = {},
) {
  const script = makeScript(site, kind);
  noteSigned(site, script, 'Kari');
  const folder = mkdtempSync(join(tmpdir(), 'otj-access-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'result.json'),
    resultBytes(script.id, { items: [ITEMS[0] ?? {}], complete, kind, at: new Date().toISOString() }),
  );
  const at = new Date().toISOString();
  const cut: NotedRun = {
    kind,
    mode: 'apply',
    at,
    folder: basename(folder),
    pid: null,
    cut: null,
    problem: null,
    former,
  };
  noteRun(site, cut);
  return { cut, folder };
}

export const states = (site: Site) => Object.fromEntries(roomAccess(site).map(({ room, state }) => [room, state]));
