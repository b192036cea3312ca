/**
 * `npm run demo`: the main job on the practice site, with the real commands as a technician types them. The lab runs in
 * another process; what it says of its devices afterwards is compared with what the product reported.
 */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLab } from './support/labProcess.ts';
import { jsonLines, otj, spawnOtj } from './support/otj.ts';
import { setUpCommands } from './support/practiceSite.ts';
import { compareWithLab } from './support/proof.ts';

const ROOMS = 24;
const began = performance.now();
const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
const folder = relative(process.cwd(), fileURLToPath(new URL(`../practice/${stamp}`, import.meta.url)));
mkdirSync(folder, { recursive: true });
const site = { path: `${folder}/nordbank-oslo.otjsite`, passphrase: randomBytes(18).toString('base64url') };
const unlock = { flags: ['--passphrase-fd', '3'], secrets: [site.passphrase] };

say('OTJ Migrator, practice run. 24 rooms of "Nordbank Oslo" on loopback addresses: 16 Cisco, 8 Poly,');
say('an Infinity deployment and the Pexip Service. Some rooms carry trouble, as real ones do.');
const lab = await startLab(['--rooms', String(ROOMS), '--trouble']);
try {
  heading('Office: make the site file, import the room list, prepare Infinity');
  for (const { args, secrets } of setUpCommands(site, lab.document, lab.document.roomsCsv)) await type(args, secrets);
  await type(['prepare', site.path, ...unlock.flags], unlock.secrets);

  const before = await lab.state();
  heading('Building: find the devices, look what would change, migrate');
  await type(['discover', site.path]);
  await type(['plan', site.path, '--brief', ...unlock.flags], unlock.secrets, [0, 1]);
  // A person would be asked, and would watch the first Poly device of each model; so would nobody here.
  await type(['run', site.path, '--confirm-pilots', ...unlock.flags], unlock.secrets, [0, 1]);

  heading('Online again: hear from Infinity, write the report');
  await type(['sync', site.path, ...unlock.flags], unlock.secrets);
  await type(['report', site.path, '--out', folder]);
  await type(['status', site.path]);

  heading('Proof, asked of the simulated devices themselves');
  const status = jsonLines((await otj(['status', site.path, '--json'])).stdout).at(-1);
  const proof = compareWithLab({ before, after: await lab.state(), lab: lab.document, status: status ?? {} });
  for (const { holds, words } of proof) say(`${holds ? '✓' : '✗'} ${words}`);
  if (proof.some(({ holds }) => !holds)) process.exitCode = 1;

  heading(`Done in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  say(`Report     ${folder}/nordbank-oslo-report.html`);
  say(`Site file  ${site.path}`);
  say(`Next       npm run otj -- status ${site.path}`);
  say('           npm run lab          (a practice site that stays, with logins to try every command yourself)');
} finally {
  await lab.stop();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function heading(text: string): void {
  say(`\n── ${text} ${'─'.repeat(Math.max(3, 74 - text.length))}`);
}

/** Shows a command and runs it, its output going straight to the terminal. */
async function type(
  args: readonly string[],
  secrets: readonly string[] = [],
  fine: readonly number[] = [0],
): Promise<void> {
  const redirected = secrets.map((_, at) => `${at + 3}<…`).join(' ');
  say(`\n$ otj ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')} ${redirected}`.trimEnd());
  const [code] = (await once(spawnOtj(args, secrets, 'inherit'), 'close')) as [number | null];
  if (code === null || !fine.includes(code)) throw new Error(`otj ${args[0]} ended with ${code}`);
}
