/**
 * What a Poly device will meet at a Conferencing Node: does its name resolve, does it answer, and which certificate does
 * it show for that name. Handshakes only: nothing is asked of the node.
 */
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect, type DetailedPeerCertificate } from 'node:tls';

export interface NodeToLook {
  fqdn: string;
  /** Address from Infinity's configuration, for when the name does not resolve from here. */
  address: string | null;
  /** Authority that is trusted in place of this computer's, PEM. */
  ca?: string;
}

export interface NodeLook {
  fqdn: string;
  /** Whether this computer's name server knows the name. */
  resolves: boolean;
  /** null = nothing answers with TLS. */
  certificate: NodeCertificate | null;
}

export interface NodeCertificate {
  /** Whether it is made out to the name, as a device checks it. */
  namesIt: boolean;
  /** Whether an authority that this computer trusts has signed it, over the certificates that the node sends. */
  trusted: boolean;
  subject: string;
  issuer: string;
  /** Certificates that the node sends. */
  chain: number;
  validTo: Date;
}

const LOOK_MS = 4_000;

/** Never throws. @param port where the nodes answer */
export async function lookAtNode(
  { fqdn, address, ca }: NodeToLook,
  port: number,
  signal: AbortSignal,
): Promise<NodeLook> {
  const resolved = await withinTime(lookup(fqdn).then((found) => found.address));
  const host = resolved ?? address;
  const certificate =
    host && !signal.aborted ? await certificateOf({ host, port, fqdn, ...(ca ? { ca } : {}) }, signal) : null;
  return { fqdn, resolves: resolved !== null, certificate };
}

async function withinTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LOOK_MS);
  });
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
}

type Where = { host: string; port: number; fqdn: string; ca?: string };

function certificateOf({ host, port, fqdn, ca }: Where, signal: AbortSignal): Promise<NodeCertificate | null> {
  return new Promise((resolve) => {
    const options = {
      host,
      port,
      servername: fqdn,
      rejectUnauthorized: false,
      timeout: LOOK_MS,
      ...(ca ? { ca } : {}),
    };
    const socket = connect(options, () => end(describe(socket.getPeerCertificate(true))));
    const end = (seen: Omit<NodeCertificate, 'namesIt' | 'trusted'> | null) => {
      const own = socket.getPeerX509Certificate();
      // A name that does not fit is told apart from an authority that is not known.
      const mistrust = String(socket.authorizationError ?? '');
      const trusted = socket.authorized || mistrust === 'ERR_TLS_CERT_ALTNAME_INVALID';
      socket.destroy();
      signal.removeEventListener('abort', stop);
      resolve(seen && own ? { ...seen, trusted, namesIt: own.checkHost(fqdn) !== undefined } : null);
    };
    const stop = () => end(null);
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', stop);
    socket.on('timeout', stop);
  });
}

function describe(peer: DetailedPeerCertificate): Omit<NodeCertificate, 'namesIt' | 'trusted'> | null {
  if (!peer.raw) return null;
  const own = new X509Certificate(peer.raw);
  const seen = new Set<string>();
  for (let one: DetailedPeerCertificate | undefined = peer; one?.raw && !seen.has(one.fingerprint256); )
    [one] = [seen.add(one.fingerprint256) && one.issuerCertificate];
  return {
    subject: line(own.subject),
    issuer: line(own.issuer),
    chain: seen.size,
    validTo: new Date(own.validTo),
  };
}

/** Names of a certificate are another's words: one line, of a sane length. */
function line(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ', ')
    .trim()
    .slice(0, 200);
}
