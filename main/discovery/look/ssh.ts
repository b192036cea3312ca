/** The identification string of an SSH server, which it says first (RFC 4253, 4.2). Nothing is sent. */
import type { Fact } from '../../contract/evidence.ts';
import { plain } from '../words.ts';
import { wordsOf } from './words.ts';

/** Other lines may come before it. */
const MOST_BYTES = 4_096;
const BANNER = /^SSH-[\x20-\x7e]{1,253}/m;

/** Never rejects. */
export async function sshFacts(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Fact[]> {
  const isEnough = (heard: string) => {
    const at = heard.search(BANNER);
    return at >= 0 && heard.indexOf('\n', at) > 0;
  };
  const heard = await wordsOf({ address, port, timeoutMs, signal, most: MOST_BYTES, isEnough });
  const banner = BANNER.exec(heard)?.[0];
  return banner ? [{ source: 'ssh', name: 'banner', value: plain(banner) }] : [];
}
