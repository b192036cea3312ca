/** Values in paths and queries of Graph. Names of rooms are strangers' texts: they reach a path only through these. */

/** A text literal of OData, not yet encoded: single quotes are doubled. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** One segment of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27');
}

/** @param options such as `$select`, not yet encoded; undefined ones are left out */
export function withQuery(path: string, options: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value).toWellFormed())}`],
  );
  return parts.length > 0 ? `${path}?${parts.join('&')}` : path;
}
