/** How like two programs are, line by line. Pure. */

/**
 * Twice the lines that both have, by the lines of both together: 0 to 1. Lines are cut again behind `;`, `{` and `}` and
 * compared without blanks and comments on lines of their own, so that layout counts for little.
 */
export function likeness(one: string, other: string): number {
  const [some, rest] = [linesOf(one), linesOf(other)];
  if (some.length === 0 || rest.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const line of rest) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of some) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    common++;
    counts.set(line, left - 1);
  }
  return (2 * common) / (some.length + rest.length);
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('//'))
    .join('\n')
    .split(/(?<=[;{}])|\n/)
    .map((line) => line.replace(/[\s;]+/g, '').replaceAll('"', "'"))
    .filter(Boolean);
}
