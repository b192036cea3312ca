/** Where the identity service and Graph of a tenant are. National clouds as msal-node and the pages of Graph name them. */
import { OtjError } from '../../contract/errors.ts';
import type { Connection, ConnectionCloud } from '../../contract/microsoft/connection.ts';

interface Hosts {
  /** Base of the authority, without the tenant. */
  authority: string;
  graph: string;
  /** Another name of the authority's host. */
  alias?: string;
}

const CLOUDS: Readonly<Record<Exclude<ConnectionCloud, 'other'>, Hosts>> = {
  worldwide: { authority: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  'gcc-high': { authority: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  dod: { authority: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: {
    authority: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    alias: 'login.partner.microsoftonline.cn',
  },
};

export interface Cloud {
  /** With the tenant, as msal wants it. */
  readonly authority: string;
  /** Host with port of the authority, as it is set. */
  readonly authorityHost: string;
  /** The same with its other names, which msal goes to by itself: a browser is sent, and a secret goes, nowhere else. */
  readonly authorityHosts: ReadonlySet<string>;
  /** `https://graph…`, without a version. */
  readonly graph: string;
  /** Whether Microsoft itself runs it; of others msal has to be told that the host is meant. */
  readonly isMicrosofts: boolean;
}

/** Throws SETTING_UNFIT when the addresses of a cloud of one's own are missing. */
export function cloudOf({ cloud, other, tenant }: Pick<Connection, 'cloud' | 'other' | 'tenant'>): Cloud {
  const hosts: Hosts | null = cloud === 'other' ? other : CLOUDS[cloud];
  if (!hosts)
    throw new OtjError('SETTING_UNFIT', 'the cloud “other” needs the addresses of its authority and of Graph');
  const { host } = new URL(hosts.authority);
  return {
    authority: `${hosts.authority}/${tenant}`,
    authorityHost: host,
    authorityHosts: new Set(hosts.alias ? [host, hosts.alias] : [host]),
    graph: hosts.graph.replace(/\/v1\.0$/, ''),
    isMicrosofts: cloud !== 'other',
  };
}
