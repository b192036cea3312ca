/** Brings node_modules up to the lockfile, or finds in a few milliseconds that it is. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { major, projectNode, ROOT, systemEnv, wantedMajor } from './paths.js';
import { run, seconds } from './run.js';

/** Something could not be installed. The message says what, and what to do. */
export class InstallError extends Error {}

const STAMP = ['node_modules', '.otj-bootstrap'];
const LOCK_PATIENCE_MS = 15 * 60_000;

/**
 * Installs what is missing.
 * @param {{ root?: string, say?: (line: string) => void }} [options]
 * @returns {Promise<string>} the Node to run the project with
 * @throws {InstallError}
 */
export async function install({ root = ROOT, say = () => {} } = {}) {
  const ready = await readyNode(root);
  if (ready) return ready;
  const release = await takeLock(root, say);
  try {
    // Whoever held the lock before may have done all of it.
    const done = await readyNode(root);
    if (done) return done;
    if (!upToDate(root)) await installPackages(root, say);
    return (await usableNode(root)) ?? (await installNode(root, say));
  } finally {
    release();
  }
}

async function readyNode(root) {
  return upToDate(root) ? usableNode(root) : null;
}

/** Is what lies in node_modules what package-lock.json asks for? */
function upToDate(root) {
  const text = read(join(root, 'package-lock.json'));
  if (text === null) throw new InstallError('package-lock.json is missing: get a complete copy of the project.');
  const hash = createHash('sha256').update(text).digest('hex');
  const stamp = join(root, ...STAMP);
  if (read(stamp) === hash) return true;
  // npm keeps its own list of what it installed. When that agrees (somebody ran npm by hand), a new install of
  // the same would only cost time and pull the packages away from under other running processes.
  if (!sameAsInstalled(text, read(join(root, 'node_modules', '.package-lock.json')))) return false;
  writeFileSync(stamp, hash);
  return true;
}

function sameAsInstalled(wantedText, installedText) {
  if (installedText === null) return false;
  try {
    const wanted = JSON.parse(wantedText).packages;
    const installed = JSON.parse(installedText).packages;
    const allThere = Object.entries(wanted).every(
      ([path, entry]) => path === '' || (installed[path] ? sameEntry(entry, installed[path]) : entry.optional === true),
    );
    return allThere && Object.keys(installed).every((path) => path in wanted);
  } catch {
    return false;
  }
}

function sameEntry(a, b) {
  return a.version === b.version && (!a.integrity || !b.integrity || a.integrity === b.integrity);
}

async function installPackages(root, say) {
  // Install scripts are run afterwards and only for the packages that package.json allows by name: older
  // versions of npm do not know that list and would try to compile optional native parts.
  // `--include` because NODE_ENV=production would leave out everything that this project needs.
  const flags = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const result = await npm(root, ['ci', ...flags]);
  if (result.code !== 0) throw new InstallError(explain('The packages could not be installed.', 'npm ci', result));
  writeFileSync(join(root, ...STAMP), createHash('sha256').update(readLock(root)).digest('hex'));
  say(`packages installed in ${seconds(result.seconds)}`);
}

async function installNode(root, say) {
  const allowed = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).allowScripts ?? {})
    .filter(([, yes]) => yes === true)
    .map(([name]) => name);
  // A broken one would be the first `node` that npm's own install scripts find.
  rmSync(projectNode(root), { force: true });
  const result = await npm(root, ['rebuild', ...allowed, '--ignore-scripts=false']);
  const node = await versionedNode(projectNode(root), wantedMajor(root));
  if (node) {
    say(`Node ${node.version} installed in ${seconds(result.seconds)}`);
    return node.path;
  }
  const what = `Node ${wantedMajor(root)} could not be installed (system: ${process.platform} ${process.arch}).`;
  const todo = `Or install Node ${wantedMajor(root)} or later yourself and run the same command with it.`;
  throw new InstallError(`${explain(what, `npm rebuild ${allowed.join(' ')}`, result)}\n${todo}`);
}

/** The project's Node, else the one that runs this if it is new enough: then nothing is lost but sameness. */
async function usableNode(root) {
  const wanted = wantedMajor(root);
  const own = await versionedNode(projectNode(root), wanted);
  if (own) return own.path;
  // What runs this may be the project's own, which an install of other packages has just removed.
  const isThere = existsSync(join(root, 'node_modules')) && existsSync(process.execPath);
  return isThere && major(process.version) >= wanted ? process.execPath : null;
}

async function versionedNode(path, wanted) {
  if (!existsSync(path)) return null;
  const { code, output } = await run(path, ['--version'], { timeoutMs: 20_000 });
  const version = output.trim();
  return code === 0 && major(version) === wanted ? { path, version: version.slice(1) } : null;
}

function npm(root, args) {
  const cli = process.env.npm_execpath ?? '';
  // npm must not run on what it is about to remove.
  const env = { ...systemEnv(root), npm_config_update_notifier: 'false' };
  // Under `npm run` the very npm that was called is used again, by the Node that it runs on.
  if (/npm-cli\.c?js$/.test(cli) && existsSync(cli)) {
    return run(process.env.npm_node_execpath ?? process.execPath, [cli, ...args], { cwd: root, env });
  }
  const windows = process.platform === 'win32';
  return run(windows ? 'npm.cmd' : 'npm', args, { cwd: root, env, shell: windows });
}

function explain(what, command, { output }) {
  const lines = withoutUrls(output).trim().split('\n');
  const errors = lines.filter(
    (line) => line.startsWith('npm error') && !/^(npm error ?)+( {2,}at |npm warn|$)/.test(line),
  );
  const words = (errors.length > 0 ? errors : lines).slice(0, 20).join('\n    ');
  return `${what}\n${advice(output)}\nThen run the same command again. What \`${command}\` said:\n    ${words}`;
}

function advice(output) {
  if (/in sync|EUSAGE/.test(output)) {
    return 'package-lock.json does not match package.json: undo local changes to both, or renew it with `npm install`.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN|ENETUNREACH|network/i.test(output)) {
    return 'npm could not reach its registry: check the network and the proxy settings of npm.';
  }
  if (/EACCES|EPERM|EROFS|ENOSPC/.test(output)) {
    return 'The project folder could not be written: check its owner, the free space, and that no program holds its files.';
  }
  if (/ENOENT/.test(output) && /\bnpm/.test(output)) return 'npm was not found: install Node with npm.';
  return 'Mend what npm says below.';
}

/** Addresses may carry names and tokens of a company's own registry. */
function withoutUrls(text) {
  return text.replaceAll(/\bhttps?:\/\/[^\s/]+/g, '(registry)');
}

/**
 * One install at a time per project folder, across processes. The lock lies outside node_modules, which an install
 * removes first. It is abandoned when its owner is gone.
 */
async function takeLock(root, say) {
  const dir = join(tmpdir(), `otj-bootstrap-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  const owner = join(dir, 'pid');
  const began = Date.now();
  let told = false;
  for (;;) {
    try {
      mkdirSync(dir);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(dir, { recursive: true, force: true });
    } catch (error) {
      // A folder for temporary files that cannot be written must not stop the install.
      if (error.code !== 'EEXIST') return () => {};
    }
    if (abandoned(dir, owner) || Date.now() - began > LOCK_PATIENCE_MS) {
      rmSync(dir, { recursive: true, force: true });
      continue;
    }
    if (!told) say('waiting for another install in this folder');
    told = true;
    await sleep(200);
  }
}

function abandoned(dir, owner) {
  try {
    const pid = Number(read(owner) ?? '');
    // Between making the folder and writing the number there is a moment without an owner.
    if (!pid) return Date.now() - statSync(dir).mtimeMs > 5000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

function readLock(root) {
  return readFileSync(join(root, 'package-lock.json'), 'utf8');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
