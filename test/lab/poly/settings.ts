import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { XMLBuilder } from 'fast-xml-parser';
import type { Faults } from '../types.ts';
import { heard, type Kind, type Setting, said } from './setting.ts';

/** What the device says of one name. Only NOERROR is publicly known; the other words are the lab's own, or a fault's. */
export type Result = 'NOERROR' | 'INVALIDNAME' | 'INVALIDVALUE' | 'READONLY' | (string & {});

export interface ReadVar {
  name: string;
  result: Result;
  value: string;
  isEditable: boolean;
  isHidden: boolean;
  isSecure: boolean;
}

export interface WrittenVar {
  name: string;
  requestedValue: unknown;
  result: Result;
}

const REMOVED = 'REMOVED_SECURE_CONTENT';
/** Stands for a line end while the XML is built: no setting holds it. */
const LINE_END = '\uE000';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressBooleanAttributes: false });

/** The device's settings: one value each, under the lab's key, the API's name and the export's. */
export class Settings {
  readonly #byKey: Map<string, Setting>;
  readonly #byName: Map<string, Setting>;
  readonly #faults: () => Faults;
  #rebootNeeded = false;
  /** Told the keys of what was just set, by whomever. */
  onChange: (keys: readonly string[]) => void = () => {};

  constructor(settings: readonly Setting[], faults: () => Faults) {
    this.#byKey = new Map(settings.map((one) => [one.key, one]));
    this.#byName = new Map(settings.flatMap((one) => (one.name === undefined ? [] : [[one.name, one]])));
    this.#faults = faults;
  }

  get rebootNeeded(): boolean {
    return this.#rebootNeeded;
  }

  rebooted(): void {
    this.#rebootNeeded = false;
  }

  text(key: string): string {
    return this.#byKey.get(key)?.value ?? '';
  }

  on(key: string): boolean {
    return this.text(key) === 'True';
  }

  /** Undefined for `Off`. */
  count(key: string): number | undefined {
    const value = this.text(key);
    return /^\d+$/.test(value) ? Number(value) : undefined;
  }

  get(key: string): Setting | undefined {
    return this.#byKey.get(key);
  }

  /** By the API's name. */
  named(name: string): Setting | undefined {
    return this.#byName.get(name);
  }

  read(names: readonly string[]): ReadVar[] {
    return names.map((name) => {
      const found = this.#faults().hideNames?.includes(name) ? undefined : this.#byName.get(name);
      if (!found) {
        return { name, result: 'INVALIDNAME', value: '', isEditable: false, isHidden: false, isSecure: false };
      }
      return {
        name,
        result: 'NOERROR',
        value: found.secure ? '' : said(found),
        isEditable: found.editable,
        isHidden: false,
        isSecure: found.secure,
      };
    });
  }

  /** One by one, in order: what is good is kept even when another is refused. */
  write(vars: readonly { name: string; value: unknown }[]): WrittenVar[] {
    const accepted: string[] = [];
    const written = vars.map(({ name, value }): WrittenVar => {
      const found = this.#byName.get(name);
      const result = found ? this.set(found, value, accepted) : 'INVALIDNAME';
      // A device says the requested value again, a password too.
      return { name, requestedValue: value, result };
    });
    if (accepted.length > 0) this.onChange(accepted);
    return written;
  }

  /** Whether a name and value are good, before anything is done with them. */
  judge(name: string, value: unknown): Result {
    const found = this.#byName.get(name);
    if (!found) return 'INVALIDNAME';
    return judge(found, typeof value === 'string' ? heard(found, value) : undefined);
  }

  /** One setting as a client of the API words it. Without `accepted` a change is told at once, else gathered there. */
  set(setting: Setting, value: unknown, accepted?: string[]): Result {
    return this.keep(setting, typeof value === 'string' ? heard(setting, value) : undefined, accepted);
  }

  /** The same with the value as it is kept; undefined is no value at all. */
  keep(setting: Setting, kept: string | undefined, accepted?: string[]): Result {
    const { name = setting.key } = setting;
    const { refuse = {}, forget = [] } = this.#faults();
    const refused = refuse[name] ?? refuse[setting.key];
    if (refused !== undefined) return refused;
    const judged = judge(setting, kept);
    if (judged !== 'NOERROR' || kept === undefined) return judged;
    if (forget.includes(name) || forget.includes(setting.key)) return 'NOERROR';
    if (setting.needsReboot && setting.value !== kept) this.#rebootNeeded = true;
    setting.value = kept;
    if (accepted) accepted.push(setting.key);
    else this.onChange([setting.key]);
    return 'NOERROR';
  }

  /** From inside the device, or by its provisioning server: nobody is asked. */
  put(values: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(values)) {
      const found = this.#byKey.get(key);
      if (found) found.value = value;
    }
    this.onChange(Object.keys(values));
  }

  /** By key, those that a test of the key picks. */
  values(which: (key: string) => boolean): Record<string, string> {
    return Object.fromEntries([...this.#byKey].flatMap(([key, { value }]) => (which(key) ? [[key, value]] : [])));
  }

  /** PHONE_CONFIG with one ALL, every setting an attribute. Truths are lower case here, whatever they are over REST. */
  exportXml(): string {
    const attributes: Record<string, string> = {};
    for (const { exported, kind, secure, value } of this.#byKey.values()) {
      if (exported === undefined) continue;
      const shown = secure ? REMOVED : kind.is === 'bool' ? value.toLowerCase() : value;
      attributes[`@${exported}`] = shown.replaceAll('\r', '').replaceAll('\n', LINE_END);
    }
    // Within an attribute a line end is written as a character reference, or a reader would take it for a blank.
    const body = String(builder.build({ PHONE_CONFIG: { ALL: attributes } })).replaceAll(LINE_END, '&#xA;');
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}\n`;
  }

  /** Everything by key, with a hash in place of a secret. */
  snapshot(): Record<string, string> {
    return Object.fromEntries(
      [...this.#byKey.values()].map(({ key, secure, value }) => [key, secure && value !== '' ? hash(value) : value]),
    );
  }
}

function judge(setting: Setting, kept: string | undefined): Result {
  if (!setting.editable) return 'READONLY';
  return kept !== undefined && fits(setting.kind, kept) ? 'NOERROR' : 'INVALIDVALUE';
}

function fits(kind: Kind, value: string): boolean {
  // A PEM has line breaks; nothing else that is set here may hold a control character.
  if (hasControl(kind.is === 'text' && kind.max > 4096 ? value.replace(/[\r\n]/g, '') : value)) return false;
  switch (kind.is) {
    case 'bool':
      return value === 'True' || value === 'False';
    case 'text':
      return value.length <= kind.max;
    case 'host':
      return value === '' || isIP(value) !== 0 || isHostName(value);
    case 'choice':
      return kind.of.includes(value);
    case 'count':
      return value === 'Off' || /^\d{1,6}$/.test(value);
  }
}

const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

const isHostName = (value: string): boolean =>
  value.length <= 253 && value.split('.').every((label) => LABEL.test(label));

const hasControl = (value: string): boolean =>
  [...value].some((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 32 || code === 127;
  });

const hash = (value: string): string => `sha256:${createHash('sha256').update(value).digest('hex')}`;
