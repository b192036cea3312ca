/** Carries out requests on a codec, with the rights of the caller. */
import { bookingCommands } from './commands/bookings.ts';
import { bind, type Command, Failure } from './commands/command.ts';
import { deviceCommands } from './commands/device.ts';
import { httpClientCommands } from './commands/http-client.ts';
import { macroCommands } from './commands/macros.ts';
import { userCommands } from './commands/users.ts';
import type { Codec } from './model.ts';
import type { Caller, Execute, Reply, Request } from './request.ts';
import type { Role } from './settings-table.ts';
import { statusTree } from './status.ts';
import { type Element, element, fromShape, leaf, select } from './tree.ts';
import { livesIn } from './version.ts';

const COMMANDS = new Map(
  [...macroCommands, ...userCommands, ...bookingCommands, ...deviceCommands, ...httpClientCommands].map((command) => [
    command.path.toLowerCase(),
    command,
  ]),
);

/** Undefined when this version has no such command. */
export function findCommand(codec: Codec, path: readonly string[]): Command | undefined {
  const command = COMMANDS.get(path.join(' ').toLowerCase());
  return command && livesIn(codec.version, command) ? command : undefined;
}

export function mayRun(command: Command, roles: readonly Role[]): boolean {
  return roles.includes('Admin') || (command.roles?.some((role) => roles.includes(role)) ?? false);
}

/** Paths of all commands of this version that these roles may run. */
export function commandPaths(codec: Codec, roles: readonly Role[]): string[] {
  return [...COMMANDS.values()]
    .filter((command) => livesIn(codec.version, command) && mayRun(command, roles))
    .map((command) => command.path);
}

export const execute: Execute = async (codec, caller, request) => {
  if (request.kind === 'command') return runCommand(codec, caller, request);
  const xpath = (document: string) => [document, ...request.path].join('/');
  if (request.kind === 'set') {
    const path = codec.settings.find(request.path.join(' '));
    if (path === undefined || !codec.settings.may('write', path, caller.roles)) {
      return { kind: 'no-match', document: 'Configuration', xpath: xpath('Configuration') };
    }
    return codec.settings.set(path, request.value) ? { kind: 'set' } : { kind: 'illegal-value', path: path.split(' ') };
  }
  const { document } = request;
  const [branch] = request.path;
  const tree = document === 'Status' ? statusTree(codec, caller.roles, branch) : codec.settings.tree(caller.roles);
  const root = select(tree, request.path);
  return root ? { kind: 'document', root } : { kind: 'no-match', document, xpath: xpath(document) };
};

/** A role without the right gets the answer for a command that does not exist. */
async function runCommand(
  codec: Codec,
  caller: Caller,
  request: Extract<Request, { kind: 'command' }>,
): Promise<Reply> {
  const command = findCommand(codec, request.path);
  if (!command || !mayRun(command, caller.roles)) {
    return fail('Result', [leaf('Reason', 'Unknown command'), leaf('XPath', `/${request.path.join('/')}`)]);
  }
  const name = resultName(command.path);
  const args = bind(command, codec, caller, request.params, request.body);
  if (!args) return { kind: 'command', result: element(name, [], { status: 'ParameterError' }) };
  const running = command.run(args);
  codec.manager.look();
  const outcome = await running;
  if (outcome instanceof Failure) return fail(name, [leaf('Reason', outcome.reason), ...fromShape(outcome.more)]);
  return { kind: 'command', result: element(name, fromShape(outcome), { status: 'OK' }) };
}

/** The last two words of the path: `MacroGetResult`, `RuntimeRestartResult`. */
function resultName(path: string): string {
  return `${path.split(' ').slice(-2).join('')}Result`;
}

function fail(name: string, children: Element[]): Reply {
  return { kind: 'command', result: element(name, children, { status: 'Error' }) };
}
