/** Handshakes and nothing else: no request and no password goes out. For finding out why a peer cannot be spoken to. */
import { createHash } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { TrustStore } from '../../driver.ts';
import { type AgreedTls, agreedOn, clientTls } from './agreed.ts';
import { HandshakeListener } from './listener.ts';

interface Peer {
  address: string;
  port: number;
  timeoutMs: number;
}

/** Longest look for the reason of a failure, milliseconds. */
const LOOK_MS = 3_000;
/** After a TLS 1.3 handshake that the client takes for done, how long the server may take to object, milliseconds. */
const OBJECTION_MS = 500;
const UNREACHABLE = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'];

/** Whether nothing answers at the address, by the code of a socket's error. */
export function isUnreachable(errorCode: string): boolean {
  return UNREACHABLE.includes(errorCode);
}

/** Whether the server broke off for want of a client certificate (RFC 8446, 6.2; as OpenSSL and BoringSSL name it). */
export function wantsClientCertificate(errorCode: string): boolean {
  return /^ERR_SSL_TLSV13?_ALERT_CERTIFICATE_REQUIRED$/.test(errorCode);
}

/**
 * Why no connection came about, found out by further handshakes: CLIENT_CERTIFICATE, LEGACY_NEEDED, or null when these
 * do not tell. Never throws.
 * @param legacy what the failed connection allowed
 */
export async function whyNoTls(peer: Peer, legacy: boolean): Promise<OtjError | null> {
  const where = `${peer.address}:${peer.port}`;
  const look = { ...peer, timeoutMs: Math.min(peer.timeoutMs, LOOK_MS) };
  const first = await shakeHands(look, { legacy, objectionMs: OBJECTION_MS });
  if (first.wantsCertificate) return new OtjError('CLIENT_CERTIFICATE', where);
  if (legacy || first.agreed || !isRefusal(first.errorCode)) return null;
  const old = await shakeHands(look, { legacy: true, objectionMs: 0 });
  if (!old.agreed && !old.wantsCertificate) return null;
  return new OtjError('LEGACY_NEEDED', [where, old.agreed?.weakness ?? old.agreed?.version ?? []].flat().join(' '));
}

/**
 * The best that a server agrees to, old versions included.
 * Throws OtjError UNREACHABLE, TIMEOUT, HANDSHAKE, CLIENT_CERTIFICATE (where the handshake itself tells), TRUST_CHANGED.
 */
export async function bestTls(peer: Peer, trust: TrustStore): Promise<AgreedTls> {
  const outcome = await shakeHands(peer, { legacy: true, objectionMs: 0, trust });
  const { agreed, errorCode, mistrust } = outcome;
  if (mistrust) throw mistrust;
  if (agreed) return agreed;
  if (outcome.wantsCertificate) throw new OtjError('CLIENT_CERTIFICATE', `${peer.address}:${peer.port}`);
  const words = `${peer.address}:${peer.port} ${errorCode}`;
  if (errorCode === TIMED_OUT) throw new OtjError('TIMEOUT', `${peer.address}:${peer.port}`);
  throw new OtjError(isUnreachable(errorCode) ? 'UNREACHABLE' : 'HANDSHAKE', words);
}

/** Pins the certificate that a server showed. Throws what `trust` throws, HANDSHAKE when there is none. */
export function checkPin(trust: TrustStore, certificate: Buffer | undefined): void {
  if (!certificate) throw new OtjError('HANDSHAKE', 'the device showed no certificate');
  trust.check('tls', createHash('sha256').update(certificate).digest('hex'));
}

const TIMED_OUT = 'TIMED_OUT';

/** Whether a failure is one of the handshake itself: an alert, or the server hung up on what was offered. */
function isRefusal(errorCode: string): boolean {
  return errorCode.startsWith('ERR_SSL') || errorCode === 'ECONNRESET';
}

type Outcome = { agreed: AgreedTls | null; wantsCertificate: boolean; errorCode: string; mistrust: OtjError | null };
type Manner = { legacy: boolean; objectionMs: number; trust?: TrustStore };

/** One handshake. Never throws. */
function shakeHands({ address, port, timeoutMs }: Peer, { legacy, objectionMs, trust }: Manner): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const tcp = connectTcp({ host: address, port });
  const listener = new HandshakeListener();
  const tls = connectTls({
    ...clientTls(legacy),
    socket: listenedTo(tcp, listener),
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  let agreed: AgreedTls | null = null;
  let settling: NodeJS.Timeout | undefined;
  const finish = (errorCode: string, mistrust: OtjError | null = null) => {
    clearTimeout(timer);
    clearTimeout(settling);
    const wantsCertificate =
      wantsClientCertificate(errorCode) || (!agreed && listener.asksForCertificate && isRefusal(errorCode));
    resolve({ agreed: wantsCertificate ? null : agreed, wantsCertificate, errorCode, mistrust });
    tls.destroy();
    tcp.destroy();
  };
  const timer = setTimeout(() => finish(TIMED_OUT), timeoutMs);
  const failed = (error: NodeJS.ErrnoException) => finish(error.code ?? 'ERR_SSL');
  tcp.on('error', failed);
  tls.on('error', failed);
  tls.on('close', () => finish('ECONNRESET'));
  tls.once('secureConnect', () => {
    try {
      if (trust) checkPin(trust, tls.getPeerX509Certificate()?.raw);
    } catch (thrown) {
      return finish('', asOtjError(thrown));
    }
    agreed = agreedOn(tls);
    if (agreed.version === 'TLSv1.3' && objectionMs > 0) settling = setTimeout(() => finish(''), objectionMs);
    else finish('');
  });
  return promise;
}

/** The socket as a stream whose incoming bytes the listener sees as well. */
function listenedTo(tcp: Socket, listener: HandshakeListener): Duplex {
  const wire = new Duplex({
    read: () => void tcp.resume(),
    write: (chunk, _encoding, done) => void tcp.write(chunk, done),
    final: (done) => void tcp.end(done),
    destroy: (error, done) => {
      tcp.destroy();
      done(error);
    },
  });
  // Told by `tcp` itself; without a listener it would end the process.
  wire.on('error', () => undefined);
  tcp.on('data', (piece) => {
    listener.hear(piece);
    if (!wire.push(piece)) tcp.pause();
  });
  tcp.on('end', () => void wire.push(null));
  return wire;
}
