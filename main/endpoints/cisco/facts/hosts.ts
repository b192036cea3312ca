/** The hosts that macros may call. */
import { asList, isRecord, leaf, textAt, type Xapi } from '../xapi.ts';

export interface AllowedHost {
  /** What `HttpClient Allow Hostname Remove` wants. */
  id: string;
  /** A host name or a pattern of host names, as `HttpClient Allow Hostname Add` took it. */
  expression: string;
}

/**
 * [assumed] The public schemas have the command without its answer: any entry with an `Expression` and an `Id` (or the
 * attribute `id`) counts. @returns null when the answer holds something else: then nobody can say what is allowed.
 */
export async function readAllowedHosts(xapi: Xapi): Promise<AllowedHost[] | null> {
  const result = await xapi.command('HttpClient Allow Hostname List');
  const entries = Object.values(result)
    .flatMap((value) => asList(value))
    .filter(isRecord);
  const hosts = entries.map((entry) => ({
    id: textAt(entry, 'Id') ?? leaf(entry.id),
    expression: textAt(entry, 'Expression'),
  }));
  const told = hosts.flatMap(({ id, expression }) =>
    id !== undefined && expression !== undefined ? [{ id, expression }] : [],
  );
  return told.length === hosts.length ? told : null;
}
