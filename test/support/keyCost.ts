/** Stands in for main/site/keyCost.ts in the test runner's own processes: their passphrases guard nothing. */
export const KEY_COST = { N: 2 ** 4, r: 8, p: 2 };
