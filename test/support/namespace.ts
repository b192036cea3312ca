/**
 * Network namespaces for tests. Nothing of what happens in one is seen outside: no real interface is in it.
 * A test file that needs one runs itself once more inside of it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UNSHARE } from './programs.ts';

const OUTSIDE = 'OTJ_NETWORK_OUTSIDE';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Why there is none to be had here, or null. */
export function whyNoNamespace(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  try {
    execFileSync(UNSHARE, ['-n', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'there is no network namespace to be had here';
  }
}

/** The command and arguments that run another in a namespace of its own, with its loopback up. */
export function namespaced(command: string, args: readonly string[]): [string, string[]] {
  return [UNSHARE, ['-n', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', command, ...args]];
}

function here(): string {
  return readlinkSync('/proc/self/ns/net');
}

/** What a process that is started in a namespace of its own is given, so that it can tell. */
export function outsideMark(): Record<string, string> {
  return { [OUTSIDE]: here() };
}

/** Throws where this process is not in a namespace of its own: nothing may be sent then. */
export function assertNamespace(): void {
  const outside = process.env[OUTSIDE];
  if (!outside || outside === here()) throw new Error('this belongs into a network namespace of its own');
}

/**
 * Runs these tests of this file in a network namespace.
 * @param url `import.meta.url` of the test file
 */
export function inNamespace(url: string, name: string, tests: () => void): void {
  const why = whyNoNamespace();
  if (process.env[OUTSIDE]) {
    describe(name, () => {
      it('is in a network namespace of its own, with no real interface', () => {
        assertNamespace();
        const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
        expect(addresses.filter(({ internal }) => !internal)).toEqual([]);
      });
      tests();
    });
    return;
  }
  describe.skipIf(why !== null)(`${name}${why === null ? '' : ` (${why})`}`, () => {
    it('holds in a network namespace of its own', async () => {
      const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
      const args = [vitest, 'run', '--reporter=verbose', '--no-color', fileURLToPath(url)];
      const child = spawn(...namespaced(process.execPath, args), {
        cwd: ROOT,
        env: { ...process.env, ...outsideMark(), NODE_OPTIONS: '', VITEST_POOL_ID: '', VITEST_WORKER_ID: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => (output += text));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code === 0 ? '' : output).toBe('');
      // Nothing that was left out counts as passed.
      expect(output).toMatch(/Tests +\d+ passed(?: \|| \()/);
      for (const line of output.split('\n')) if (/^\s*[✓↓]/.test(line)) console.log(line.trim());
    }, 300_000);
  });
}
