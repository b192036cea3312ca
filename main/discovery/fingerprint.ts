/**
 * What is at an address, without logging in: nothing is sent that could count as a failed login.
 * Signs: Cisco endpoints answer the XML API with a realm of their own (recorded on RoomOS); Poly VideoOS refuses
 * `/rest/system` in JSON (assumed from its REST guide, so told as `likely`).
 */
import { connect } from 'node:net';
import { asOtjError } from '../contract/errors.ts';
import type { Family } from '../contract/plan.ts';
import type { TrustStore } from '../endpoints/driver.ts';
import { type HttpReply, openHttp } from '../endpoints/transports/http.ts';

export interface Sighting {
  address: string;
  family: Family | null;
  /** One line of evidence for a person. */
  evidence: string;
}

export interface ProbeOptions {
  sshPort: number;
  httpsPort: number;
  timeoutMs: number;
  signal: AbortSignal;
}

/** No secret is sent while looking, so any certificate may be looked at; it is pinned at the first login. */
const LOOK_ONLY: TrustStore = { check: () => undefined };

/** @returns null when nothing answers on either port. Never throws for what a host does. */
export async function probe(
  address: string,
  { sshPort, httpsPort, timeoutMs, signal }: ProbeOptions,
): Promise<Sighting | null> {
  const [https, ssh] = await Promise.all([isOpen(address, httpsPort, timeoutMs), isOpen(address, sshPort, timeoutMs)]);
  if (!https && !ssh) return null;
  const ports = [https ? `HTTPS ${httpsPort}` : '', ssh ? `SSH ${sshPort}` : ''].filter(Boolean).join(', ');
  if (!https) return { address, family: null, evidence: `${ports} open` };
  const link = openHttp({ address, port: httpsPort, timeoutMs, tls: { pin: LOOK_ONLY }, maxBytes: 256 * 1024 });
  try {
    const xml = await link.request({ method: 'GET', path: '/getxml?location=/Status/SystemUnit', signal });
    const realm = /realm="([^"]{0,64})"/.exec(header(xml, 'www-authenticate'))?.[1];
    if (xml.status === 401 && realm === 'CISCO-Endpoint')
      return { address, family: 'cisco-roomos', evidence: `Cisco endpoint: realm ${realm}; ${ports}` };
    const rest = await link.request({ method: 'GET', path: '/rest/system', signal });
    if ((rest.status === 401 || rest.status === 403) && isJson(rest))
      return {
        address,
        family: 'poly-videoos',
        evidence: `likely Poly: /rest/system refuses in JSON (HTTP ${rest.status}); ${ports}`,
      };
    return { address, family: null, evidence: `not recognised (HTTP ${xml.status}); ${ports}` };
  } catch (thrown) {
    return { address, family: null, evidence: `answers oddly (${asOtjError(thrown).code}); ${ports}` };
  } finally {
    await link.close();
  }
}

function header({ headers }: HttpReply, name: string): string {
  return [headers[name] ?? ''].flat().join(', ');
}

function isJson({ text }: HttpReply): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

function isOpen(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
