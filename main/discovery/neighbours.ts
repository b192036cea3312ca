/** The operating system's table of neighbours: which MAC address answers at which address of the same link. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The table changes while hosts are looked at, but not from one moment to the next. */
const FRESH_MS = 1_000;
const COMMAND_MS = 3_000;

export class Neighbours {
  private table: Promise<ReadonlyMap<string, string>> = Promise.resolve(new Map());
  private readAt = Number.NEGATIVE_INFINITY;

  /** Upper-case hex with colons; null for hosts beyond a router. Sends nothing. Never rejects. */
  async macOf(address: string): Promise<string | null> {
    const now = performance.now();
    if (now - this.readAt > FRESH_MS) {
      this.readAt = now;
      this.table = readTable().then(tableOf, () => new Map());
    }
    return (await this.table).get(address) ?? null;
  }
}

/** Linux tells it in a file; macOS and Windows have `arp`, each with words of its own. */
async function readTable(): Promise<string> {
  if (process.platform === 'linux') return readFile('/proc/net/arp', 'utf8');
  const args = process.platform === 'win32' ? ['-a'] : ['-an'];
  const { stdout } = await promisify(execFile)('arp', args, { timeout: COMMAND_MS, windowsHide: true });
  return stdout;
}

const ADDRESS = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])/;
/** macOS leaves out leading zeros, Windows writes hyphens. */
const MAC = /(?<![0-9a-f:-])([0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5})(?![0-9a-f:-])/i;

/** Pure. A MAC address with several addresses is a router's that answers for others: it tells nothing of them. */
export function tableOf(text: string): ReadonlyMap<string, string> {
  const all = text.split('\n').flatMap((line): [string, string][] => {
    const [address, mac] = [ADDRESS.exec(line)?.[1], MAC.exec(line)?.[1]];
    if (!address || !mac) return [];
    const bytes = mac.split(/[:-]/).map((byte) => byte.padStart(2, '0').toUpperCase());
    const isNobody = bytes.every((byte) => byte === '00') || (Number.parseInt(bytes[0] ?? '', 16) & 1) === 1;
    return isNobody ? [] : [[address, bytes.join(':')]];
  });
  const uses = new Map<string, number>();
  for (const [, mac] of all) uses.set(mac, (uses.get(mac) ?? 0) + 1);
  return new Map(all.filter(([, mac]) => uses.get(mac) === 1));
}
