import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longestFirst.ts';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // The one thing that tests have otherwise than the product. By the words of main/site/vault.ts only: a test that names
    // the file itself gets the real one.
    alias: [
      { find: /^\.\/keyCost\.ts$/, replacement: fileURLToPath(new URL('test/support/keyCost.ts', import.meta.url)) },
    ],
    // Processes, not threads: tests kill, fork and lock as the product does. Twice as many as CI has cores, as most of them
    // wait for a device or a page half of their time.
    pool: 'forks',
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Tests that may run beside each other in one file mostly wait for a device that bears so many requests a second.
    maxConcurrency: 12,
    // A second is short on a computer that is busy; the wait costs time only where a test fails anyway.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-output/vitest.json' },
  },
});
