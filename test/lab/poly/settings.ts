import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { XMLBuilder } from 'fast-xml-parser';
import type { PolySpec } from '../types.ts';
import { type Kind, type Setting, settingsOf } from './settings-table.ts';

/** What the device says of one name. Only NOERROR is publicly known; the other words are the lab's own. */
export type Result = 'NOERROR' | 'INVALIDNAME' | 'INVALIDVALUE' | 'READONLY';

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
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', suppressBooleanAttributes: false });

/** The device's settings: one value each, shown under one name in /rest/config and another in the export. */
export class Settings {
  readonly #byName: Map<string, Setting>;
  #rebootNeeded = false;

  constructor(spec: PolySpec) {
    this.#byName = new Map(settingsOf(spec).map((setting) => [setting.name, setting]));
  }

  get rebootNeeded(): boolean {
    return this.#rebootNeeded;
  }

  rebooted(): void {
    this.#rebootNeeded = false;
  }

  text(name: string): string {
    return this.#byName.get(name)?.value ?? '';
  }

  on(name: string): boolean {
    return this.text(name) === 'True';
  }

  /** Undefined for `Off`. */
  count(name: string): number | undefined {
    const value = this.text(name);
    return /^\d+$/.test(value) ? Number(value) : undefined;
  }

  read(names: readonly string[]): ReadVar[] {
    return names.map((name) => {
      const setting = this.#overRest(name);
      if (!setting) {
        return { name, result: 'INVALIDNAME', value: '', isEditable: false, isHidden: false, isSecure: false };
      }
      const { editable, secure, value } = setting;
      return {
        name,
        result: 'NOERROR',
        value: secure ? '' : value,
        isEditable: editable,
        isHidden: false,
        isSecure: secure,
      };
    });
  }

  /** One by one, in order: what is good is kept even when another is refused. */
  write(vars: readonly { name: string; value: unknown }[]): { vars: WrittenVar[]; accepted: string[] } {
    const accepted: string[] = [];
    const written = vars.map(({ name, value }): WrittenVar => {
      const result = this.#writeOne(name, value);
      if (result === 'NOERROR') accepted.push(name);
      // A device says the requested value again, a password too.
      return { name, requestedValue: value, result };
    });
    return { vars: written, accepted };
  }

  #writeOne(name: string, value: unknown): Result {
    const setting = this.#overRest(name);
    if (!setting) return 'INVALIDNAME';
    if (!setting.editable) return 'READONLY';
    if (typeof value !== 'string' || !fits(setting.kind, value)) return 'INVALIDVALUE';
    if (setting.needsReboot && setting.value !== value) this.#rebootNeeded = true;
    setting.value = value;
    return 'NOERROR';
  }

  #overRest(name: string): Setting | undefined {
    const setting = this.#byName.get(name);
    return setting?.overRest ? setting : undefined;
  }

  /** PHONE_CONFIG with one ALL, every setting an attribute. Booleans are lower case here, unlike over REST. */
  exportXml(): string {
    const attributes: Record<string, string> = {};
    for (const { exported, kind, secure, value } of this.#byName.values()) {
      if (exported === undefined) continue;
      attributes[`@${exported}`] = secure ? REMOVED : kind.is === 'bool' ? value.toLowerCase() : value;
    }
    const body = String(builder.build({ PHONE_CONFIG: { ALL: attributes } }));
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}\n`;
  }

  /** Everything, with a hash in place of a secret. */
  snapshot(): Record<string, string> {
    return Object.fromEntries(
      [...this.#byName.values()].map(({ name, secure, value }) => [name, secure && value !== '' ? hash(value) : value]),
    );
  }
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
