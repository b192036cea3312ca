#!/usr/bin/env node
/**
 * start [SITE] [--no-open] [--once]
 *
 * Opens the window: in Electron if its program is there or can be had, else in a browser. Installs and builds what is
 * missing or out of date first. With --no-open the address is printed and nothing is opened; with --once the program ends
 * when the last page was closed.
 *
 * Exit codes: 2 wrong use, 3 cannot start, else those of the host.
 */
import { join, resolve } from 'node:path';
import { BuildError, buildStale } from './lib/build.js';
import { chooseHost, fetchElectron } from './lib/host.js';
import { InstallError, install } from './lib/install.js';
import { launch } from './lib/launch.js';
import { projectEnv, ROOT } from './lib/paths.js';

const FLAGS = ['--no-open', '--once'];
const say = (line) => process.stderr.write(`start: ${line}\n`);

function readArguments(given) {
  const flags = given.filter((argument) => argument.startsWith('--'));
  const [site, ...more] = given.filter((argument) => !argument.startsWith('--'));
  const unknown = flags.find((flag) => !FLAGS.includes(flag));
  if (unknown) return { wrong: `there is no option ${unknown}` };
  if (more.length > 0) return { wrong: 'only one site can be opened' };
  if (site !== undefined && !site.endsWith('.otjsite')) return { wrong: 'a site file is named NAME.otjsite' };
  // npm runs scripts in the project's folder, and remembers where it was called.
  const path = site === undefined ? [] : [resolve(process.env.INIT_CWD ?? process.cwd(), site)];
  return { flags, path };
}

async function start({ flags, path }) {
  const node = await install({ say });
  const choice = flags.length > 0 ? { host: 'browser', why: `of ${flags.join(' and ')}` } : await choose(node);
  await buildStale(node, choice.host === 'electron' ? ['window', 'desktop'] : ['window'], say);
  if (choice.host === 'electron') {
    say(`the window opens in Electron (${choice.why})`);
    const { ELECTRON_RUN_AS_NODE: _none, ...env } = projectEnv();
    await launch(choice.program, [ROOT, ...path], env);
    return;
  }
  say(`the window opens in a browser (${choice.why})`);
  await launch(node, [join(ROOT, 'main', 'hosts', 'browserMain.ts'), ...flags, ...path], projectEnv());
}

async function choose(node) {
  const choice = chooseHost();
  if (!choice.fetch) return choice;
  say('getting Electron, for at most 20 s; this is tried once');
  await fetchElectron(node);
  return chooseHost();
}

const wish = readArguments(process.argv.slice(2));
if (wish.wrong) {
  say(`${wish.wrong}\nUsage: npm start [SITE] [-- --no-open] [-- --once]`);
  process.exitCode = 2;
} else {
  try {
    await start(wish);
  } catch (error) {
    if (!(error instanceof InstallError) && !(error instanceof BuildError)) throw error;
    say(error.message);
    process.exitCode = 3;
  }
}
