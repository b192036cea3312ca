/** Commands about the Infinity deployment beside `infinity set`. */
import type { Command } from 'commander';
import { addBulkCommands } from './bulk.ts';
import { addCheckCommand } from './check.ts';
import { addDriftCommand } from './drift.ts';
import { addInfinitySetupCommand } from './infinitySetup.ts';

/** `infinity set` is there already. */
export function addInfinityCommands(program: Command): void {
  const infinity = program.commands.find((command) => command.name() === 'infinity') ?? program.command('infinity');
  addInfinitySetupCommand(infinity);
  addCheckCommand(infinity);
  addCheckCommand(program);
  addDriftCommand(infinity);
  addBulkCommands(infinity);
}
