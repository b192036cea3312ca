/** A pair of interfaces in this namespace, one of which comes and goes. */
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { assertNamespace } from './namespace.ts';
import { IP } from './programs.ts';

const ip = (...words: string[]) => execFileSync(IP, words, { stdio: ['ignore', 'ignore', 'inherit'] });

/** @param address of this end, with its length */
export default function flap(address: string, name = 'flap0'): { down(): void; up(): void } {
  assertNamespace();
  ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`);
  onTestFinished(() => void ip('link', 'del', name));
  const up = () => {
    ip('addr', 'replace', address, 'dev', name);
    ip('link', 'set', name, 'up');
    ip('link', 'set', `${name}p`, 'up');
  };
  up();
  return {
    down: () => void ip('addr', 'flush', 'dev', name),
    up,
  };
}
