import { expect, it } from 'vitest';
import { VisitBaseline } from '../../main/migration/visitBaseline.ts';
import { tempSite } from '../support/siteFile.ts';

it('is what a fresh reading of the site file gives, whatever was added', async () => {
  const site = await tempSite();
  const baseline = new VisitBaseline(site, 'FOC1');
  expect(baseline.current).toBeNull();
  const macro = (name: string, content: string) => ({ kind: 'macro', name, content });
  await baseline.open([macro('a', 'one'), macro('b', 'two')]);
  expect(baseline.current?.items).toHaveLength(2);
  const steps = [[macro('c', 'three')], [macro('a', 'other')], [macro('b', 'two'), macro('a', 'one')]];
  for (const added of steps) {
    await baseline.add(...added);
    expect(baseline.current).toEqual(new VisitBaseline(site, 'FOC1').read());
  }
  expect(baseline.current?.items).toHaveLength(4);
});

it('does not stand for what the site file does not give back', async () => {
  const site = await tempSite();
  const baseline = new VisitBaseline(site, 'FOC1');
  await baseline.open([]);
  site.vault.seal = () => Buffer.alloc(40);
  await expect(baseline.add({ kind: 'macro', name: 'a', content: 'one' })).rejects.toMatchObject({
    code: 'SECRET_DAMAGED',
  });
});
