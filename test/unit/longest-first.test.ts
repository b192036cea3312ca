import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { LONGEST } from '../support/longestFirst.ts';

it('names files that are there', () => {
  const missing = LONGEST.filter((name) => !existsSync(fileURLToPath(new URL(`../../${name}`, import.meta.url))));
  expect(missing).toEqual([]);
});
