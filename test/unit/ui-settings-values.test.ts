import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../main/contract/site.ts';
import {
  compareFingerprint,
  placeOf,
  shownFingerprint,
  shownPlace,
} from '../../renderer/screens/settings/infinityAddress.ts';
import { fitsBounds, settingsOf, shownOf } from '../../renderer/screens/settings/limits.ts';
import { stepAfter, stepAt } from '../../renderer/tour/steps.ts';

describe('the address of Infinity', () => {
  it('is found in what people paste', () => {
    expect(placeOf(' https://manager.example:8443/admin/login?x=1 ')).toEqual({
      address: 'manager.example',
      port: 8443,
    });
    expect(placeOf('manager.example')).toEqual({ address: 'manager.example', port: null });
    expect(placeOf('10.0.0.1:443')).toEqual({ address: '10.0.0.1', port: 443 });
    expect(placeOf('[fe80::1]:443')).toEqual({ address: 'fe80::1', port: 443 });
    expect(placeOf('fe80::1')).toEqual({ address: 'fe80::1', port: null });
  });

  it('is nothing with spaces or other signs in it', () => {
    for (const odd of ['', 'two words', 'ftp://x', 'a@b', 'x'.repeat(300)]) expect(placeOf(odd), odd).toBeNull();
  });

  it('is shown as it is typed into a browser', () => {
    expect(shownPlace({ address: 'fe80::1', port: 443 })).toBe('[fe80::1]:443');
    expect(shownPlace({ address: 'a.example', port: 8443 })).toBe('a.example:8443');
  });
});

describe('a fingerprint that was told', () => {
  const sha256 = '0123456789abcdef'.repeat(4);

  it('is compared in whatever way it is written', () => {
    expect(compareFingerprint(shownFingerprint(sha256), sha256)).toBe('same');
    expect(compareFingerprint(`SHA-256 Fingerprint: ${sha256.toUpperCase()}`, sha256)).toBe('same');
    expect(compareFingerprint('f'.repeat(64), sha256)).toBe('different');
    expect(compareFingerprint('ab:cd', sha256)).toBe('odd');
    expect(compareFingerprint('  ', sha256)).toBe('empty');
  });
});

describe('numbers of the settings', () => {
  it('are seconds in the fields and milliseconds in the file', () => {
    const shown = shownOf(DEFAULT_SETTINGS);
    expect(shown).toMatchObject({ timeoutMs: 10, proofMs: 180, proofEveryMs: 5, sshPort: 22, accountName: 'otj-push' });
    expect(settingsOf({ ...shown, proofEveryMs: 0.5 })).toMatchObject({ timeoutMs: 10_000, proofEveryMs: 500 });
  });

  it('are refused outside of their bounds', () => {
    const shown = shownOf(DEFAULT_SETTINGS);
    expect(settingsOf({ ...shown, sshPort: null })).toBeNull();
    expect(settingsOf({ ...shown, concurrency: 257 })).toBeNull();
    expect(settingsOf({ ...shown, accountName: 'two words' })).toBeNull();
    expect(fitsBounds('sshPort', 22.5)).toBe(false);
    expect(fitsBounds('timeoutMs', 2.5)).toBe(true);
  });
});

describe('the tour', () => {
  it('has a hint for each screen on the way, and ends', () => {
    expect(stepAt('rooms', null)).toBe('rooms');
    expect(stepAt('rooms', 3)).toBe('room');
    expect(stepAt('room', 3)).toBe('room');
    expect(stepAt('settings', null)).toBeNull();
    expect(stepAfter('sync')).toBe('report');
    expect(stepAfter('report')).toBeNull();
  });
});
