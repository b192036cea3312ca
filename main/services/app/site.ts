/** Calls on the site as a document: opening it, its settings, its logins. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { OtjError } from '../../contract/errors.ts';
import type { Parsed } from '../../contract/methods.ts';
import type { SiteView } from '../../contract/site.ts';
import { Site } from '../../site/site.ts';
import { readAuthorities } from '../authorities.ts';
import { lookAtCertificate } from '../certificate.ts';
import { lastChecks } from '../checks.ts';
import type { OpenSite } from '../openSite.ts';
import { rememberSite } from '../preferences.ts';
import type { ReachMonitor } from '../reach.ts';
import { roomOf } from '../roomDetail.ts';
import { roomLogin } from '../roomLogin.ts';
import { saveLogin } from '../saveLogin.ts';
import { applySettings } from '../settings.ts';
import { type Area, change, given, pathOf, toldView, viewOf } from './area.ts';

const EXTENSION = '.otjsite';
const SHORTEST_PASSPHRASE = 8;

export function siteHandlers(open: OpenSite, reach: ReachMonitor): Area<'site' | 'credentials' | 'secrets'> {
  return {
    'site.create': (wish) => createSite(open, wish),
    'site.open': ({ path }) => openSite(open, path),
    'site.unlock': (given) => unlockSite(open, given),
    'site.close': () => {
      open.jobs.assertIdle();
      open.set(null);
    },
    'site.forgetKey': () => {
      open.site.forgetKey();
      return toldView(open);
    },
    'site.change': (wish) => changeSettings(open, wish),
    'site.infinity': (infinity) => {
      change(open, (site) => site.saveSettings({ infinity }));
      reach.ask();
      return toldView(open);
    },
    'site.certificate': ({ address, port, ca }) => lookAtCertificate(address, port, ca),
    'site.authorities': ({ base64 }) => readAuthorities(Buffer.from(base64, 'base64')),
    'site.checks': () => lastChecks(open.site),
    'credentials.save': (login) => {
      change(open, (site) => {
        if (login.roomId !== null) roomOf(site, login.roomId);
        saveLogin(site, login);
      });
      return toldView(open);
    },
    'credentials.remove': ({ purpose, roomId }) => {
      change(open, (site) => site.removeCredential(purpose, roomId));
      return toldView(open);
    },
    'secrets.reveal': (what) => reveal(open.site, what),
  };
}

/** Throws JOB_RUNNING, SITE_EXISTS, PASSPHRASE_SHORT, DISK. */
async function createSite(open: OpenSite, wish: Parsed<'site.create'>): Promise<SiteView> {
  const { name, technician, passphrase, remember } = wish;
  open.jobs.assertIdle();
  const path = withExtension(pathOf(wish.path));
  if (existsSync(path)) throw new OtjError('SITE_EXISTS', path);
  if (passphrase.length < SHORTEST_PASSPHRASE) throw new OtjError('PASSPHRASE_SHORT');
  const site = await Site.create(path, passphrase, { name: name.trim() || basename(path, EXTENSION), technician });
  if (remember) await rememberKey(open, site);
  return enter(open, site);
}

/** Throws JOB_RUNNING, SITE_MISSING, SITE_NOT_OURS, SITE_NEWER, DISK. */
async function openSite(open: OpenSite, typed: string): Promise<SiteView> {
  const exact = pathOf(typed);
  const path = existsSync(exact) ? exact : withExtension(exact);
  // The same file again is no reason to lock it, or to end practice devices that run for it.
  if (open.siteOrNull && isSameFile(open.siteOrNull.path, path)) return viewOf(open);
  open.jobs.assertIdle();
  const site = Site.open(path);
  const { keychain } = open.ports;
  if (keychain) await site.unlockWithKeychain(keychain).catch(() => false);
  return enter(open, site);
}

function enter(open: OpenSite, site: Site): SiteView {
  try {
    open.set(site);
  } catch (thrown) {
    site.close();
    throw thrown;
  }
  rememberSite(open.facts.userData, { path: site.path, name: site.settings.name });
  return viewOf(open);
}

/** Throws SITE_NONE, also when the site was closed meanwhile, and VAULT_PASSPHRASE. */
async function unlockSite(open: OpenSite, { passphrase, remember }: Parsed<'site.unlock'>): Promise<SiteView> {
  const { site } = open;
  await site.unlock(passphrase);
  if (open.siteOrNull !== site) throw new OtjError('SITE_NONE');
  if (remember) await rememberKey(open, site);
  return toldView(open);
}

/** The file is open whether the keychain takes its key or not; the view tells which. */
async function rememberKey({ ports }: OpenSite, site: Site): Promise<void> {
  if (ports.keychain) await site.remember(ports.keychain).catch(() => undefined);
}

/** Throws what `change` throws. */
function changeSettings(open: OpenSite, wish: Parsed<'site.change'>): SiteView {
  change(open, (site) => applySettings(site, given(wish)));
  const { path, settings } = open.site;
  rememberSite(open.facts.userData, { path, name: settings.name });
  // A new account name is owed to Infinity for many rooms at once.
  if (wish.accountName !== undefined) open.emit({ type: 'list' });
  return toldView(open);
}

/** Throws VAULT_LOCKED, CREDENTIAL_MISSING, ROOM_UNKNOWN, NO_ADDRESS, FAMILY_UNKNOWN. */
function reveal(site: Site, what: Parsed<'secrets.reveal'>): { username: string; password: string } {
  if (what.of === 'credential') {
    const { purpose, roomId } = what;
    // Infinity shows it once and has no use for it in other hands.
    if (site.credential(purpose, roomId).kind === 'oauth2') throw new OtjError('USAGE', 'a private key is not shown');
    // A room without a login of its own is not to be shown the whole site's as if it were.
    if (!site.credentials().some((one) => one.purpose === purpose && one.roomId === roomId))
      throw new OtjError('CREDENTIAL_MISSING', purpose);
    const { username, password } = site.credential(purpose, roomId);
    return { username, password };
  }
  const room = roomOf(site, what.roomId);
  const device = site.rooms.endpointOf(room.id);
  if (!device) throw new OtjError('NO_ADDRESS', room.name);
  if (!device.family) throw new OtjError('FAMILY_UNKNOWN', device.address);
  return roomLogin(site, room, device.family);
}

/** Whatever links they are named by. A file that is gone, with its drive perhaps, is none. */
function isSameFile(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);
}

function withExtension(path: string): string {
  return extname(path).toLowerCase() === EXTENSION ? path : `${path}${EXTENSION}`;
}
