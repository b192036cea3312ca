/** Builds the parts of the app that are older than what they are made of. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectEnv, ROOT } from './paths.js';
import { run } from './run.js';

/** Something could not be built. The message holds what the build said. */
export class BuildError extends Error {}

const COMMON = ['vite.config.ts', 'package.json', 'package-lock.json'];
/** By the names that OTJ_BUILD knows; `result` is what the build makes last or always. */
const PARTS = {
  window: { inputs: ['renderer', 'main/contract', ...COMMON], results: ['dist/renderer/index.html'] },
  desktop: {
    inputs: ['main', 'preload', 'test/lab', 'assets', ...COMMON],
    results: ['dist/main/app.js', 'dist/main/worker.js', 'dist/main/lab.js', 'dist/preload/index.cjs'],
  },
  command: { inputs: ['main', 'assets', ...COMMON], results: ['dist/otj.js'] },
};

/**
 * @param {string} node the Node to build with
 * @param {('window' | 'desktop' | 'command')[]} parts
 * @param {(line: string) => void} say
 * @throws {BuildError}
 */
export async function buildStale(node, parts, say) {
  for (const part of parts.filter((name) => isStale(name))) {
    say(`building the ${part === 'desktop' ? 'desktop app' : part}`);
    const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
    const env = { ...projectEnv(), OTJ_BUILD: part };
    const { code, output } = await run(node, [vite, 'build'], { env });
    if (code !== 0) throw new BuildError(`The ${part} could not be built:\n${output.trim()}`);
  }
}

/**
 * Whether something that the part is made of is newer than the part.
 * @param {'window' | 'desktop' | 'command'} part
 * @public its unit test finds it by a path, which knip cannot follow
 */
export function isStale(part, root = ROOT) {
  const { inputs, results } = PARTS[part];
  const made = Math.min(...results.map((path) => changed(join(root, path))));
  return made === 0 || inputs.some((path) => newest(join(root, path)) > made);
}

/** Folders count as well: their time tells of files that were removed. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0;
  const parts = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(stat.mtimeMs, ...parts);
}

/** When a file was written, or 0 when there is none. */
function changed(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
