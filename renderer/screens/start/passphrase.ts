/** How good a new passphrase is, told in a word. Pure; a hint, no proof. */

export type Strength = 'empty' | 'short' | 'weak' | 'fair' | 'strong';

/** The services refuse what is shorter. */
export const SHORTEST = 8;
const FAIR = 12;
const STRONG = 18;
/** With fewer different characters than these, length says little. */
const LEAST_DIFFERENT = 6;

export function strengthOf(passphrase: string): Strength {
  const { length } = [...passphrase];
  if (length === 0) return 'empty';
  if (passphrase.length < SHORTEST) return 'short';
  const different = new Set(passphrase.toLowerCase()).size;
  if (different < LEAST_DIFFERENT || length < FAIR) return 'weak';
  const words = new Set(
    passphrase
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length > 2),
  ).size;
  return length >= STRONG || words >= 4 ? 'strong' : 'fair';
}
