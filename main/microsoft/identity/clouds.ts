/** Where the identity service and Graph of a tenant are. National clouds as msal-node and the pages of Graph name them. */
import { OtjError } from '../../contract/errors.ts';
import type { Connection, ConnectionCloud } from '../../contract/microsoft/connection.ts';

interface Hosts {
  /** Base of the authority, without the tenant. */
  authority: string;
  graph: string;
}

const CLOUDS: Readonly<Record<Exclude<ConnectionCloud, 'other'>, Hosts>> = {
  worldwide: { authority: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  'gcc-high': { authority: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  dod: { authority: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: { authority: 'https://login.chinacloudapi.cn', graph: 'https://microsoftgraph.chinacloudapi.cn' },
};

export interface Cloud {
  /** With the tenant, as msal wants it. */
  readonly authority: string;
  /** Host with port of the authority: a browser is sent nowhere else. */
  readonly authorityHost: string;
  /** `https://graph…`, without a version. */
  readonly graph: string;
  /** Whether Microsoft itself runs it; of others msal has to be told that the host is meant. */
  readonly isMicrosofts: boolean;
}

/** Throws SETTING_UNFIT when the addresses of a cloud of one's own are missing. */
export function cloudOf({ cloud, other, tenant }: Pick<Connection, 'cloud' | 'other' | 'tenant'>): Cloud {
  const hosts = cloud === 'other' ? other : CLOUDS[cloud];
  if (!hosts)
    throw new OtjError('SETTING_UNFIT', 'the cloud “other” needs the addresses of its authority and of Graph');
  return {
    authority: `${hosts.authority}/${tenant}`,
    authorityHost: new URL(hosts.authority).host,
    graph: hosts.graph.replace(/\/v1\.0$/, ''),
    isMicrosofts: cloud !== 'other',
  };
}
