/**
 * Which file brings which commands. One is loaded when it is called: reading all of them takes longer than most commands
 * then work.
 */
import type { Command } from 'commander';

interface CommandFile {
  names: readonly string[];
  add(program: Command): Promise<void>;
}

/** In the order of the help. @public its unit test holds the names against what the files add */
export const COMMAND_FILES: readonly CommandFile[] = [
  {
    names: ['init', 'credential', 'infinity', 'settings', 'trust'],
    add: async (program) => (await import('./setup.ts')).addSetupCommands(program),
  },
  { names: ['import', 'export'], add: async (program) => (await import('./lists.ts')).addListCommands(program) },
  { names: ['discover'], add: async (program) => (await import('./discover.ts')).addDiscoverCommand(program) },
  { names: ['match'], add: async (program) => (await import('./match.ts')).addMatchCommand(program) },
  {
    names: ['plan', 'run', 'undo', 'sync'],
    add: async (program) => (await import('./work.ts')).addWorkCommands(program),
  },
  {
    names: ['infinity', 'check'],
    add: async (program) => (await import('./infinity.ts')).addInfinityCommands(program),
  },
  { names: ['prepare'], add: async (program) => (await import('./prepare.ts')).addPrepareCommand(program) },
  { names: ['m365'], add: async (program) => (await import('./m365.ts')).addM365Commands(program) },
  {
    names: ['status', 'next', 'report', 'tick'],
    add: async (program) => (await import('./review.ts')).addReviewCommands(program),
  },
  { names: ['macros'], add: async (program) => (await import('./macros.ts')).addMacroCommand(program) },
  { names: ['backup'], add: async (program) => (await import('./backup.ts')).addBackupCommand(program) },
  { names: ['device'], add: async (program) => (await import('./device.ts')).addDeviceCommand(program) },
  { names: ['cisco'], add: async (program) => (await import('./cisco.ts')).addCiscoCommands(program) },
  { names: ['poly'], add: async (program) => (await import('./polyPilots.ts')).addPolyPilotCommands(program) },
  { names: ['record'], add: async (program) => (await import('./record.ts')).addRecordCommand(program) },
  { names: ['lab'], add: async (program) => (await import('./lab.ts')).addLabCommand(program) },
  { names: ['app'], add: async (program) => (await import('./app.ts')).addAppCommand(program) },
];

/** Adds the commands that the words of the command line may call; all of them where it calls none, so that help is whole. */
export async function addCommands(program: Command, words: readonly string[]): Promise<void> {
  const first = words.findIndex((word) => COMMAND_FILES.some(({ names }) => names.includes(word)));
  const isHelp = words.slice(0, Math.max(0, first)).some((word) => word === '--help' || word === '-h');
  const all = first < 0 || isHelp;
  for (const { names, add } of COMMAND_FILES) if (all || names.some((name) => words.includes(name))) await add(program);
}
