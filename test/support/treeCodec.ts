/** A codec that is nothing but what it answers, for tests of what is made of answers. */
import { OtjError } from '../../main/contract/errors.ts';
import type { Xapi } from '../../main/endpoints/cisco/xapi.ts';

export type Tree = { [name: string]: Tree | string };
export interface Replies {
  Status?: Tree;
  Configuration?: Tree;
  commands?: Record<string, Record<string, unknown>>;
}

export const UNIT: Tree = {
  ProductId: 'Cisco Room Kit',
  Hardware: { Module: { SerialNumber: 'FOC1' } },
  Software: { Version: 'ce11.27.2.0.0123456789a' },
  State: { NumberOfActiveCalls: '0', NumberOfInProgressCalls: '0' },
};

/** A codec that answers from trees, and refuses what is not in them. */
export function codecOf({ Status = {}, Configuration = {}, commands = {} }: Replies): Xapi & { asked: string[] } {
  const asked: string[] = [];
  const trees = { Status: { SystemUnit: UNIT, ...Status }, Configuration };
  return {
    asked,
    link: { transport: 'ssh', weakness: null },
    async get(tree, path) {
      asked.push(`${tree} ${path}`);
      let at: Tree | string | undefined = trees[tree];
      for (const word of path.split(' ')) at = typeof at === 'object' ? at[word] : undefined;
      if (at === undefined) throw new OtjError('REFUSED', 'No match on address expression');
      return wrapped(at);
    },
    async command(path) {
      asked.push(path);
      const reply = commands[path];
      if (!reply) throw new OtjError('REFUSED', 'Unknown command');
      return reply;
    },
    set: async () => undefined,
    close: async () => undefined,
  };
}

function wrapped(tree: Tree | string): unknown {
  if (typeof tree === 'string') return { Value: tree };
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, wrapped(value)]));
}
