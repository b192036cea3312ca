import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { breachesIn, layerBreaches } from '../layers.ts';

const imports = (from: string, to: string): string[] =>
  breachesIn(new Map([[from, `import { x } from '${to}';\nx();`]]));

describe('layers', () => {
  it('holds in the project', async () => {
    expect(await layerBreaches(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
  });

  it.each([
    ['renderer/app.tsx', '../main/contract/plan.ts'],
    ['renderer/app.tsx', 'react'],
    ['preload/index.ts', '../main/contract/plan.ts'],
    ['main/contract/plan.ts', 'zod'],
    ['main/contract/plan.ts', './errors.ts'],
    ['main/app.ts', './hosts/electron.ts'],
    ['main/app.ts', 'electron'],
    ['main/hosts/electron.ts', 'electron'],
    ['main/cli.ts', './services/run.ts'],
    ['main/cli/run.ts', '../cli.ts'],
    ['main/services/run.ts', '../migration/runner.ts'],
    ['main/services/run.ts', '../endpoints/cisco/driver.ts'],
    ['main/migration/runner.ts', '../endpoints/driver.ts'],
    ['main/migration/runner.ts', '../site/journal.ts'],
    ['main/endpoints/registry.ts', './cisco/driver.ts'],
    ['main/endpoints/cisco/driver.ts', '../transports/ssh.ts'],
    ['main/endpoints/cisco/record/dialect.ts', '../../record/disguise/dialect.ts'],
    ['main/endpoints/recorders.ts', './poly/record/recorder.ts'],
    ['main/endpoints/poly/videoos/driver.ts', '../mapping.ts'],
    ['main/endpoints/cisco/driver.ts', '../../../assets/macros.json'],
  ])('%s may import %s', (from, to) => {
    expect(imports(from, to)).toEqual([]);
  });

  it.each([
    ['renderer/app.tsx', '../main/services/run.ts'],
    ['preload/index.ts', '../main/site/site.ts'],
    ['renderer/app.tsx', 'electron'],
    ['preload/index.ts', '../renderer/app.tsx'],
    ['main/contract/plan.ts', 'undici'],
    ['main/contract/plan.ts', 'node:fs'],
    ['main/contract/plan.ts', '../site/site.ts'],
    ['main/contract/plan.ts', '../../assets/list.json'],
    ['main/services/run.ts', '../cli.ts'],
    ['main/services/run.ts', '../hosts/browser.ts'],
    ['main/services/run.ts', 'electron'],
    ['main/cli.ts', './hosts/electron.ts'],
    ['main/roomlist/csv.ts', '../services/run.ts'],
    ['main/infinity/client.ts', '../microsoft/graph.ts'],
    ['main/migration/runner.ts', '../endpoints/cisco/driver.ts'],
    ['main/migration/runner.ts', '../endpoints/transports/ssh.ts'],
    ['main/endpoints/cisco/driver.ts', '../../site/site.ts'],
    ['main/endpoints/cisco/driver.ts', '../../services/run.ts'],
    ['main/endpoints/cisco/driver.ts', '../../migration/plan.ts'],
    ['main/endpoints/cisco/driver.ts', '../../infinity/client.ts'],
    ['main/endpoints/cisco/driver.ts', '../poly/mapping.ts'],
    ['main/endpoints/transports/ssh.ts', '../cisco/driver.ts'],
    ['main/endpoints/record/make.ts', '../poly/record/digest.ts'],
    ['main/endpoints/driver.ts', './poly/mapping.ts'],
    ['main/site/site.ts', '../endpoints/cisco/driver.ts'],
    ['main/services/run.ts', '../../test/lab/types.ts'],
    ['main/services/run.ts', '../../renderer/app.tsx'],
    ['main/util/text.ts', '../contract/plan.ts'],
  ])('%s may not import %s', (from, to) => {
    expect(imports(from, to)).toHaveLength(1);
  });

  it.each([
    `import type { X } from '../site/site.ts'; export type Y = X;`,
    `export { x } from '../site/site.ts';`,
    `export * from '../site/site.ts';`,
    `import '../site/site.ts';`,
    `export const x = await import('../site/site.ts');`,
    `export type X = import('../site/site.ts').X;`,
    `const x = require('../site/site.ts'); x();`,
  ])('sees every form of import: %s', (text) => {
    expect(breachesIn(new Map([['main/endpoints/cisco/a.ts', text]]))).toHaveLength(1);
  });

  it('finds rings, and names a file that cannot be read', () => {
    const ring = new Map([
      ['main/site/a.ts', `import './b.ts';`],
      ['main/site/b.ts', `import './c.ts';`],
      ['main/site/c.ts', `import './a.ts';`],
      ['main/site/d.ts', `import './a.ts';`],
    ]);
    expect(breachesIn(ring)).toEqual([
      'import cycle: main/site/a.ts → main/site/b.ts → main/site/c.ts → main/site/a.ts',
    ]);
    expect(breachesIn(new Map([['main/site/a.ts', 'import {']]))).toHaveLength(1);
  });
});
