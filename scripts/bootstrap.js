#!/usr/bin/env node
/**
 * bootstrap [--browser] [-- FILE ARGUMENTS…]
 *
 * Installs what the project needs and is missing, on any Node from 20 on; says nothing and is quick when all is there.
 * With a file after `--` that file is then run by the project's own Node. npm scripts use this form instead of
 * `bootstrap && node FILE`, because a shell that has looked up `node` once keeps using that one, although the first
 * install has just put the project's own before it.
 *
 * Exit codes: 3 when something needed could not be installed, else 0 or that of the file.
 */
import { ensureChromium } from './lib/chromium.js';
import { InstallError, install } from './lib/install.js';
import { launch } from './lib/launch.js';
import { ensureNetworkParts } from './lib/network.js';
import { projectEnv } from './lib/paths.js';
import { ensureSshd } from './lib/sshd.js';

// Everything goes to stderr: the output of what runs afterwards may be read by a program.
const say = (line) => process.stderr.write(`bootstrap: ${line}\n`);

const split = process.argv.indexOf('--');
const own = split < 0 ? process.argv.slice(2) : process.argv.slice(2, split);
const command = split < 0 ? [] : process.argv.slice(split + 1);

try {
  const node = await install({ say });
  if (own.includes('--browser')) {
    await ensureChromium(say);
    await ensureSshd(say);
    await ensureNetworkParts(say);
  }
  if (command.length > 0) await launch(node, command, projectEnv());
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  say(error.message);
  process.exitCode = 3;
}
