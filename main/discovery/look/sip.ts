/** Asks SIP user agents for their name with OPTIONS (RFC 3261, 11): no registration, no call, no login. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Fact } from '../../contract/evidence.ts';
import { addressesOf } from '../networks.ts';
import { afterNews } from '../sweep/afterNews.ts';
import { plain } from '../words.ts';
import { wordsOf } from './words.ts';

const LONGEST_REPLY = 8_192;

/** One socket for all questions by datagram. */
export class SipAsker {
  private readonly socket: Socket;
  private readonly waiting = new Map<string, (facts: Fact[]) => void>();
  /** Whether datagrams can be sent at all. */
  private works = true;

  constructor() {
    this.socket = createSocket('udp4');
    this.socket.unref();
    this.socket.on('error', () => {
      this.works = false;
    });
    this.socket.on('message', (message, { address }) => this.heard(message, address));
  }

  /** Never rejects; empty when nothing comes. One datagram. */
  ask(address: string, port: number, timeoutMs: number): Promise<Fact[]> {
    if (!this.works) return Promise.resolve([]);
    return new Promise((resolve) => {
      const end = (facts: Fact[]) => {
        clearTimeout(timer);
        this.waiting.delete(address);
        resolve(facts);
      };
      const timer = setTimeout(afterNews, timeoutMs, () => end([]));
      this.waiting.set(address, end);
      this.socket.send(question(address, port, 'UDP'), port, address, (error) => error && end([]));
    });
  }

  close(): void {
    this.works = false;
    for (const end of this.waiting.values()) end([]);
    try {
      this.socket.close();
    } catch {
      // It was never opened, or is closed after an error.
    }
  }

  private heard(message: Buffer, address: string): void {
    const end = this.waiting.get(address);
    const facts = agentFacts(message.toString('latin1', 0, LONGEST_REPLY));
    // Whatever else comes from there, the answer may still follow.
    if (end && facts.length > 0) end(facts);
  }
}

/** Never rejects. */
export async function sipOverTcp(
  address: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Fact[]> {
  const say = question(address, port, 'TCP');
  const isEnough = (heard: string) => heard.includes('\r\n\r\n');
  return agentFacts(await wordsOf({ address, port, timeoutMs, signal, say, most: LONGEST_REPLY, isEnough }));
}

/** With `rport` the answer comes back to where the question came from (RFC 3581), whatever stands in Via. */
function question(address: string, port: number, transport: 'UDP' | 'TCP'): string {
  const id = randomBytes(8).toString('hex');
  const here = addressesOf()[0]?.address ?? '127.0.0.1';
  return [
    `OPTIONS sip:${address}:${port} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${here};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:look@${here}>;tag=${id}`,
    `To: <sip:${address}>`,
    `Call-ID: ${id}@${here}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:look@${here}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** Any final answer will do: also a refusal names its agent. */
export function agentFacts(reply: string): Fact[] {
  if (!/^SIP\/2\.0 [2-6]\d\d/.test(reply)) return [];
  const agent = /^(?:Server|User-Agent)[ \t]*:[ \t]*([^\r\n]{1,300})/im.exec(reply)?.[1];
  return agent ? [{ source: 'sip', name: 'agent', value: plain(agent) }] : [];
}
