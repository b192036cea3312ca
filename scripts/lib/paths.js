/** Where the project's own things are, on every system. Plain JavaScript for Node 20 and later, like all of scripts/lib. */
import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const WINDOWS = process.platform === 'win32';

/** The Node that the lockfile brings, whether it is installed or not. */
export function projectNode(root = ROOT) {
  // On Windows .bin holds only command shims, which spawn cannot start without a shell.
  return WINDOWS ? join(root, 'node_modules', 'node', 'bin', 'node.exe') : join(root, 'node_modules', '.bin', 'node');
}

/** The major version of Node that package.json asks for. */
export function wantedMajor(root = ROOT) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return major(devDependencies.node);
}

/** `v24.21.0` or `24.21.0` → 24; NaN for anything else. */
export function major(version) {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? Number.NaN);
}

/** The environment for children: the project's own commands come first, as in npm scripts. */
export function projectEnv(root = ROOT) {
  return withPath(root, (own, others) => [own, ...others]);
}

/** The environment without the project's own commands, as before `npm run` added them. */
export function systemEnv(root = ROOT) {
  return withPath(root, (_own, others) => others);
}

function withPath(root, arrange) {
  // Windows spells it Path, and a copied environment no longer ignores case.
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const own = join(root, 'node_modules', '.bin');
  const others = (process.env[key] ?? '').split(delimiter).filter((part) => resolve(part) !== own);
  return { ...process.env, [key]: arrange(own, others).join(delimiter) };
}
