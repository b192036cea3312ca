/** The colours of the window can be told from their grounds: computed from the tokens as they are shipped. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CSS = readFileSync(new URL('../../renderer/design/tokens.css', import.meta.url), 'utf8');
const MORE_AT = CSS.indexOf('@media (prefers-contrast: more)');
const USUAL = pairsIn(CSS.slice(0, MORE_AT));
const MORE = new Map([...USUAL, ...pairsIn(CSS.slice(MORE_AT))]);

const GROUNDS = ['sunken', 'bg', 'surface', 'raised', 'hover', 'selected'];
const STATES = ['not-started', 'ready', 'in-progress', 'migrated', 'awaiting-sync', 'needs-attention', 'undone'];
const TEXTS = ['text', 'text-soft', 'accent', 'danger', ...STATES.map((state) => `state-${state}`)];

/** Name → [light, dark] of each token that is a pair of colours. */
function pairsIn(css: string): Map<string, [string, string]> {
  const found = css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g);
  return new Map([...found].map(([, name = '', light = '', dark = '']) => [name, [light, dark]]));
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** What is too faint, one line each. */
function tooFaint(
  colours: ReadonlyMap<string, [string, string]>,
  fronts: readonly string[],
  grounds: readonly string[],
  least: number,
): string[] {
  const faint: string[] = [];
  for (const [theme, name] of ['light', 'dark'].entries()) {
    for (const front of fronts) {
      for (const ground of grounds) {
        const [a, b] = [colours.get(front)?.[theme], colours.get(ground)?.[theme]];
        if (!a || !b) faint.push(`${front} or ${ground} is no pair of colours`);
        else if (contrast(a, b) < least) faint.push(`${name}: ${front} on ${ground} ${contrast(a, b).toFixed(2)}`);
      }
    }
  }
  return faint;
}

describe('colours of the window', () => {
  it('computes contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
    expect(
      tooFaint(
        new Map([
          ['a', ['#777777', '#777777']],
          ['b', ['#ffffff', '#777777']],
        ]),
        ['a'],
        ['b'],
        4.5,
      ),
    ).toEqual(['light: a on b 4.48', 'dark: a on b 1.00']);
  });

  it('shows text and all seven states with at least 4.5:1 on every ground, light and dark', () => {
    expect(tooFaint(USUAL, TEXTS, GROUNDS, 4.5)).toEqual([]);
    expect(tooFaint(USUAL, ['on-accent'], ['accent', 'accent-hover'], 4.5)).toEqual([]);
    expect(tooFaint(USUAL, ['on-danger'], ['danger', 'danger-hover'], 4.5)).toEqual([]);
  });

  it('shows borders of controls with at least 3:1', () => {
    expect(tooFaint(USUAL, ['line-strong'], ['bg', 'surface', 'raised'], 3)).toEqual([]);
  });

  it('goes to 7:1 where more contrast is wished, and lines are seen then', () => {
    expect(tooFaint(MORE, TEXTS, GROUNDS, 7)).toEqual([]);
    expect(tooFaint(MORE, ['line', 'line-strong'], ['bg', 'surface', 'raised'], 3)).toEqual([]);
    expect(tooFaint(MORE, ['on-accent'], ['accent', 'accent-hover'], 7)).toEqual([]);
    expect(tooFaint(MORE, ['on-danger'], ['danger', 'danger-hover'], 7)).toEqual([]);
  });

  it('has a colour of its own for each state', () => {
    for (const theme of [0, 1]) {
      expect(new Set(STATES.map((state) => USUAL.get(`state-${state}`)?.[theme])).size).toBe(STATES.length);
    }
  });
});
