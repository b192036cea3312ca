/** A site file for the practice site: made, filled and prepared with the real commands. */
import { randomBytes } from 'node:crypto';
import type { LabDocument } from './labProcess.ts';
import { type OtjRun, otj } from './otj.ts';

export interface PracticeSite {
  path: string;
  passphrase: string;
}

/** The commands that bring a site from nothing to prepared, each with the secrets it reads from descriptors 3, 4, … */
export function setUpCommands(
  { path, passphrase }: PracticeSite,
  lab: LabDocument,
  list: string,
): { args: string[]; secrets: string[] }[] {
  const fds = ['--passphrase-fd', '3'];
  const credential = (kind: string, user: string, secret: string) => ({
    args: ['credential', 'set', path, '--for', kind, '--user', user, ...fds, '--password-fd', '4'],
    secrets: [passphrase, secret],
  });
  const infinity = new URL(lab.infinity.url).host;
  return [
    {
      args: [
        'init',
        path,
        '--name',
        'Nordbank Oslo',
        '--technician',
        'Practice',
        '--ssh-port',
        String(lab.ports.ssh),
        '--https-port',
        String(lab.ports.https),
        ...fds,
      ],
      secrets: [passphrase],
    },
    { args: ['import', path, list], secrets: [] },
    credential('cisco', lab.logins.cisco.username, lab.logins.cisco.passphrase),
    credential('poly', lab.logins.poly.username, lab.logins.poly.password),
    credential('infinity', lab.infinity.username, lab.infinity.password),
    { args: ['infinity', 'set', path, infinity, '--group', lab.infinity.group, '--trust-shown'], secrets: [] },
    // Practice devices answer at once, so there is no need to ask them as seldom as a real one.
    { args: ['settings', path, 'proofEveryMs=500', 'proofMs=20000'], secrets: [] },
  ];
}

/** @param run how a command is given, e.g. `otjHere` where the commands themselves are not what is tested */
export async function setUpSite(folder: string, lab: LabDocument, list: string, run = otj): Promise<PracticeSite> {
  const site = { path: `${folder}/practice.otjsite`, passphrase: randomBytes(12).toString('base64url') };
  for (const { args, secrets } of setUpCommands(site, lab, list)) assertWell(args, await run(args, ...secrets));
  return site;
}

function assertWell(args: readonly string[], { code, stdout, stderr }: OtjRun): void {
  if (code !== 0) throw new Error(`otj ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
}
