/** Words of strangers on a network, made bearable: short, on one line, without anything that a terminal obeys. Pure. */

const LONGEST = 200;

/** @param longest in UTF-16 units */
export function plain(text: string, longest = LONGEST): string {
  const short = text.length > longest * 4 ? text.slice(0, longest * 4) : text;
  const clean = short
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
