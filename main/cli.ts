#!/usr/bin/env node
/** The `otj` command as a program of its own. */
import { runOtj } from './cli/program.ts';

// A reader that has seen enough, such as `head`, closes the pipe; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

await runOtj(process.argv.slice(2));
