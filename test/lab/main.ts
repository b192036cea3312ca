import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError, program } from 'commander';
import { startControl } from './control.ts';
import type { PracticeMicrosoft } from './microsoft/practice.ts';
import { startPractice } from './practice.ts';

const number =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
    }
    return value;
  };

function polys(text: string): 'studios' | 'mixed' {
  if (text !== 'studios' && text !== 'mixed') throw new InvalidArgumentError('studios or mixed');
  return text;
}

const options = program
  .name('lab')
  .description('A practice site on this computer: rooms, Pexip Infinity and the Pexip Service, nothing real.')
  .option('--rooms <n>', 'how many rooms', number(1, 9000), 24)
  .option('--latency <ms>', 'added to every reply', number(0, 10_000), 0)
  .option('--poly <kinds>', 'what stands in Poly rooms: studios, or mixed (all families)', polys, 'studios')
  .option('--poly-restart <ms>', "how long a Poly's restart lasts; as a real one's when absent", number(100, 600_000))
  .option('--telnet-port <port>', 'telnet port of Poly Group devices', number(1, 65_535), 2324)
  .option('--trouble', 'with the troubles of a real site', false)
  .option('--ssh-port <port>', 'SSH port of all codecs', number(1, 65_535), 2022)
  .option('--https-port <port>', 'HTTPS port of everything', number(1, 65_535), 8443)
  .option('--replication <ms>', 'until a change in Infinity reaches its nodes', number(0, 600_000), 500)
  .option('--device-net <prefix>', 'first two parts of the device addresses', '127.20')
  .option('--core-net <prefix>', 'first three parts of the Infinity and Service addresses', '127.30.0')
  .option('--seed <text>', 'the same passwords and tokens at every start with this text')
  .option('--microsoft', 'with a Microsoft 365 to sign in to', false)
  .option('--verbose', 'say what happens', false)
  .option('--json', 'one line of JSON when ready; ends when its input closes', false)
  // Said outright: inside Electron the arguments would be looked for one place further down.
  .parse(process.argv, { from: 'node' })
  .opts<{
    rooms: number;
    poly: 'studios' | 'mixed';
    polyRestart?: number;
    telnetPort: number;
    latency: number;
    trouble: boolean;
    sshPort: number;
    httpsPort: number;
    replication: number;
    deviceNet: string;
    coreNet: string;
    seed?: string;
    microsoft: boolean;
    verbose: boolean;
    json: boolean;
  }>();

const practice = await startPractice({
  rooms: options.rooms,
  trouble: options.trouble,
  latencyMs: options.latency,
  ports: { ssh: options.sshPort, https: options.httpsPort, telnet: options.telnetPort },
  polys: options.poly,
  ...(options.polyRestart === undefined ? {} : { polyPace: { outageMs: options.polyRestart } }),
  replicationMs: options.replication,
  microsoft: options.microsoft,
  networks: { devices: options.deviceNet, core: options.coreNet },
  ...(options.seed === undefined ? {} : { seed: options.seed }),
  ...(options.verbose ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
}).catch((error: unknown): never => {
  const text = error instanceof Error ? error.message : String(error);
  const inUse = text.includes('EADDRINUSE')
    ? '\nIs another lab running? See --device-net, --core-net and the ports.'
    : '';
  process.stderr.write(`The lab did not start: ${text}${inUse}\n`);
  process.exit(1);
});
const control = await startControl({
  estate: practice.estate,
  document: { ...practice.document },
  onStop: () => void stop(),
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // A device that hangs must not keep the lab alive.
  setTimeout(() => process.exit(0), 5000).unref();
  await practice.stop();
  await control.stop();
  if (practice.temporaryCsv) rmSync(practice.temporaryCsv, { force: true });
  process.exit(0);
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());

if (options.json) {
  process.stdout.write(`${JSON.stringify({ control: control.url, ...practice.document })}\n`);
  // Whoever started the lab is gone when its end of the pipe closes.
  process.stdin
    .resume()
    .on('end', () => void stop())
    .on('error', () => void stop());
} else {
  process.stdout.write(greeting());
}

function greeting(): string {
  const { infinity, logins, roomsCsv, trouble, rooms, service } = practice.document;
  const codec = rooms.find((room) => room.family === 'cisco');
  const poly = rooms.find((room) => room.family === 'poly');
  const lines = [
    `${rooms.length} rooms are up. Nothing here is real; all of it ends with Ctrl-C.`,
    '',
    `room list    ${roomsCsv}`,
    `Infinity     ${infinity.url}  ${infinity.username} / ${infinity.password}`,
    `             profile "${infinity.profile}", group "${infinity.group}"`,
    ...infinity.nodes.map((node) => `             node ${node.fqdn}  ${node.address}:${node.port}`),
    `Service      ${service.host}  ${service.address}:${service.port}`,
    `Cisco login  ${logins.cisco.username} / ${logins.cisco.passphrase}`,
    `Poly login   ${logins.poly.username} / ${logins.poly.password}`,
    ...(logins.trio ? [`Trio login   ${logins.trio.username} / ${logins.trio.password}`] : []),
    `control      ${control.url}/estate  ${control.url}/state`,
    '',
    'With otj, in another terminal:',
    `  ./otj init my.otjsite --ssh-port ${options.sshPort} --https-port ${options.httpsPort}`,
    `  ./otj import my.otjsite ${roomsCsv}`,
    `  ./otj credential set my.otjsite --for cisco --user ${logins.cisco.username}`,
    `  ./otj credential set my.otjsite --for poly --user ${logins.poly.username}`,
    `  ./otj credential set my.otjsite --for infinity --user ${infinity.username}`,
    `  ./otj infinity set my.otjsite ${new URL(infinity.url).host} --group "${infinity.group}"`,
    '  then prepare, discover, plan, run, status, sync, report; the passwords stand above',
    '',
    'By hand:',
  ];
  if (codec) {
    const { username, passphrase } = logins.cisco;
    const xml = `https://${codec.address}:${codec.httpsPort}/getxml?location=/Status/SystemUnit`;
    lines.push(
      `  ssh -p ${codec.sshPort} ${username}@${codec.address}`,
      `  curl -k -u ${username}:${passphrase} '${xml}'`,
    );
  }
  if (poly) lines.push(`  https://${poly.address}:${poly.httpsPort}  (${poly.room}, ${poly.model})`);
  const path = '/api/admin/configuration/v1/mjx_endpoint/';
  lines.push(`  curl -k -u ${infinity.username}:${infinity.password} '${infinity.url}${path}'`);
  const { microsoft } = practice.document;
  if (microsoft) lines.push('', ...aboutMicrosoft(microsoft));
  if (trouble.length > 0) {
    lines.push('', 'Troubles:', ...trouble.map((one) => `  ${one.room} (${one.address}): ${one.note}`));
    lines.push(
      `To end a trouble: curl -X POST -H 'content-type: application/json' -d '{}' ${control.url}/device/ADDRESS/faults`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function aboutMicrosoft({ connection, people, group, site }: PracticeMicrosoft): string[] {
  const { authority, graph } = connection.other;
  const ca = join(tmpdir(), `otj-lab-${process.pid}-microsoft.pem`);
  writeFileSync(ca, connection.ca, { mode: 0o600 });
  process.on('exit', () => rmSync(ca, { force: true }));
  return [
    `Microsoft 365  sign in as ${people.join(' or ')}; there are no passwords. The browser warns of the certificate.`,
    `               group ${group}, SharePoint site ${site}`,
    `  ./otj m365 connect my.otjsite --tenant ${connection.tenant} --client ${connection.clientId} \\`,
    `    --authority ${authority} --graph ${graph} --ca ${ca}`,
    '  ./otj m365 sign-in my.otjsite',
  ];
}
