/** The way to speak to a codec: the one that was chosen, or the one that is there. */
import type { Transport } from '../../contract/device.ts';
import { asOtjError, OtjError } from '../../contract/errors.ts';
import type { EndpointTarget } from '../driver.ts';
import { NoLoginTried } from '../transports/loginOutcome.ts';
import { openShell } from '../transports/ssh.ts';
import type { LinkTap } from '../transports/tap.ts';
import { XmlApi } from './https/xmlApi.ts';
import { Tsh } from './ssh/tsh.ts';
import type { Xapi } from './xapi.ts';

/** Codecs know no telnet. */
type CodecTransport = Exclude<Transport, 'telnet'>;

const NAMES: Record<CodecTransport, string> = { ssh: 'SSH', https: 'HTTPS' };

type Open = (target: EndpointTarget, signal: AbortSignal, tap: LinkTap | undefined) => Promise<Xapi>;
const OPEN: Record<CodecTransport, Open> = {
  async ssh(target, signal, tap) {
    const shell = await openShell(target, signal);
    return Tsh.start(tap?.shell(shell, 'ssh') ?? shell, target.timeoutMs);
  },
  https: (target, signal, tap) => XmlApi.start(target, signal, tap ? { tap: (link) => tap.http(link) } : {}),
};

/** These come from before any login, even where something was sent already. */
const NOT_THERE: readonly string[] = ['LEGACY_NEEDED', 'CLIENT_CERTIFICATE'];
/** A device that says so is there; the other way would meet the same, or must not be tried. */
const THERE: readonly string[] = ['TRUST_CHANGED', 'SESSION_LIMIT', 'DUPLICATE_SESSION', 'CANCELLED', 'STARTING'];

/**
 * Logs in to a codec, one try in all. With `auto` the transport that worked last comes first, else SSH: it has no rate
 * limit and takes all reads in one flight. The other follows only when the first is not there at all.
 * Throws what the transport throws. When none is there: the error of the first, with the words of both.
 */
export async function openCodec(target: EndpointTarget, signal: AbortSignal, tap?: LinkTap): Promise<Xapi> {
  const { transport, lastTransport } = target;
  if (transport === 'ssh' || transport === 'https') return OPEN[transport](target, signal, tap);
  const first = lastTransport === 'https' ? 'https' : 'ssh';
  const second = first === 'ssh' ? 'https' : 'ssh';
  const missing = await attempt(() => OPEN[first](target, signal, tap));
  if (!(missing instanceof OtjError)) return missing;
  if (signal.aborted) throw new OtjError('CANCELLED');
  const also = await attempt(() => OPEN[second](target, signal, tap));
  if (!(also instanceof OtjError)) return also;
  // What can be done about it is told by the code: old encryption can be allowed, a closed port cannot.
  const code = also.code === 'LEGACY_NEEDED' ? also.code : missing.code;
  throw new NoLoginTried(code, `${describe(first, missing)}; ${describe(second, also)}`);
}

/** @returns the session, or the error that says that nothing is there; throws any other */
async function attempt(open: () => Promise<Xapi>): Promise<Xapi | OtjError> {
  try {
    return await open();
  } catch (thrown) {
    const error = asOtjError(thrown);
    const notThere = error instanceof NoLoginTried && !THERE.includes(error.code);
    if (notThere || NOT_THERE.includes(error.code)) return error;
    throw thrown;
  }
}

function describe(transport: CodecTransport, { code, words }: OtjError): string {
  return `${NAMES[transport]}: ${code}${words ? ` ${words}` : ''}`;
}
