import { describe, expect, it } from 'vitest';
import data from '../../assets/poly-settings/videoos.json' with { type: 'json' };
import { OtjError } from '../../main/contract/errors.ts';
import {
  familyOfModel,
  isAmong,
  loadMapping,
  readSwitch,
  sameValue,
  spelt,
  videoosMapping,
} from '../../main/endpoints/poly/mapping.ts';
import { createRedactor } from '../../main/endpoints/redact.ts';

type Data = typeof data;
const changed = (change: (copy: Data) => void): Data => {
  const copy = structuredClone(data);
  change(copy);
  return copy;
};

describe('the setting map', () => {
  it('is sound and says where each name comes from', () => {
    expect(videoosMapping.sets.map((set) => set.id)).toEqual(['cal', 'exchange']);
    for (const set of videoosMapping.sets) {
      expect(set.evidence).toBe('assumed');
      expect(set.members.find((member) => member.role === 'username')?.maxLength).toBe(64);
    }
  });

  it.each([
    ['no password', changed((copy) => copy.sets[0]?.members.splice(5, 1))],
    ['a name twice', changed((copy) => copy.sets[0]?.members.push(structuredClone(data.sets[0]?.members[0] as never)))],
    ['an unknown field', { ...data, more: 1 }],
    ['an unlisted source', changed((copy) => Object.assign(copy.exportServer, { source: 'hearsay' }))],
    ['two values', changed((copy) => Object.assign(copy.sets[0]?.members[1] ?? {}, { fixed: 'x' }))],
    ['a pattern that is none', { ...data, models: '(' }],
    [
      'a confirmation without a version',
      changed((copy) => Object.assign(copy.sets[0] ?? {}, { confirmed: [{ models: 'x' }] })),
    ],
    [
      'a kept one that must be there',
      changed((copy) => Object.assign(copy.sets[0]?.members.at(-1) ?? {}, { optional: false })),
    ],
    ['nothing', undefined],
  ])('is refused with %s', (_what, broken) => {
    expect(() => loadMapping(broken)).toThrow(OtjError);
  });

  it('tells models and versions apart', () => {
    const x50 = { model: 'StudioX50', software: '4.2.0' };
    expect(isAmong({}, x50)).toBe(true);
    expect(isAmong({ models: 'x30' }, x50)).toBe(false);
    expect(isAmong({ models: 'studiox', from: '4.2', to: '4.2' }, { ...x50, software: '4.2.9-1' })).toBe(true);
    expect(isAmong({ from: '4.2.1' }, x50)).toBe(false);
    expect(isAmong({ to: '4.1' }, x50)).toBe(false);
    expect(isAmong({ from: '4.9' }, { ...x50, software: '4.10.0' })).toBe(true);
    expect(isAmong({ from: '6.2' }, { model: 'Group 500', software: 'Release - 6.2.2.8-670021' })).toBe(true);
    expect(isAmong({ from: '1.0' }, { ...x50, software: 'unknown' })).toBe(false);
  });

  it.each([
    ['StudioX50', 'poly-videoos'],
    ['G7500', 'poly-videoos'],
    ['RealPresence Group 500', 'poly-group'],
    ['Trio 8800', 'poly-trio'],
    ['Group Studio', null],
    ['HDX 9000', null],
    ['', null],
  ])('knows the family of the model %j', (model, family) => {
    expect(familyOfModel(model)).toBe(family);
  });

  it('spells a switch as its set has it, and nothing else', () => {
    expect(
      ['CAL.enabled', 'exchange.enable', 'cal.ews.domain'].map((name) => spelt(videoosMapping, name, 'yes')),
    ).toEqual(['True', 'true', 'yes']);
    expect(spelt(videoosMapping, 'cal.enabled', 'off')).toBe('False');
    expect(spelt(videoosMapping, 'cal.enabled', 'perhaps')).toBe('perhaps');
  });

  it('compares values as their kind demands', () => {
    expect(sameValue('bool', 'True', 'true')).toBe(true);
    expect(sameValue('bool', 'True', 'False')).toBe(false);
    expect(sameValue('bool', 'maybe', 'perhaps')).toBe(false);
    expect(sameValue('host', 'A.example.com', 'a.example.com')).toBe(true);
    expect(sameValue('text', 'Room', 'room')).toBe(false);
    expect(sameValue('text', null, '')).toBe(true);
    expect(readSwitch('sometimes')).toBeUndefined();
  });
});

describe('redaction', () => {
  const secret = 'p&"ä/ss <w>';
  const redactor = createRedactor();
  redactor.add(secret);
  redactor.add('');
  redactor.add(null);

  it.each([
    ['plain', secret],
    ['JSON', JSON.stringify({ value: secret })],
    ['ASCII JSON', JSON.stringify(secret).replace('ä', '\\u00e4')],
    ['JSON with escaped slashes', JSON.stringify(secret).replace('/', '\\/')],
    ['XML', '<a b="p&amp;&quot;ä/ss &lt;w&gt;"/>'],
    ['URL', `/x?y=${encodeURIComponent(secret)}`],
    ['Base64', Buffer.from(secret).toString('base64')],
    ['cut off', `{"value":"${secret.slice(0, 6)}`],
  ])('finds a secret in %s', (_where, text) => {
    const clean = redactor.clean(text);
    expect(clean).toContain('•••');
    expect(clean).not.toContain('ss');
  });

  it('keeps to one short line', () => {
    const clean = redactor.clean(`a\r\nb\u001b[31m${'x'.repeat(1000)}`, 50);
    expect(clean.startsWith('a b [31m')).toBe(true);
    expect(clean).toHaveLength(50);
  });
});
