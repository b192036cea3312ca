/** The form of the tenant: texts as typed, and what is wrong with them. The services judge the rest. */
import type { Connection, ConnectionCloud } from '../../../main/contract/microsoft/connection.ts';

export interface ConnectForm {
  cloud: ConnectionCloud;
  authority: string;
  graph: string;
  ca: string | null;
  tenant: string;
  clientId: string;
  selectedSites: boolean;
}
export type Fault = 'guid' | 'tenant' | 'https';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const DOMAIN = /^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/i;

export function formOf(connection: Connection | null): ConnectForm {
  return {
    cloud: connection?.cloud ?? 'worldwide',
    authority: connection?.other?.authority ?? '',
    graph: connection?.other?.graph ?? '',
    ca: connection?.ca ?? null,
    tenant: connection?.tenant ?? '',
    clientId: connection?.clientId ?? '',
    selectedSites: connection?.selectedSites ?? false,
  };
}

export function settingsOf({ cloud, authority, graph, ca, tenant, clientId, selectedSites }: ConnectForm) {
  const other = cloud === 'other' ? { authority: authority.trim(), graph: graph.trim() } : null;
  return { cloud, other, ca, tenant: tenant.trim(), clientId: clientId.trim(), selectedSites };
}

export function faultsOf(form: ConnectForm): Partial<Record<keyof ConnectForm, Fault>> {
  const { other, tenant, clientId } = settingsOf(form);
  const faults: Partial<Record<keyof ConnectForm, Fault>> = {};
  if (!GUID.test(tenant) && !DOMAIN.test(tenant)) faults.tenant = 'tenant';
  if (!GUID.test(clientId)) faults.clientId = 'guid';
  if (other && !isHttps(other.authority)) faults.authority = 'https';
  if (other && !isHttps(other.graph)) faults.graph = 'https';
  return faults;
}

function isHttps(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:';
}
