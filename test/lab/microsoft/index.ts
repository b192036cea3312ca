/** Microsoft 365 on this computer: the identity side and Graph, each over real TLS, joined by the keys of the tokens. */

import { directoryRoutes } from './graph/directory.ts';
import { LabDrives } from './graph/drive.ts';
import { LabSites } from './graph/lists.ts';
import { mailboxRoutes } from './graph/mailboxes.ts';
import { placeRoutes } from './graph/places.ts';
import { type GraphLab, startGraphLab } from './graph/server.ts';
import { Tenant as Directory } from './graph/tenant.ts';
import { type Identity, startIdentity } from './identity/identity.ts';
import type { Tenant } from './identity/tenant.ts';

export interface MicrosoftOptions {
  /** Who may sign in, and as which app. */
  tenant: Tenant;
  /** Accounts and groups; an empty directory when absent. */
  directory?: Directory;
  /** Of a SharePoint site that is there: host and path. */
  site?: { host: string; path: string; name: string };
  address?: string;
  /** One each for identity and Graph; 0 = any. */
  ports?: { identity: number; graph: number };
}

export interface MicrosoftLab {
  readonly identity: Identity;
  readonly graph: GraphLab;
  readonly directory: Directory;
  readonly sites: LabSites;
  /** What a connection of the cloud `other` needs to come here. */
  readonly connection: {
    cloud: 'other';
    other: { authority: string; graph: string };
    /** Both authorities, PEM. */
    ca: string;
    tenant: string;
    clientId: string;
  };
  stop(): Promise<void>;
}

export async function startMicrosoft(options: MicrosoftOptions): Promise<MicrosoftLab> {
  const { tenant, directory = new Directory(), address = '127.0.0.1', ports = { identity: 0, graph: 0 } } = options;
  // Entra names Graph in its tokens by this address, wherever it is reached.
  const audience = 'https://graph.microsoft.com';
  const identity = await startIdentity({ tenants: [tenant], audience, address, port: ports.identity });
  const sites = new LabSites();
  const drives = new LabDrives(sites);
  if (options.site) sites.addSite(options.site.host, options.site.path, options.site.name);
  try {
    const graph = await startGraphLab({
      jwks: identity.jwks,
      issuer: identity.issuerOf(tenant),
      audience,
      address,
      port: ports.graph,
      routes: [
        ...directoryRoutes(directory),
        ...mailboxRoutes(directory),
        ...placeRoutes(directory),
        ...sites.routes,
        ...drives.routes,
      ],
      beside: drives.beside,
    });
    const { origin } = new URL(graph.url);
    drives.origin = origin;
    return {
      ...{ identity, graph, directory, sites },
      connection: {
        cloud: 'other',
        other: { authority: identity.authority, graph: origin },
        ca: `${identity.certificate}\n${graph.certificate}`,
        tenant: tenant.domain,
        clientId: tenant.registration.clientId,
      },
      async stop() {
        await Promise.all([identity.stop(), graph.host.stop()]);
      },
    };
  } catch (thrown) {
    await identity.stop();
    throw thrown;
  }
}
