import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Processes, not threads: tests kill, fork and lock as the product does. Two, as many as CI has cores.
    pool: 'forks',
    maxWorkers: 2,
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
