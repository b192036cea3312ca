/** What is asked of a tenant's administrator: what the program uses, no more, and by its right name. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { featureSchema } from '../../main/contract/microsoft/connection.ts';
import { type Manner, permissionsOf } from '../../main/microsoft/identity/permissions.ts';
import { SCOPES as MAILBOXES } from '../../main/microsoft/mailboxes/scopes.ts';
import { SCOPES as PLACES } from '../../main/microsoft/places/place.ts';
import { SCOPES as RESULTS } from '../../main/microsoft/results/columns.ts';

const names = (manner: Manner = {}) => permissionsOf(featureSchema.options, manner).map(({ scope }) => scope);

it('names what the guide and the window name', () => {
  const guide = readFileSync('docs/guide.md', 'utf8');
  const all = [...names({ unattended: true }), ...names({ selectedSites: true })];
  const other = [...new Set(all)].filter((scope) => !names().includes(scope));
  expect(other).toEqual(['Calendars.ReadBasic.All', 'Sites.Selected']);
  for (const scope of other) expect(guide).toContain(scope);
  const window = readFileSync('renderer/screens/signIn/Features.tsx', 'utf8');
  for (const scope of [...names(), ...other]) expect(window).toContain(`'${scope}': `);
});

it('asks for what its calls need, and for nothing else', () => {
  const used = [PLACES, ...Object.values(MAILBOXES), ...Object.values(RESULTS)].flat();
  expect(names().toSorted()).toEqual([...new Set(used)].toSorted());
});
