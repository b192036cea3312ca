export type Kind =
  | { is: 'bool' }
  | { is: 'text'; max: number }
  /** A name or an address: no scheme, no path. */
  | { is: 'host' }
  | { is: 'choice'; of: readonly string[] }
  /** `Off` or a whole number. */
  | { is: 'count' };

/** How a truth is said: `True`, `true` or `1`. */
export type Words = 'title' | 'lower' | 'digit';

export interface Setting {
  /** The lab's own name, the same on all families and firmwares. */
  key: string;
  /** Name in the device's API; what has none is not found there. */
  name?: string;
  /** Attribute name in the exported configuration. */
  exported?: string;
  kind: Kind;
  /** A truth is `True` or `False` here, whatever its words outside are. */
  value: string;
  words: Words;
  editable: boolean;
  secure: boolean;
  needsReboot: boolean;
}

export const bool: Kind = { is: 'bool' };
export const host: Kind = { is: 'host' };
export const count: Kind = { is: 'count' };
export const text = (max: number): Kind => ({ is: 'text', max });
export const choice = (...of: string[]): Kind => ({ is: 'choice', of });

export type Extra = Partial<Omit<Setting, 'key' | 'kind' | 'value'>>;

/** Is called by its key in the API unless `extra` says otherwise. */
export function setting(key: string, kind: Kind, value: string, extra: Extra = {}): Setting {
  return { key, name: key, kind, value, words: 'title', editable: true, secure: false, needsReboot: false, ...extra };
}

/** The same under another name in the API; without one it is not there. */
export function renamed(one: Setting, name: string | undefined, words: Words = one.words): Setting {
  const { name: _old, ...rest } = one;
  return { ...rest, words, ...(name === undefined ? {} : { name }) };
}

export const boolText = (on: boolean): string => (on ? 'True' : 'False');

const SAID: Record<Words, readonly [yes: string, no: string]> = {
  title: ['True', 'False'],
  lower: ['true', 'false'],
  digit: ['1', '0'],
};

export function said({ kind, words, value }: Setting): string {
  if (kind.is !== 'bool') return value;
  return SAID[words][value === 'True' ? 0 : 1];
}

/** The value as it is kept; undefined when it is none of the words. */
export function heard({ kind, words }: Setting, value: string): string | undefined {
  if (kind.is !== 'bool') return value;
  const at = SAID[words].indexOf(value);
  return at < 0 ? undefined : boolText(at === 0);
}

export const hostName = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
