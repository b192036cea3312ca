/** What the lab's Graph can be asked: one entry for each method and path. Resources bring their own and keep their own state. */
import { randomUUID } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';
import type { Caller } from './caller.ts';
import type { Query } from './query.ts';

/** Each service behind Graph has limits and words of its own. */
export type Workload = 'outlook' | 'directory' | 'sites';

export interface Call {
  method: string;
  /** Behind `/v1.0`, as sent, without the query. */
  path: string;
  /** What stood in the places of the pattern, decoded. */
  params: Readonly<Record<string, string>>;
  query: Query;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** JSON, parsed; undefined without a body or with one that is none. */
  body: unknown;
  /** The body as it came. */
  bytes: Buffer;
  caller: Caller;
  behaviour: Behaviour;
  /** `https://host:port/v1.0`, for links. */
  base: string;
}

export interface Reply {
  status: number;
  /** Sent as JSON; bytes are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Route {
  method: string;
  /**
   * Behind `/v1.0`: `{name}` is one segment, `{name*}` anything, slashes as well. Case does not matter. The first that fits
   * counts.
   */
  pattern: string;
  workload: Workload;
  /** Permissions of which the token needs one, delegated or as application. */
  needs: readonly string[];
  /** Units of the directory's bucket, before `$select`. Source: throttling-limits; 1 where it names none. */
  cost?: number;
  handle(call: Call): Reply | Promise<Reply>;
}

export interface Found {
  route: Route;
  params: Record<string, string>;
}

export class Routes {
  /** By the first segment of their path, which is never a name in braces. */
  readonly #all: Map<string, { route: Route; pattern: RegExp }[]>;

  constructor(routes: readonly Route[]) {
    const all = routes.map((route) => ({ route, pattern: compiled(route.pattern) }));
    this.#all = Map.groupBy(all, ({ route }) => firstOf(route.pattern));
  }

  /** @param path as sent, without the query */
  find(method: string, path: string): Found | 'no-path' | 'no-method' {
    let seen = false;
    for (const { route, pattern } of this.#all.get(firstOf(path)) ?? []) {
      const match = pattern.exec(path);
      if (!match) continue;
      seen = true;
      if (route.method !== method) continue;
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, text]) => [name, decoded(text)]),
      );
      return { route, params };
    }
    return seen ? 'no-method' : 'no-path';
  }
}

function firstOf(path: string): string {
  const end = path.indexOf('/', 1);
  return path.slice(1, end < 0 ? undefined : end).toLowerCase();
}

function compiled(pattern: string): RegExp {
  const source = pattern
    .split(/(\{\w+\*?\})/)
    .map((piece) => {
      const name = /^\{(\w+)(\*?)\}$/.exec(piece);
      if (!name) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return name[2] ? `(?<${name[1]}>.+?)` : `(?<${name[1]}>[^/:]+)`;
    })
    .join('');
  return new RegExp(`^${source}$`, 'i');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An error as Graph words it. */
export function fault(status: number, code: string, message: string, headers: Record<string, string> = {}): Reply {
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': randomUUID() };
  return { status, headers, body: { error: { code, message, innerError } } };
}
