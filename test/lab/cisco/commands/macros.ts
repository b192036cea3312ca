/** Macro commands. None of them restarts the runtime by itself; Admin only. */
import { type Arguments, type Command, Failure, FLAG, integer, type Outcome, text } from './command.ts';

const NAME_TEXT = text(0, 250);
const NAME = { Name: { ...NAME_TEXT, required: true } };
const ROLES = ['Admin', 'Audit', 'User', 'Integrator', 'RoomControl'];
const LOG_PAGE = 250;

function named(args: Arguments) {
  const name = args.get('Name');
  return args.codec.macro(name) ?? new Failure(`No such macro: ${name}`);
}

function setActive(args: Arguments, active: boolean) {
  const macro = named(args);
  if (macro instanceof Failure) return macro;
  macro.active = active;
  return {};
}

function validName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

const NAME_FAILURE = new Failure('Invalid macro name');

const COMMANDS: readonly Command[] = [
  {
    path: 'Macros Macro Get',
    params: { Name: NAME_TEXT, Content: FLAG },
    run: (args) => {
      const macro = args.has('Name') ? named(args) : undefined;
      if (macro instanceof Failure) return macro;
      const list = macro ? [macro] : args.codec.macros;
      if (list.length === 0) return {};
      const content = args.flag('Content', false);
      return {
        Macro: list.map(({ name, active, content: text }) => ({
          Name: name,
          Active: active,
          ...(content ? { Content: text } : {}),
        })),
      };
    },
  },
  {
    path: 'Macros Macro Save',
    params: { ...NAME, Overwrite: FLAG, Transpile: FLAG },
    body: true,
    run: (args) => {
      const name = args.get('Name');
      if (!validName(name)) return NAME_FAILURE;
      const macro = args.codec.macro(name);
      if (macro && !args.flag('Overwrite', true)) return new Failure('Macro already exists');
      if (macro) macro.content = args.body;
      else args.codec.macros.push({ name, content: args.body, active: false });
      if (args.flag('Transpile', true)) args.codec.untranspiled.delete(name);
      else args.codec.untranspiled.add(name);
      return { Name: name };
    },
  },
  { path: 'Macros Macro Activate', params: NAME, run: (args) => setActive(args, true) },
  { path: 'Macros Macro Deactivate', params: NAME, run: (args) => setActive(args, false) },
  {
    path: 'Macros Macro Remove',
    params: NAME,
    run: (args) => {
      const macro = named(args);
      if (macro instanceof Failure) return macro;
      args.codec.macros.splice(args.codec.macros.indexOf(macro), 1);
      return {};
    },
  },
  {
    path: 'Macros Macro RemoveAll',
    run: ({ codec }) => {
      codec.macros.length = 0;
      return {};
    },
  },
  {
    path: 'Macros Macro Rename',
    params: { ...NAME, NewName: { ...NAME_TEXT, required: true }, Overwrite: FLAG },
    run: (args) => {
      const macro = named(args);
      if (macro instanceof Failure) return macro;
      const name = args.get('NewName');
      if (!validName(name)) return NAME_FAILURE;
      const other = args.codec.macro(name);
      if (other && !args.flag('Overwrite', false)) return new Failure('Macro already exists');
      if (other && other !== macro) args.codec.macros.splice(args.codec.macros.indexOf(other), 1);
      const plain = args.codec.untranspiled.delete(macro.name);
      if (plain) args.codec.untranspiled.add(name);
      else args.codec.untranspiled.delete(name);
      macro.name = name;
      return {};
    },
  },
  {
    path: 'Macros Macro Roles Set',
    params: { ...NAME, Role: { values: ROLES, many: true } },
    // Kept nowhere: what a role does to a macro is not public.
    run: (args): Outcome => {
      const macro = named(args);
      return macro instanceof Failure ? macro : {};
    },
  },
  {
    path: 'Macros Log Get',
    params: { Offset: integer(0, 65_534) },
    run: ({ codec, get }) => {
      const offset = Number(get('Offset'));
      const entries = codec.runtime.log.slice(offset, offset + LOG_PAGE);
      if (entries.length === 0) return {};
      return {
        Line: entries.map(({ time, macro, level, text }, index) => ({
          Offset: offset + index,
          Timestamp: time,
          Macro: macro,
          Level: level,
          Message: text,
        })),
      };
    },
  },
  {
    path: 'Macros Log Clear',
    run: ({ codec }) => {
      codec.runtime.log.length = 0;
      return {};
    },
  },
  { path: 'Macros Runtime Start', run: (args) => runtime(args, 'start') },
  { path: 'Macros Runtime Stop', run: (args) => runtime(args, 'stop') },
  { path: 'Macros Runtime Restart', run: (args) => runtime(args, 'restart') },
  {
    path: 'Macros Runtime Status',
    run: ({ codec: { runtime } }) => ({
      Running: runtime.running,
      ActiveMacros: runtime.active.length,
      Crashes: runtime.crashes,
    }),
  },
];

/** All came with CE 9.2. */
export const macroCommands = COMMANDS.map((command): Command => ({ ...command, since: [9, 2] }));

function runtime({ codec }: Arguments, action: 'start' | 'stop' | 'restart') {
  if (!codec.macrosOn) return new Failure('Macros are disabled');
  codec.runtime[action]();
  return {};
}
