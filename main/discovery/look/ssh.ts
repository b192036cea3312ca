/** The identification string of an SSH server, which it says first (RFC 4253, 4.2). Nothing is sent. */
import { connect } from 'node:net';
import type { Fact } from '../../contract/evidence.ts';
import { plain } from '../words.ts';

/** Other lines may come before it. */
const MOST_BYTES = 4_096;
const BANNER = /^SSH-[\x20-\x7e]{1,253}/m;

export function sshFacts(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Fact[]> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ host: address, port });
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      socket.destroy();
      const banner = BANNER.exec(heard)?.[0];
      resolve(banner ? [{ source: 'ssh', name: 'banner', value: plain(banner) }] : []);
    };
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    socket.setEncoding('latin1').on('data', (piece: string) => {
      heard += piece;
      const at = heard.search(BANNER);
      if (heard.length > MOST_BYTES || (at >= 0 && heard.indexOf('\n', at) > 0)) end();
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}
