/** The parts of the error catalogue: put together, none may hide another's code. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../main/contract/catalogue.ts';

const PARTS = new URL('../../main/contract/catalogue/', import.meta.url);

it('has each code once, and every part is in it', async () => {
  const codes: string[] = [];
  for (const name of readdirSync(PARTS)) {
    const part: Record<string, object> = await import(new URL(name, PARTS).href);
    for (const errors of Object.values(part)) codes.push(...Object.keys(errors));
  }
  expect(codes.toSorted()).toEqual(
    Object.keys(CATALOGUE)
      .filter((code) => code !== 'INTERNAL')
      .toSorted(),
  );
});
