/** Site files whose app is signed in to the lab's Microsoft 365 by its certificate, so that nobody has to be asked. */
import { generate } from 'selfsigned';
import { connect, signInApp } from '../../main/services/connection.ts';
import type { Site } from '../../main/site/site.ts';
import { contoso } from '../lab/microsoft/contoso.ts';
import { type MicrosoftLab, startMicrosoft } from '../lab/microsoft/index.ts';

export interface TeamLab extends MicrosoftLab {
  /** Of the SharePoint site. */
  readonly address: string;
  signIn(site: Site): Promise<void>;
}

export async function startTeamLab(): Promise<TeamLab> {
  const tenant = contoso();
  const named = [{ name: 'commonName', value: 'OTJ Migrator at Contoso' }];
  const { cert, private: key } = await generate(named, { keySize: 2048 });
  tenant.registration.certificate = cert;
  for (const all of [tenant.consented, tenant.roles]) all.add('Sites.Manage.All');
  const site = { host: 'contoso.sharepoint.com', path: '/sites/otj', name: 'OTJ' };
  const lab = await startMicrosoft({ tenant, site });
  return {
    ...lab,
    address: `https://${site.host}${site.path}`,
    async signIn(opened) {
      await connect(opened, lab.connection);
      await signInApp(opened, `${cert}\n${key}`);
    },
  };
}
