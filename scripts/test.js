#!/usr/bin/env node
/**
 * test [vitest arguments…]: the checks, then all tests that this machine can run, then which parts those were.
 * The very last line counts everything, each check as one. Exits 1 if anything failed or no test ran.
 * Runs on the project's Node.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildStale } from './lib/build.js';
import { runChecks } from './lib/checks.js';
import { findChromium } from './lib/chromium.js';
import { ROOT } from './lib/paths.js';
import { run } from './lib/run.js';

// Far beyond any honest run: only a hang that survives all of vitest's own limits meets it.
const LIMIT_MS = 60 * 60_000;
const RESULTS = join(ROOT, 'test-output', 'npm-test.json');

const chromium = findChromium();
const checks = await runChecks();
await buildCommand();
const { code, results } = await runTests();
const parts = [...tally(results)].sort(([a], [b]) => a.localeCompare(b));

const sum = (key) => parts.reduce((total, [, part]) => total + part[key], 0);
const ran = sum('passed') + sum('failed');
// A runner that fails without a failed test met an error outside of all tests; that must not get lost.
const unexplained = ran === 0 || (code !== 0 && sum('failed') === 0) ? 1 : 0;

console.log('\nwhat ran:');
console.log(`  checks: ${checks.passed} passed, ${checks.failed} failed`);
for (const [name, part] of parts) {
  console.log(`  ${name}: ${part.passed} passed, ${part.failed} failed, ${part.skipped} skipped`);
}
console.log(chromium ? `  browser: ${chromium}` : '  browser parts: not run, no Chromium was found');
for (const [name, part] of parts) {
  for (const title of part.skippedTitles) console.log(`  not run: ${name}: ${title}`);
}
if (ran === 0) console.log('  NO TEST RAN');
else if (unexplained) console.log(`  the test runner ended with code ${code} although no test failed: see above`);

const failed = checks.failed + sum('failed') + unexplained;
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${checks.passed + sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);

/**
 * Tests start the command some hundred times. The built one is what is shipped, and starts in a third of the time.
 * When it cannot be built, the tests run the sources; packaging tells why.
 */
async function buildCommand() {
  try {
    await buildStale(process.execPath, ['command'], console.log);
    process.env.OTJ_COMMAND = join(ROOT, 'dist', 'otj.js');
  } catch (error) {
    console.log(error.message);
  }
}

async function runTests() {
  mkdirSync(join(ROOT, 'test-output'), { recursive: true });
  rmSync(RESULTS, { force: true });
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', `--outputFile.json=${RESULTS}`, ...process.argv.slice(2)];
  // Tests that need a browser skip themselves when CHROMIUM is empty. They start the program some hundred times, and half
  // of each start is compiling it, which the launcher of `otj` keeps as well.
  const compiled = join(ROOT, 'test-output', 'compiled');
  const env = { ...process.env, CHROMIUM: chromium ?? '', NODE_COMPILE_CACHE: compiled };
  const result = await run(process.execPath, args, { live: true, env, timeoutMs: LIMIT_MS });
  return { code: result.code, results: readResults() };
}

function readResults() {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')).testResults;
  } catch {
    return [];
  }
}

/** Counts by part, which is the folder below test/. */
function tally(files) {
  const parts = new Map();
  for (const file of files) {
    const name = relative(join(ROOT, 'test'), file.name).split(/[\\/]/)[0];
    const part = parts.get(name) ?? { passed: 0, failed: 0, skipped: 0, skippedTitles: [] };
    parts.set(name, part);
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') part.passed += 1;
      else if (status === 'failed') part.failed += 1;
      else {
        part.skipped += 1;
        part.skippedTitles.push(fullName);
      }
    }
    // A file that could not be loaded, or whose set-up failed, may have no failed test to show for it.
    const shown = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !shown) part.failed += 1;
  }
  return parts;
}
