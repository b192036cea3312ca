/** The checks that need no test runner. Each is one line for people: what, how long, how it ended. */
import { join } from 'node:path';
import { ROOT } from './paths.js';
import { run, seconds } from './run.js';

const LIMIT_MS = 10 * 60_000;

const tool = (name, file, ...args) => ({
  name,
  start: () => run(process.execPath, [join(ROOT, 'node_modules', file), ...args], { timeoutMs: LIMIT_MS }),
});

const CHECKS = [
  tool('types', 'typescript/bin/tsc', '--noEmit'),
  tool('window types', 'typescript/bin/tsc', '--noEmit', '-p', 'renderer'),
  tool(
    'lint',
    '@biomejs/biome/bin/biome',
    'check',
    '--no-errors-on-unmatched',
    '--colors=off',
    '--max-diagnostics=200',
  ),
  tool('unused code', 'knip/bin/knip.js', '--no-progress'),
  { name: 'layers', start: layers },
];

async function layers() {
  const began = performance.now();
  // Imported late: it is TypeScript, and this file must at least load on older Nodes.
  const { layerBreaches } = await import('../../test/layers.ts');
  const breaches = await layerBreaches(ROOT);
  return {
    code: breaches.length === 0 ? 0 : 1,
    output: breaches.join('\n'),
    seconds: (performance.now() - began) / 1000,
  };
}

/**
 * Runs all checks side by side and prints each as it ends.
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks() {
  const results = await Promise.all(
    CHECKS.map(async ({ name, start }) => {
      const result = await start().catch((error) => ({ code: 1, output: String(error?.stack ?? error), seconds: 0 }));
      const passed = result.code === 0;
      console.log(`${passed ? 'passed' : 'FAILED'}  ${name.padEnd(12)} ${seconds(result.seconds)}`);
      return { name, passed, output: result.output.trim() };
    }),
  );
  // After the lines, so that two outputs never mix.
  for (const { name, passed, output } of results) if (!passed) console.log(`\n--- ${name}\n${output}\n`);
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed };
}
