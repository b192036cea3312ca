#!/usr/bin/env node
/** The `otj` command. Started by whatever Node there is (20 or later), it runs under the project's own. */
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { InstallError, install } from './lib/install.js';
import { launch } from './lib/launch.js';
import { major, projectEnv, projectNode, ROOT, wantedMajor } from './lib/paths.js';

const say = (line) => process.stderr.write(`otj: ${line}\n`);

async function start() {
  if (!existsSync(join(ROOT, 'node_modules'))) await install({ say });
  if (major(process.version) >= wantedMajor()) {
    // Starting is half of a short command's time; Node keeps what it compiled of the program, and nothing else.
    nodeModule.enableCompileCache?.();
    await import('../main/cli.ts');
    return;
  }
  // Only what is missing is looked for here: `otj` is started often, and a full check is bootstrap's work.
  const node = existsSync(projectNode()) ? projectNode() : await install({ say });
  await launch(node, [join(ROOT, 'main', 'cli.ts'), ...process.argv.slice(2)], projectEnv());
}

try {
  await start();
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  say(error.message);
  process.exitCode = 3;
}
