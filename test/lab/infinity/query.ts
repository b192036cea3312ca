/** Lists of the management API: filters, order and pages (Django style look-ups, `limit` 20 unless told, 0 for all). */
const DEFAULT_LIMIT = 20;
const LARGEST_LIMIT = 10_000;

export type View = Record<string, unknown>;
export interface Page {
  meta: { limit: number; next: string | null; offset: number; previous: string | null; total_count: number };
  objects: View[];
}

type Test = (actual: unknown, wanted: string) => boolean;

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const lower = (value: unknown): string => text(value).toLowerCase();
const compare = (a: unknown, b: unknown): number => {
  const [x, y] = [Number(a), Number(b)];
  if (text(a) !== '' && text(b) !== '' && Number.isFinite(x) && Number.isFinite(y)) return x - y;
  return text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;
};

const LOOKUPS: Record<string, Test> = {
  exact: (a, w) => text(a) === w || (typeof a === 'boolean' && lower(a) === w.toLowerCase()),
  iexact: (a, w) => lower(a) === w.toLowerCase(),
  contains: (a, w) => text(a).includes(w),
  icontains: (a, w) => lower(a).includes(w.toLowerCase()),
  startswith: (a, w) => text(a).startsWith(w),
  istartswith: (a, w) => lower(a).startsWith(w.toLowerCase()),
  endswith: (a, w) => text(a).endsWith(w),
  iendswith: (a, w) => lower(a).endsWith(w.toLowerCase()),
  in: (a, w) => w.split(',').includes(text(a)),
  gt: (a, w) => compare(a, w) > 0,
  gte: (a, w) => compare(a, w) >= 0,
  lt: (a, w) => compare(a, w) < 0,
  lte: (a, w) => compare(a, w) <= 0,
  isnull: (a, w) => (a === null) === (w.toLowerCase() === 'true'),
};

export const LOOKUP_NAMES: readonly string[] = Object.keys(LOOKUPS);

/** Filters only on `filterable` fields; anything else is an error for the caller to answer with 400. */
export function query(
  all: View[],
  path: string,
  parameters: URLSearchParams,
  filterable: readonly string[],
): Page | { error: string } {
  let objects = all;
  for (const [key, wanted] of parameters) {
    if (['limit', 'offset', 'order_by', 'format'].includes(key)) continue;
    const [field = '', lookup = 'exact', more] = key.split('__');
    const test = Object.hasOwn(LOOKUPS, lookup) ? LOOKUPS[lookup] : undefined;
    if (!filterable.includes(field) || !test || more !== undefined) {
      return { error: `The '${key}' field does not allow filtering.` };
    }
    objects = objects.filter((object) => test(object[field], wanted));
  }
  for (const key of parameters.getAll('order_by').reverse()) {
    const field = key.replace(/^-/, '');
    if (!filterable.includes(field)) return { error: `No matching '${field}' field for ordering on.` };
    const sign = key.startsWith('-') ? -1 : 1;
    objects = objects.toSorted((a, b) => sign * compare(a[field], b[field]));
  }
  const limit = wholeNumber(parameters.get('limit'), DEFAULT_LIMIT);
  const offset = wholeNumber(parameters.get('offset'), 0);
  if (limit === undefined) return { error: 'Invalid limit provided. Please provide a positive integer.' };
  if (offset === undefined) return { error: 'Invalid offset provided. Please provide a positive integer.' };

  const size = limit === 0 ? Math.max(objects.length, 1) : Math.min(limit, LARGEST_LIMIT);
  const at = (start: number): string => {
    const link = new URLSearchParams(parameters);
    link.set('limit', String(size));
    link.set('offset', String(start));
    return `${path}?${link}`;
  };
  const total = objects.length;
  return {
    meta: {
      limit: limit === 0 ? 0 : size,
      next: offset + size < total ? at(offset + size) : null,
      offset,
      previous: offset > 0 ? at(Math.max(0, offset - size)) : null,
      total_count: total,
    },
    objects: objects.slice(offset, offset + size),
  };
}

function wholeNumber(given: string | null, otherwise: number): number | undefined {
  if (given === null) return otherwise;
  return /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}
