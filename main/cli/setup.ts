/** Commands that set a site up: init, credential, infinity, settings, trust. */

import { existsSync, readFileSync } from 'node:fs';
import confirm from '@inquirer/confirm';
import type { Command } from 'commander';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import { type Purpose, type Settings, settingsSchema } from '../contract/site.ts';
import { readAuthorities } from '../services/authorities.ts';
import { lookAtCertificate } from '../services/certificate.ts';
import { roomsNamed } from '../services/inventory.ts';
import { saveLogin } from '../services/saveLogin.ts';
import { applySettings } from '../services/settings.ts';
import { forgetKeys, pinKeys, proveKeys } from '../services/trust.ts';
import { Site } from '../site/site.ts';
import { type GlobalOptions, withSite } from './context.ts';
import { fingerprint } from './keyShown.ts';
import { clean, makeOutput, type Output } from './output.ts';
import { descriptor, hasTerminal, readKey, readSecret } from './secrets.ts';

const PURPOSES: Record<string, Purpose> = {
  cisco: 'cisco-roomos',
  poly: 'poly-videoos',
  'poly-group': 'poly-group',
  'poly-trio': 'poly-trio',
  infinity: 'infinity',
};

export function addSetupCommands(program: Command): void {
  program
    .command('init')
    .summary('make a new site file')
    .description(
      'Makes a new, empty site file. Everything of one migration project lives in it; its secrets are sealed with a passphrase.',
    )
    .argument('<site>', 'path of the new file, e.g. nordbank-oslo.otjsite')
    .option('--name <name>', 'name of the site, for reports')
    .option('--technician <name>', 'who works with it, for the journal and reports')
    .option('--ssh-port <port>', 'SSH port of the codecs', Number)
    .option('--https-port <port>', 'HTTPS port of the endpoints', Number)
    .option('--account-name <name>', 'account that Infinity uses on Cisco codecs (default otj-push)')
    .action(init);

  program
    .command('credential')
    .description('Logins, sealed in the site file.')
    .command('set')
    .summary('store a login')
    .description(
      'Stores the login for a kind of device or for Infinity. The password is asked for, or read from a file descriptor. For Infinity it may be an OAuth2 client in place of a user: its private key (PEM or JWK) is asked for, or read from a file or a file descriptor, and sealed like a password.',
    )
    .argument('<site>')
    .requiredOption('--for <kind>', 'cisco, poly (VideoOS), poly-group, poly-trio or infinity')
    .option('--user <name>', 'user name')
    .option('--room <room>', 'only for this room')
    .option('--password-fd <fd>', 'read the password from this file descriptor', descriptor)
    .option('--oauth2', 'Infinity: an OAuth2 client in place of a user')
    .option('--client-id <id>', 'id of the OAuth2 client')
    .option('--key-file <file>', 'read its private key from this file')
    .option('--key-fd <fd>', 'read its private key from this file descriptor', descriptor)
    .action(setCredential);

  program
    .command('infinity')
    .description('The Infinity deployment of this site.')
    .command('set')
    .summary('name the Management Node')
    .description(
      'Names the Infinity Management Node and the OTJ endpoint group of this site. Its certificate is checked by the authorities that this computer trusts, or by those of a file (--ca, kept in the site file); one that none of them vouches for is shown and, if you agree, pinned.',
    )
    .argument('<site>')
    .argument('<address>', 'host name or address, with :port if it is not 443')
    .requiredOption('--group <name>', 'OTJ endpoint group that the rooms go into')
    .option('--ca <file>', 'trust the authorities in this file (PEM or DER) in place of the system’s')
    .option('--pin <sha256>', 'trust only the certificate with this fingerprint', fingerprint)
    .option('--trust-shown', 'pin the certificate that is shown now, without asking')
    .action(setInfinity);

  program
    .command('settings')
    .summary('show or change settings')
    .description(
      'Shows the settings of a site, or changes them: otj settings site.otjsite concurrency=16 proofMs=300000',
    )
    .argument('<site>')
    .argument('[changes...]', 'name=value')
    .action(changeSettings);

  program
    .command('trust')
    .summary('accept a changed key of a device')
    .description(
      'Signs in once to a room’s device that shows another SSH key or certificate than before, compares its serial number with the known one, and only then pins the new key. A restart can bring a new certificate, and so can a factory reset. Do this only when you know why the key changed: the login goes to whoever answers there.',
    )
    .argument('<site>')
    .argument('<room>')
    .option('--key <sha256>', 'only this new key, as a run has told it', fingerprint)
    .option('--forget', 'sign in nowhere: forget the keys, and let the next visit pin what it finds')
    .action(trust);
}

type InitOptions = { name?: string; technician?: string; sshPort?: number; httpsPort?: number; accountName?: string };

async function init(path: string, own: InitOptions, command: Command): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const out = makeOutput(options.json === true);
  const settings = parseSettings({ name: own.name ?? path.replace(/^.*[\\/]/, '').replace(/\.otjsite$/, ''), ...own });
  if (existsSync(path)) throw new OtjError('SITE_EXISTS', path);
  const passphrase = await readSecret(options.passphraseFd, `New passphrase for ${path}`, { fresh: true });
  (await Site.create(path, passphrase, settings)).close();
  out.say(`Made ${path}. Keep its passphrase: without it the secrets in the file are lost.`);
  out.say('Next: otj import, otj credential set, otj infinity set.');
  out.emit({ type: 'result', site: path });
}

function parseSettings(changes: Record<string, unknown>): Partial<Settings> {
  const given = Object.fromEntries(
    Object.entries(changes).filter(([key, value]) => value !== undefined && key in settingsSchema.shape),
  );
  const parsed = settingsSchema.partial().safeParse(given);
  if (!parsed.success) throw new OtjError('SETTING_UNFIT', z.prettifyError(parsed.error).replaceAll('\n', ' '));
  return Object.fromEntries(Object.keys(given).map((key) => [key, parsed.data[key as keyof Settings]]));
}

type CredentialOptions = {
  for: string;
  user?: string;
  room?: string;
  passwordFd?: number;
  oauth2?: boolean;
  clientId?: string;
  keyFile?: string;
  keyFd?: number;
};

function setCredential(path: string, own: CredentialOptions, command: Command): Promise<void> {
  const purpose = PURPOSES[own.for];
  if (!purpose) throw new OtjError('USAGE', `--for ${own.for}: cisco, poly or infinity`);
  const kind = own.oauth2 ? 'oauth2' : 'basic';
  const username = fitOptions(own);
  const check = (site: Site) => void roomsNamed(site, own.room === undefined ? [] : [own.room]);
  return withSite(path, command.optsWithGlobals(), { unlock: true, change: true, check }, async ({ site, out }) => {
    const room = own.room === undefined ? null : (roomsNamed(site, [own.room])[0] ?? null);
    const password = own.oauth2
      ? await readKey(own, `Private key of the OAuth2 client ${username}`)
      : await readSecret(own.passwordFd, `Password of ${username} for ${own.for}`);
    saveLogin(site, { purpose, roomId: room?.id ?? null, username, password, kind });
    const what = own.oauth2 ? `the OAuth2 client ${username}` : `the login ${username}`;
    out.say(`Stored ${what} for ${room ? `room ${room.name}` : own.for}, sealed.`);
    out.emit({ type: 'result', for: own.for, kind, user: username, room: room?.name ?? null });
    return 0;
  });
}

/** @returns the user name or client id. Throws USAGE for options that do not go together. */
function fitOptions(own: CredentialOptions): string {
  const { oauth2 = false, user, clientId, passwordFd, keyFile, keyFd } = own;
  const name = oauth2 ? clientId : user;
  if (name === undefined) throw new OtjError('USAGE', oauth2 ? '--oauth2 needs --client-id' : '--user is missing');
  const strange = oauth2 ? [user, passwordFd] : [clientId, keyFile, keyFd];
  if (strange.some((one) => one !== undefined))
    throw new OtjError('USAGE', 'with --oauth2 go --client-id and a key, without it --user and a password');
  if (keyFile !== undefined && keyFd !== undefined) throw new OtjError('USAGE', '--key-file or --key-fd, not both');
  if (oauth2 && own.for !== 'infinity') throw new OtjError('USAGE', '--oauth2 is for --for infinity');
  return name;
}

type Where = { address: string; port: number };
type InfinityOptions = { group: string; ca?: string; pin?: string; trustShown?: boolean };

function setInfinity(path: string, where: string, own: InfinityOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, async ({ site, out }) => {
    const url = URL.parse(`https://${where.replace(/^https:\/\//, '')}`);
    if (!url) throw new OtjError('USAGE', `not an address: ${where}`);
    const address = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port ? Number(url.port) : 443;
    if (own.ca !== undefined && (own.pin !== undefined || own.trustShown))
      throw new OtjError('USAGE', '--ca or a pinned certificate, not both');
    const ca = own.ca === undefined ? null : await authoritiesFor({ address, port }, own.ca, out);
    const pin = own.pin ?? (ca === null ? await pinIfNeeded({ address, port }, own.trustShown === true, out) : null);
    site.saveSettings({ infinity: { address, port, group: own.group, pin, ca } });
    const how = pin
      ? `pinned (${pin.slice(0, 16)}…)`
      : ca === null
        ? 'checked by the system'
        : `checked by the authorities of ${own.ca}`;
    out.say(`Infinity is ${address}:${port}, endpoint group "${own.group}", certificate ${how}.`);
    out.emit({ type: 'result', address, port, group: own.group, pin, ca });
    return 0;
  });
}

/** The authorities in PEM. Throws CA_UNFIT, also when they do not vouch for the certificate that is shown now. */
async function authoritiesFor({ address, port }: Where, file: string, out: Output): Promise<string> {
  const { ca, subjects } = readAuthorities(fileBytes(file));
  out.say(`Authorities: ${subjects.map(clean).join('; ')}`);
  const shown = await lookAtCertificate(address, port, ca);
  if (!shown) out.say(`Nothing answers at ${address}:${port} now, so they were not tried.`);
  else if (!shown.trusted)
    throw new OtjError('CA_UNFIT', `${address} shows a certificate for ${shown.subject}, signed by ${shown.issuer}`);
  return ca;
}

function fileBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new OtjError('USAGE', (thrown as Error).message, { cause: thrown });
  }
}

/** null when the system trusts the certificate or nothing answers yet; else the fingerprint, if the person agrees. */
async function pinIfNeeded({ address, port }: Where, agreed: boolean, out: Output): Promise<string | null> {
  const shown = await lookAtCertificate(address, port);
  if (!shown) {
    out.say(`Nothing answers at ${address}:${port} now.`);
    const keep =
      agreed || !hasTerminal() || (await confirm({ message: 'Use this address all the same?', default: false }));
    if (!keep) throw new OtjError('DECLINED', 'the address was not changed');
    return null;
  }
  if (shown.trusted) return null;
  out.say('No authority that this computer trusts has signed the certificate shown:');
  out.say(`    for       ${clean(shown.subject)}`);
  out.say(`    from      ${clean(shown.issuer)}`);
  out.say(`    valid     ${shown.validFrom} to ${shown.validTo}`);
  out.say(`    SHA-256   ${shown.fingerprint}`);
  out.say('Compare the fingerprint with the one that a browser on a trusted network shows for the Management Node.');
  if (agreed) return shown.sha256;
  if (!hasTerminal()) throw new OtjError('USAGE', 'give --pin or --trust-shown');
  if (await confirm({ message: 'Trust exactly this certificate from now on?', default: false })) return shown.sha256;
  throw new OtjError('DECLINED', 'the certificate was not accepted');
}

function changeSettings(path: string, changes: string[], _own: unknown, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, ({ site, out }) => {
    const pairs = changes.map((change): [string, unknown] => {
      const at = change.indexOf('=');
      const key = change.slice(0, at);
      if (at < 1 || !(key in settingsSchema.shape) || key === 'infinity') throw new OtjError('SETTING_UNFIT', change);
      const text = change.slice(at + 1);
      return [key, typedValue(site.settings[key as keyof Settings], text)];
    });
    if (pairs.length > 0) applySettings(site, parseSettings(Object.fromEntries(pairs)));
    const shown = Object.entries(site.settings).filter(
      ([key]) => pairs.length === 0 || pairs.some(([name]) => name === key),
    );
    out.table(
      ['setting', 'value', 'meaning'],
      shown.map(([key, value]) => [
        key,
        typeof value === 'object'
          ? value === null
            ? null
            : `${value.address}:${value.port}, group ${value.group}`
          : String(value),
        settingsSchema.shape[key as keyof Settings].description ?? '',
      ]),
    );
    out.emit({ type: 'result', settings: site.settings });
    return 0;
  });
}

function trust(path: string, name: string, own: { key?: string; forget?: boolean }, command: Command): Promise<void> {
  const shown = own.key ?? null;
  if (shown !== null && own.forget) throw new OtjError('USAGE', '--key or --forget, not both');
  const unlock = own.forget !== true;
  return withSite(path, command.optsWithGlobals(), { unlock, change: true }, async ({ site, out, signal }) => {
    const [room] = roomsNamed(site, [name]);
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    if (own.forget) {
      const { address, serial } = forgetKeys(site, room);
      out.say(
        `${clean(room.name)}: the next visit to ${address} pins the key it finds. Its serial number must still be ${clean(serial ?? 'told')}.`,
      );
      out.emit({ type: 'result', room: room.name });
      return 0;
    }
    const proven = await proveKeys(site, room, { shown, signal });
    const fresh = pinKeys(site, proven);
    out.say(`${clean(room.name)}: it is ${clean(proven.serial)} at ${proven.endpoint.address}, as before.`);
    for (const { kind, before, now } of fresh) out.say(`    ${kind}: ${before ?? 'none'}  →  ${now}, pinned`);
    if (fresh.length === 0) out.say('    It shows the keys that are pinned; nothing was changed.');
    out.emit({ type: 'result', room: room.name, serial: proven.serial, pinned: fresh });
    return 0;
  });
}

/** What a person typed, in the kind of value that the setting has now. */
function typedValue(now: unknown, text: string): unknown {
  if (typeof now === 'number') return Number(text);
  if (typeof now !== 'boolean') return text;
  const yes = /^(true|on|yes)$/i.test(text);
  if (!yes && !/^(false|off|no)$/i.test(text)) throw new OtjError('SETTING_UNFIT', `${text} is neither on nor off`);
  return yes;
}
