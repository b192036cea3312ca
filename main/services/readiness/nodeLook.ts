/**
 * What a Poly device will meet at a Conferencing Node: does its name resolve, does it answer, and which certificate does
 * it show for that name. Handshakes only: nothing is asked of the node.
 */
import type { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';

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
  /** What it is made out to: names and addresses. */
  names: string;
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

/** Two handshakes: one that trusts, and one without any authority, since authorities of this computer join the chain. */
async function certificateOf({ ca, ...where }: Where, signal: AbortSignal): Promise<NodeCertificate | null> {
  const judge = (socket: TLSSocket) => {
    const own = socket.getPeerX509Certificate();
    // A name that does not fit is told apart from an authority that is not known.
    const mistrust = String(socket.authorizationError ?? '');
    const trusted = socket.authorized || mistrust === 'ERR_TLS_CERT_ALTNAME_INVALID';
    return own ? { own, trusted } : null;
  };
  const [judged, chain] = await Promise.all([
    handshake({ ...where, ...(ca ? { ca } : {}) }, signal, judge),
    handshake({ ...where, ca: [] }, signal, (socket) => lengthOf(socket.getPeerCertificate(true))),
  ]);
  return judged && chain ? { ...describe(judged.own, where.fqdn), trusted: judged.trusted, chain } : null;
}

/** @returns what `read` makes of the other side; null = nothing answers with TLS */
function handshake<T>(
  { host, port, fqdn, ...ca }: Omit<Where, 'ca'> & { ca?: string | string[] },
  signal: AbortSignal,
  read: (socket: TLSSocket) => T,
): Promise<T | null> {
  return new Promise((resolve) => {
    const options = { host, port, servername: fqdn, rejectUnauthorized: false, timeout: LOOK_MS, ...ca };
    const socket = connect(options, () => end(read(socket)));
    const end = (seen: T | null) => {
      socket.destroy();
      signal.removeEventListener('abort', stop);
      resolve(seen);
    };
    const stop = () => end(null);
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', stop);
    socket.on('timeout', stop);
  });
}

/** The last one is its own issuer, or has none. */
function lengthOf(peer: DetailedPeerCertificate): number {
  const seen = new Set<string>();
  let one: DetailedPeerCertificate | undefined = peer;
  while (one?.raw && !seen.has(one.fingerprint256)) {
    seen.add(one.fingerprint256);
    one = one.issuerCertificate;
  }
  return seen.size;
}

function describe(own: X509Certificate, fqdn: string): Omit<NodeCertificate, 'trusted' | 'chain'> {
  return {
    namesIt: own.checkHost(fqdn) !== undefined,
    subject: line(own.subject),
    names: line(own.subjectAltName ?? ''),
    issuer: line(own.issuer),
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
