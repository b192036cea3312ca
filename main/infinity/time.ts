/** Datetimes of the Management API. */

const FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads `2026-05-04T09:00:00.000000`, with or without fractions, with or without a zone (the forms of Pexip's
 * go-infinity-sdk). A value without a zone is UTC. Null for null and for anything else.
 */
export function parseTime(text: string | null | undefined): Date | null {
  const [, day, clock, fraction = '', zone = 'Z'] = FORM.exec(text?.trim() ?? '') ?? [];
  if (!day || !clock) return null;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const date = new Date(`${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
