/** The hosts that macros may call. */
import { asList, isRecord, leaf, textAt, type Xapi } from '../xapi.ts';

export interface AllowedHost {
  /** What `HttpClient Allow Hostname Remove` wants. */
  id: string;
  /** A host name or a pattern of host names, as `HttpClient Allow Hostname Add` took it. */
  expression: string;
}

/**
 * Seen in public macros: a list `HostName` of entries with an `Expression`. [assumed] That its `Id`, which a removal wants,
 * is a field or the attribute `id` of the entry, and that lists of another name are read alike; `ResultInfo` and single
 * values beside them tell of the list. @returns null when the answer holds something else: then nobody can say what is allowed.
 */
export async function readAllowedHosts(xapi: Xapi): Promise<AllowedHost[] | null> {
  const result = await xapi.command('HttpClient Allow Hostname List');
  const entries = Object.entries(result)
    .filter(([name]) => name !== 'ResultInfo')
    .flatMap(([, value]) => asList(value))
    .filter((entry) => isRecord(entry) && leaf(entry) === undefined);
  const hosts = entries.map((entry) => ({
    // The number of an only one may be left out.
    id:
      textAt(entry, 'Id') ?? (isRecord(entry) ? leaf(entry.id) : undefined) ?? (entries.length === 1 ? '1' : undefined),
    expression: textAt(entry, 'Expression'),
  }));
  const told = hosts.flatMap(({ id, expression }) =>
    id !== undefined && expression !== undefined ? [{ id, expression }] : [],
  );
  return told.length === hosts.length ? told : null;
}
