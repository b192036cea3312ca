/**
 * A closer look at one host, without logging in: nothing is sent that could count as a failed login. What everybody is
 * shown is read (certificate, headers, banner, SIP agent), the least first, until it is known what it is.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { Fact } from '../contract/evidence.ts';
import type { Look, OpenPorts, Ports } from './host.ts';
import { type SipAsker, sipOverTcp } from './look/sip.ts';
import { sshFacts } from './look/ssh.ts';
import { httpsFacts, plainHttpFacts } from './look/web.ts';
import { judge, namedIn } from './verdict.ts';

export interface LookOptions {
  ports: Ports;
  /** Longest wait for one answer, milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
  sip: SipAsker;
  /** Keeps handshakes to a few at once: they are what a look costs a processor. */
  handshakes: LimitFunction;
}

/** Of all looks of one search. */
export function fewHandshakes(): LimitFunction {
  return pLimit(HANDSHAKES);
}

const HANDSHAKES = 24;

/** @returns null where no door is open. Never throws for what a host does. */
export async function lookAt(address: string, open: OpenPorts, options: LookOptions): Promise<Look | null> {
  const { ports, timeoutMs, signal, sip, handshakes } = options;
  const isNamed = (facts: readonly Fact[]) => judge(facts).kind !== null;
  const first = await Promise.all([
    open.https
      ? handshakes(() =>
          signal.aborted ? [] : httpsFacts(address, ports.https, { timeoutMs, signal, isEnough: isNamed }),
        )
      : [],
    open.ssh ? sshFacts(address, ports.ssh, timeoutMs, signal) : [],
    sip.ask(address, ports.sip, Math.min(timeoutMs, sipPatience(open.rttMs))),
  ]);
  const facts = first.flat();
  if (!isNamed(facts) && !signal.aborted) {
    const more = [
      plainHttpFacts(address, ports.http, { timeoutMs, signal }),
      sipOverTcp(address, ports.sip, timeoutMs, signal),
      // A datagram may get lost, and a device may be slow with the first one.
      sip.ask(address, ports.sip, Math.min(timeoutMs, SIP_AGAIN_MS + 8 * open.rttMs)),
    ];
    facts.push(...(await Promise.all(more)).flat());
  }
  if (facts.length === 0 && !open.https && !open.ssh) return null;
  return { address, facts: [...openFact(open, ports), ...facts, ...namedIn(facts)] };
}

const SIP_AGAIN_MS = 800;

/** An answer to a datagram takes about as long as one to a connection; many hosts never give one. */
function sipPatience(rttMs: number): number {
  return 250 + 8 * rttMs;
}

function openFact({ https, ssh }: OpenPorts, ports: Ports): Fact[] {
  const open = [https ? `HTTPS ${ports.https}` : '', ssh ? `SSH ${ports.ssh}` : ''].filter(Boolean).join(', ');
  return open ? [{ source: 'tcp', name: 'open', value: open }] : [];
}
