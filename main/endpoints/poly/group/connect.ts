/** The way to speak to a RealPresence Group: the one that was chosen, or the first that is there. */
import type { Transport } from '../../../contract/device.ts';
import { asOtjError, OtjError } from '../../../contract/errors.ts';
import type { EndpointTarget } from '../../driver.ts';
import type { Redactor } from '../../redact.ts';
import { isNoWay, NoLoginTried } from '../../transports/loginOutcome.ts';
import { openShell } from '../../transports/ssh.ts';
import type { LinkTap } from '../../transports/tap.ts';
import { openTelnet } from '../../transports/telnet.ts';
import { startCli } from '../cli/start.ts';
import { cliWay } from '../cli/way.ts';
import { groupMapping } from '../mapping.ts';
import { openSession } from '../videoos/session.ts';
import type { PolyWay } from '../way.ts';
import { groupRestWay } from './rest.ts';

type Open = (target: EndpointTarget, signal: AbortSignal, tap?: LinkTap) => Promise<PolyWay>;

const { registration } = groupMapping;

export const OPEN: Record<Transport, Open> = {
  https: async (target, signal, tap) => groupRestWay(await openSession(target, signal, { askFirst: true, tap })),
  async ssh(target, signal, tap) {
    let weakness: string | null = null;
    const open = async (redactor?: Redactor) => {
      // Public drivers see the line ends of a terminal, so one is asked for.
      const shell = await openShell(target, signal, { terminal: true });
      weakness = shell.weakness;
      return startCli(tap?.shell(shell, 'ssh') ?? shell, null, target.timeoutMs, redactor);
    };
    const started = await open();
    started.session.redactor.add(target.password);
    return cliWay(started, { transport: 'ssh', weakness }, registration, open);
  },
  async telnet(target, signal, tap) {
    let weakness: string | null = null;
    const open = async (redactor?: Redactor) => {
      const shell = await openTelnet(target, signal);
      weakness = shell.weakness;
      return startCli(tap?.shell(shell, 'telnet') ?? shell, target.password, target.timeoutMs, redactor);
    };
    return cliWay(await open(), { transport: 'telnet', weakness }, registration, open);
  },
};

/**
 * No connection came about, so that no password went anywhere: the command line may be tried. A device that says only
 * after it had the password that it has no REST API is not among them: a second try counts towards a lock-out.
 */
const NO_REST: readonly string[] = ['UNREACHABLE', 'HANDSHAKE', 'LEGACY_NEEDED', 'CLIENT_CERTIFICATE'];

/**
 * Logs in, one try in all. With `auto` REST comes first, since only it tells of registration; SSH follows when there is
 * no REST API. Telnet is never tried unasked.
 * @param tap listens in on the connection, whichever it is
 * Throws what the way throws; when none is there, the error of REST with the words of both.
 */
export async function openGroup(target: EndpointTarget, signal: AbortSignal, tap?: LinkTap): Promise<PolyWay> {
  if (target.transport !== 'auto') return OPEN[target.transport](target, signal, tap);
  if (target.lastTransport === 'ssh') {
    const way = await attempt(() => OPEN.ssh(target, signal, tap), isNoWay);
    if (!(way instanceof OtjError)) return way;
    return OPEN.https(target, signal, tap);
  }
  const missing = await attempt(() => OPEN.https(target, signal, tap), isNoRest);
  if (!(missing instanceof OtjError)) return missing;
  const also = await attempt(() => OPEN.ssh(target, signal, tap), isNoWay);
  if (!(also instanceof OtjError)) return also;
  throw new NoLoginTried(
    also.code === 'LEGACY_NEEDED' ? also.code : missing.code,
    `REST: ${words(missing)}; SSH: ${words(also)}; telnet is not encrypted and was not tried`,
  );
}

const isNoRest = (error: OtjError) => isNoWay(error) || NO_REST.includes(error.code);

/** @returns the way, or the error that says that it is not there; throws any other */
async function attempt(
  open: () => Promise<PolyWay>,
  isAbsent: (error: OtjError) => boolean,
): Promise<PolyWay | OtjError> {
  try {
    return await open();
  } catch (thrown) {
    const error = asOtjError(thrown);
    if (isAbsent(error)) return error;
    throw thrown;
  }
}

function words({ code, words: own }: OtjError): string {
  return `${code}${own ? ` ${own}` : ''}`;
}
