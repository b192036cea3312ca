/** What a pilot of a Poly device is about: model, software, names, and the way in which it was spoken to. */
import { describe, expect, it } from 'vitest';
import { contributionOf, gateOf } from '../../main/endpoints/poly/gate.ts';
import { groupMapping, loadMapping, type PolyMapping, videoosMapping } from '../../main/endpoints/poly/mapping.ts';
import type { PolyFacts } from '../../main/endpoints/poly/videoos/facts.ts';

const GROUP = { model: 'RealPresence Group 500', software: '6.2.2.8' };
const facts = (way: 'rest' | 'cli', identity = GROUP) =>
  ({ way, identity: { ...identity, serial: '8', mac: null, systemName: '' }, calendar: { set: 'cal' } }) as PolyFacts;
const confirmedFor = (way: string): PolyMapping => {
  const [set] = groupMapping.sets;
  const confirmed = [{ models: 'Group 500', from: '6.2', to: '6.2', way, source: 'pilot 2026-01-01' }];
  return loadMapping({ ...groupMapping, sets: [{ ...set, confirmed }] });
};

describe('the gate of a Poly device', () => {
  it('is another one for the command line than for REST, in its key, its words and what is kept of it', () => {
    const [rest, cli] = [gateOf(groupMapping, facts('rest')), gateOf(groupMapping, facts('cli'))];
    expect(rest?.key).not.toBe(cli?.key);
    expect(rest?.title).not.toBe(cli?.title);
    expect([rest?.about.way, cli?.about.way]).toEqual(['rest', 'cli']);
  });

  it('is not opened by a confirmation of the other way', () => {
    expect(gateOf(confirmedFor('cli'), facts('cli'))).toBeNull();
    expect(gateOf(confirmedFor('cli'), facts('rest'))).not.toBeNull();
    expect(() => confirmedFor('carrier pigeon')).toThrow();
  });

  it('knows the pilots that a site kept before ways were told apart, where there is only one way', () => {
    const x50 = { model: 'StudioX50', software: '4.2.0' };
    expect(gateOf(videoosMapping, facts('rest', x50))?.key).toBe('poly-videoos|StudioX50|4.2.0|cal');
    expect(gateOf(groupMapping, facts('rest'))?.key).not.toBe('poly-group|RealPresence Group 500|6.2.2.8|cal');
  });
});

describe('a contribution', () => {
  it('names the way, and is not made of a pilot that does not tell it', () => {
    const about = { family: 'poly-group', ...GROUP, set: 'cal' };
    expect(contributionOf({ ...about, way: 'cli' }, '2026-01-01')?.confirmed.way).toBe('cli');
    expect(contributionOf(about, '2026-01-01')).toBeNull();
    expect(contributionOf({ ...about, way: 'fax' }, '2026-01-01')).toBeNull();
    expect(contributionOf({ ...about, family: 'poly-trio' }, '2026-01-01')?.confirmed.way).toBe('rest');
    expect(contributionOf({ ...about, family: 'cisco-roomos', way: 'rest' }, '2026-01-01')).toBeNull();
  });
});
