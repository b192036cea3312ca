/**
 * What a passphrase costs whoever tries one: about 0.3 s and 64 MB on a laptop, bearable once per start, costly per guess.
 * A site file keeps the cost it was made with. Tests make their many files with less, by an alias in vitest.config.ts.
 */
export const KEY_COST = { N: 2 ** 16, r: 8, p: 2 };
