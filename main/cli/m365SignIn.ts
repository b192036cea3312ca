/** `otj m365 connect`, `sign-in`, `sign-out`, `accounts`: which tenant, and who is signed in. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import { OtjError } from '../contract/errors.ts';
import {
  type ConnectionCloud,
  connectionCloudSchema,
  type Feature,
  featureSchema,
  type SignInPrompt,
} from '../contract/microsoft/connection.ts';
import { localTime } from '../report/words.ts';
import { readAuthorities } from '../services/authorities.ts';
import {
  connect,
  connectionOf,
  connectionOrNull,
  connectionView,
  signInApp,
  signInPerson,
  signOut,
  useAccount,
} from '../services/connection.ts';
import { openUrl } from '../services/openUrl.ts';
import { assertPlacesOn } from '../services/places/settings.ts';
import { withSite } from './context.ts';
import { clean, type Output } from './output.ts';

const FEATURES = {
  check: 'the check of the mailboxes',
  results: 'the results list and reports in SharePoint',
  list: 'making the results list',
  places: 'device names and tags of the rooms, where that is switched on (otj m365 places)',
} as const satisfies Record<Feature, string>;

export function addSignInCommands(m365: Command): void {
  m365
    .command('connect')
    .summary('which tenant, and as which app')
    .description(
      'Sets the tenant and this app’s own registration in it, which is another than that of Infinity. A tenant in which somebody was signed in before comes back with its app and its account when only --tenant is given. Nothing is sent.',
    )
    .argument('<site>')
    .option('--tenant <tenant>', 'id or a domain of the tenant')
    .option('--client <id>', 'application (client) id of this app’s registration')
    .addOption(new Option('--cloud <name>', 'national cloud, or other').choices(connectionCloudSchema.options))
    .option('--authority <url>', 'of the cloud other: https address of the identity service, without the tenant')
    .option('--graph <url>', 'of the cloud other: https address of Graph')
    .option('--ca <file>', 'authorities to trust besides the system’s, PEM or DER, such as a proxy’s that opens TLS')
    .option('--system-ca', 'trust the system’s authorities only, again')
    .option('--selected-sites', 'only SharePoint sites that the administrator opens to the app: Sites.Selected')
    .option('--no-selected-sites', 'all SharePoint sites that the person may write in, again')
    .option('--account <name>', 'use another of those who are signed in to this tenant; asks for the passphrase')
    .addHelpText('after', '\nA proxy is taken from HTTPS_PROXY and NO_PROXY.')
    .action(connectTenant);

  m365
    .command('sign-in')
    .summary('sign in: in the browser, with a device code, or as the app itself')
    .description(
      'Signs in, and keeps the sign-in sealed in the site file. Without an option in the browser of this computer. Each feature asks for its own permissions, so sign in again with --for when you need another.',
    )
    .argument('<site>')
    .option('--device-code', 'with a code that is typed in a browser anywhere')
    .option('--certificate <file>', 'as the app itself, unattended: PEM file with the certificate and its key')
    .option('--for <features>', 'what it is for: check, results, list, places; with commas between', featuresOf, [
      'check',
    ])
    .option('--minutes <n>', 'how long to wait for the person; default: 5 in the browser, 15 with a code', minutesOf)
    .action(signInTo);

  m365
    .command('sign-out')
    .summary('forget who is signed in, with all tokens')
    .argument('<site>')
    .option('--all', 'everybody, in all tenants that are remembered; needs no passphrase')
    .action(signOutOf);

  m365
    .command('accounts')
    .summary('tenants, who is signed in, and which permissions each feature asks for')
    .argument('<site>')
    .action(listAccounts);
}

function featuresOf(text: string): Feature[] {
  const read = featureSchema
    .array()
    .min(1)
    .safeParse(text.split(',').map((one) => one.trim()));
  if (!read.success) throw new InvalidArgumentError(`choose from ${featureSchema.options.join(', ')}`);
  return read.data;
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes <= 60)) throw new InvalidArgumentError('a number up to 60');
  return minutes;
}

interface ConnectOptions {
  tenant?: string;
  client?: string;
  cloud?: ConnectionCloud;
  authority?: string;
  graph?: string;
  ca?: string;
  systemCa?: boolean;
  selectedSites?: boolean;
  account?: string;
}

function connectTenant(path: string, own: ConnectOptions, command: Command): Promise<void> {
  const needs = { unlock: own.account !== undefined, change: true };
  return withSite(path, command.optsWithGlobals(), needs, async ({ site, out }) => {
    if ((own.authority === undefined) !== (own.graph === undefined))
      throw new OtjError('SETTING_UNFIT', 'give --authority and --graph together');
    const other = own.authority && own.graph ? { authority: own.authority, graph: own.graph } : undefined;
    const { account, cloud, tenant, client: clientId, selectedSites } = own;
    const ca = own.systemCa ? null : own.ca === undefined ? undefined : caOf(own.ca);
    const before = connectionOrNull(site);
    const wishes = [cloud, tenant, clientId, other, ca, selectedSites];
    const next = wishes.every((wish) => wish === undefined)
      ? connectionOf(site)
      : await connect(site, { cloud, tenant, clientId, other, ca, selectedSites });
    if (account !== undefined) await useAccount(site, account);
    out.say(`Tenant ${next.tenant} (${next.cloud}), as app ${next.clientId}.`);
    if (clientId === undefined && before?.clientId === next.clientId && before.tenant !== next.tenant)
      out.say(`▲ It is the app that was used for ${before.tenant}. If this tenant has another, give its --client.`);
    if (connectionOf(site).account === null) out.say('Next: otj m365 sign-in');
    const { ca: _ca, ...shown } = connectionOf(site);
    out.emit({ type: 'result', connection: shown });
    return 0;
  });
}

/** Throws CA_UNFIT, USAGE. */
function caOf(file: string): string {
  return readAuthorities(bytesOf(file)).ca;
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new OtjError('USAGE', (thrown as Error).message, { cause: thrown });
  }
}

interface SignInOptions {
  deviceCode?: boolean;
  certificate?: string;
  for: Feature[];
  minutes?: number;
}

function signInTo(path: string, own: SignInOptions, command: Command): Promise<void> {
  const check = (site: Parameters<typeof connectionOf>[0]) => {
    if (own.for.includes('places')) assertPlacesOn(site);
    void connectionOf(site);
  };
  return withSite(path, command.optsWithGlobals(), { unlock: true, check }, async ({ site, out, signal }) => {
    if (own.deviceCode && own.certificate !== undefined)
      throw new OtjError('USAGE', '--device-code and --certificate exclude each other');
    if (own.certificate !== undefined) {
      const text = bytesOf(own.certificate).toString('latin1');
      const { subject, validTo } = await signInApp(site, text, signal);
      out.say(`Signed in as the app itself, by the certificate ${clean(subject)}, valid until ${validTo}.`);
      out.say('Its key is sealed in the site file; the PEM file is not needed here any more.');
      out.emit({ type: 'result', way: 'certificate', subject, validTo });
      return 0;
    }
    tellPermissions(out, (await connectionView(site)).permissions, own.for);
    const { username, tenant, missing } = await signInPerson(site, {
      way: own.deviceCode ? 'device-code' : 'browser',
      features: own.for,
      signal,
      ...(own.minutes === undefined ? {} : { limitMs: own.minutes * 60_000 }),
      openUrl,
      prompt: (prompt) => tellPrompt(out, prompt),
    });
    out.say(`Signed in as ${clean(username)}, tenant ${clean(tenant)}.`);
    if (missing.length > 0) out.say(`▲ Not granted: ${missing.join(', ')}. An administrator has to consent to these.`);
    out.emit({ type: 'result', username, tenant, missing });
    return missing.length > 0 ? 1 : 0;
  });
}

function tellPrompt(out: Output, prompt: SignInPrompt): void {
  out.emit({ type: 'prompt', ...prompt });
  const until = localTime(new Date(prompt.until).toISOString()).slice('2026-11-29 '.length);
  if (prompt.way === 'browser') {
    out.say(
      prompt.opened ? 'Sign in in the browser that has opened.' : 'Open this address in a browser of this computer:',
    );
    if (!prompt.opened) out.say(prompt.url);
    out.say(`Waiting until ${until}; Ctrl-C gives up.`);
    return;
  }
  out.say('');
  out.say(`    ${clean(prompt.userCode)}`);
  out.say('');
  out.say(`Type this code at ${clean(prompt.verificationUri)}, on any device, until ${until}; Ctrl-C gives up.`);
  if (process.stdout.isTTY) out.say(renderUnicodeCompact(prompt.verificationUri));
}

function signOutOf(path: string, { all = false }: { all?: boolean }, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: !all, change: true }, async ({ site, out }) => {
    await signOut(site, { all });
    out.say(all ? 'Nobody is signed in any more; all tokens are wiped.' : 'Signed out; the tokens are wiped.');
    out.emit({ type: 'result', all });
    return 0;
  });
}

function listAccounts(path: string, _own: object, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true }, async ({ site, out }) => {
    const { connection, known, accounts, permissions } = await connectionView(site);
    if (!connection) throw new OtjError('M365_NOT_SET');
    out.say(`● ${connection.tenant} (${connection.cloud}), as app ${connection.clientId}`);
    if (connection.other) out.say(`    sign-in ${connection.other.authority}, Graph ${connection.other.graph}`);
    for (const { tenant, cloud } of known) out.say(`○ ${tenant} (${cloud}), set before`);
    for (const { username, name, tenant, current } of accounts ?? []) {
      const mark = !current ? '·' : connection.ended ? '▲' : '✓';
      out.say(`${mark} ${clean(username)}${name ? `, ${clean(name)}` : ''}, tenant ${clean(tenant)}`);
    }
    if (connection.ended) out.say('The sign-in has ended. Next: otj m365 sign-in');
    if (accounts?.length === 0) out.say('Nobody is signed in.');
    tellPermissions(out, permissions, featureSchema.options);
    const bare = [connection, ...known].map(({ ca: _ca, ...one }) => one);
    out.emit({ type: 'result', connection: bare[0], known: bare.slice(1), accounts, permissions });
    return !connection.ended && accounts?.some(({ current }) => current) ? 0 : 1;
  });
}

type Permissions = Awaited<ReturnType<typeof connectionView>>['permissions'];

function tellPermissions(out: Output, permissions: Permissions, features: readonly Feature[]): void {
  for (const feature of features) {
    out.say(`Permissions for ${FEATURES[feature]}:`);
    for (const { scope, means } of permissions[feature]) out.say(`    ${scope}: ${means}`);
  }
}
