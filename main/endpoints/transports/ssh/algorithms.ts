/** Which SSH algorithms are agreed: the safe ones of the library by default, old ones only where somebody allowed them. */
import type { Algorithms, NegotiatedAlgorithms } from 'ssh2';
import { OLD_SSH, WEAK_SSH } from '../oldEncryption.ts';

const OLD_NAMES: readonly string[] = Object.values(OLD_SSH).flat();

/** The names of algorithms that may be told to people: a device could write anything in their place. */
const NAME = /^[\w.@+-]{1,64}$/;
const TOLD_NAMES = 6;
const OFFER = 'Handshake: (remote) ';

/**
 * The algorithms to offer. Old names come last: the first of ours that the device has is agreed, so they are used only
 * where it has nothing better.
 */
export function offered(legacy: boolean): Algorithms {
  if (!legacy) return {};
  const last = <T>(append: T[]) => ({ append, prepend: [], remove: [] });
  return { kex: last(OLD_SSH.kex), serverHostKey: last(OLD_SSH.serverHostKey), cipher: last(OLD_SSH.cipher) };
}

/** What is not safe about what was agreed, in words; null = nothing. */
export function weaknessOf({ kex, serverHostKey, cs, sc }: NegotiatedAlgorithms): string | null {
  const weak = [kex, serverHostKey, cs.cipher, sc.cipher].filter((name) => [...OLD_NAMES, ...WEAK_SSH].includes(name));
  return weak.length > 0 ? `agreed ${[...new Set(weak)].join(', ')}` : null;
}

/** What the device offered last, from the library's report of the handshake: there is no other way to it. */
export class PeerOffer {
  private list = '';

  /** @param line of the library's debug output, e.g. `Handshake: (remote) KEX method: a,b` */
  note(line: string): void {
    const list = line.startsWith(OFFER) ? line.slice(OFFER.length).split(': ')[1] : undefined;
    if (list !== undefined) this.list = list;
  }

  private get names(): string[] {
    return this.list.split(',').filter((name) => NAME.test(name));
  }

  /** Whether old names would have helped. */
  get hasOld(): boolean {
    return this.names.some((name) => OLD_NAMES.includes(name));
  }

  toString(): string {
    return this.names.slice(0, TOLD_NAMES).join(', ');
  }
}
