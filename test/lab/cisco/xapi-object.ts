/** The `xapi` object that macros import, after the public macro guide of https://roomos.cisco.com. */
import type { Reply, Request } from './request.ts';
import { type Element, grouped, pathWords, scalar } from './tree.ts';

type Call = (request: Request) => Promise<Reply>;
type Parameters = Record<string, unknown>;

export function createXapi(call: Call): unknown {
  const command = (path: string[], params: Parameters = {}, body?: unknown) =>
    call({
      kind: 'command',
      path,
      params: Object.entries(params).flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).map((one) => [name, text(one)] as const),
      ),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }).then(commandResult);
  const get = (document: 'Status' | 'Configuration', path: string[]) =>
    call({ kind: 'get', document, path }).then((reply) => documentValue(reply, path));
  const set = (path: string[], value: unknown) =>
    call({ kind: 'set', path, value: text(value) }).then((reply) => {
      if (reply.kind !== 'set') throw new Error('Invalid path or value');
      return true;
    });
  const reader = (document: 'Status' | 'Configuration') => (path: string[], action: string) => {
    if (action === 'get') return () => get(document, path);
    if (action === 'set' && document === 'Configuration') return (value: unknown) => set(path, value);
    // Feedback never fires in the lab; the macro gets the usual function that ends it.
    if (action === 'on' || action === 'once') return () => () => {};
    return undefined;
  };
  return {
    version: '6.0.0',
    Command: chain([], () => undefined, command),
    Config: chain([], reader('Configuration')),
    Status: chain([], reader('Status')),
    Event: chain([], (_path, action) => (action === 'on' || action === 'once' ? () => () => {} : undefined)),
    command: (path: string, params?: Parameters, body?: unknown) => command(pathWords(path), params, body),
    config: {
      get: (path: string) => get('Configuration', pathWords(path)),
      set: (path: string, value: unknown) => set(pathWords(path), value),
    },
    status: { get: (path: string) => get('Status', pathWords(path)) },
  };
}

/** `xapi.Command.Macros.Macro.Get(…)`: names become a path until an action is met or the chain is called. */
function chain(
  path: string[],
  action: (path: string[], name: string) => unknown,
  call?: (path: string[], ...args: never[]) => unknown,
): unknown {
  return new Proxy(() => {}, {
    get: (_target, name) =>
      typeof name === 'symbol' ? undefined : (action(path, name) ?? chain([...path, name], action, call)),
    apply: (_target, _self, args) => call?.(path, ...(args as never[])),
  });
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? scalar(value)
    : JSON.stringify(value);
}

function commandResult(reply: Reply): unknown {
  if (reply.kind !== 'command') throw new Error('Command failed');
  const data = plain(reply.result);
  if (reply.result.attributes.status === 'OK') return data;
  const reason = reply.result.children.find((child) => child.name === 'Reason')?.text;
  throw Object.assign(new Error(reason ?? 'Command returned an error.'), { code: 1, data });
}

function documentValue(reply: Reply, path: readonly string[]): unknown {
  if (reply.kind !== 'document') throw new Error('No match on address expression');
  let here: Element | undefined = reply.root;
  for (const word of path) {
    if (/^\d+$/.test(word)) continue;
    here = here?.children.find((child) => child.name.toLowerCase() === word.toLowerCase());
  }
  return here && plain(here);
}

/** Without the `Value` wrappers of the shell, as WebSocket and macro clients see results. */
function plain(here: Element): unknown {
  if (here.text !== undefined) return here.text;
  const value: Record<string, unknown> = { ...here.attributes };
  if (here.item !== undefined) value.id = String(here.item);
  for (const [name, group] of grouped(here.children)) {
    const list = group[0]?.item !== undefined;
    value[name] = list ? group.map(plain) : plain(group[0] as Element);
  }
  return value;
}
