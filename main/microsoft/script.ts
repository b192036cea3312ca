/**
 * The scripts for an Exchange administrator. Pure: the same values give the same bytes. All code is constant; all values
 * are one block of JSON in Base64, whose letters cannot end a string. What is shown for reading stands in comments, one line
 * each, without anything that could end the line or mean something to PowerShell there.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import table from '../../assets/microsoft/access.json' with { type: 'json' };
import type { AccessSettings, ScriptKind } from '../contract/microsoft/access.ts';
import { BODIES, COMMON, ROOMS } from './templates.ts';

/** What is assumed of Exchange and of Pexip's demands, each with its source. */
const ACCESS = z
  .object({
    role: z.object({ name: z.string() }),
    scopeName: z.object({ prefix: z.string(), longest: z.number() }),
    settling: z.object({
      policyMinutes: z.object({ value: z.number() }),
      rbacMinutes: z.object({ value: z.number() }),
    }),
    processing: z.array(
      z.object({
        name: z.string().regex(/^[A-Za-z]+$/),
        value: z.union([z.string(), z.boolean()]),
      }),
    ),
    clouds: z.object({ worldwide: z.string(), 'gcc-high': z.string(), dod: z.string(), china: z.string() }),
  })
  .parse(table);

/** How long after a change Microsoft 365 may go on as before, minutes. */
export const SETTLING_MINUTES = {
  policy: ACCESS.settling.policyMinutes.value,
  rbac: ACCESS.settling.rbacMinutes.value,
};

/** Longest part of a name that is shown in a comment. */
const MOST_SHOWN = 80;

export interface ScriptWish {
  /** Names the script in its result. */
  id: string;
  kind: ScriptKind;
  site: string;
  settings: AccessSettings;
  rooms: readonly { name: string; mailbox: string }[];
}

/** @returns the file's bytes: UTF-8 with a byte order mark, which Windows PowerShell 5.1 needs, and CRLF */
export function scriptBytes(text: string): Buffer {
  return Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf8');
}

/** SHA-256 of the file, lower-case hex. */
export function scriptHash(text: string): string {
  return createHash('sha256').update(scriptBytes(text)).digest('hex');
}

/** Its lines end in LF; `scriptBytes` makes the file of it. */
export function renderScript(wish: ScriptWish): string {
  const payload = Buffer.from(JSON.stringify(payloadOf(wish)), 'utf8').toString('base64');
  const parts: Record<string, string> = {
    '#@REVIEW@': reviewOf(wish),
    '#@COMMON@': COMMON.replace('@PAYLOAD@', () => payload).trimEnd(),
    '#@ROOMS@': ROOMS.trimEnd(),
  };
  return BODIES[wish.kind].replaceAll(/^#@[A-Z]+@$/gm, (mark) => parts[mark] ?? mark);
}

function payloadOf({ id, kind, settings, rooms }: ScriptWish) {
  const { appId, objectId, group, outside, oldAppId, cloud } = settings;
  const base = { script: id, kind, environment: ACCESS.clouds[cloud] };
  if (kind === 'remove') return { ...base, oldAppId };
  return {
    ...base,
    ...{ appId, objectId, group, outside },
    role: ACCESS.role.name,
    scopeName: scopeName(group),
    processing: ACCESS.processing.map(({ name, value }) => ({ name, value })),
    rooms: rooms.map(({ mailbox }) => ({ mailbox })),
  };
}

/** Of the group's own, so that sites with other groups in the same tenant have others. */
function scopeName(group: string): string {
  const { prefix, longest } = ACCESS.scopeName;
  const name = `${prefix}${group.toLowerCase()}`;
  if (name.length <= longest) return name;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - mark.length - 1)} ${mark}`;
}

function reviewOf({ id, kind, site, settings, rooms }: ScriptWish): string {
  const { appId, objectId, group, outside, oldAppId } = settings;
  const values: [string, string | null][] =
    kind === 'remove'
      ? [['Old app', oldAppId]]
      : [
          ['App', appId],
          ['Object id', kind === 'rbac' ? objectId : null],
          ['Group', group],
          ['Out of reach', outside],
          ['Calendars', ACCESS.processing.map(({ name, value }) => `${name}=${value}`).join(', ')],
        ];
  const lines = [
    `OTJ Migrator, script ${id}, for the site ${shown(site)}`,
    ...values.flatMap(([what, value]) => (value === null ? [] : [`${what}: ${shown(value, 500)}`])),
    ...(kind === 'remove' ? [] : [`${rooms.length} rooms:`]),
    ...(kind === 'remove' ? [] : rooms.map(({ name, mailbox }) => `  ${shown(mailbox, 254)}  ${shown(name)}`)),
  ];
  // Behind the bar nothing is taken for a directive or a signature block, whatever it says.
  return lines.map((line) => `# | ${line}`).join('\n');
}

/** One line of plain text: no control, format or separator characters, which could end a line or turn its direction. */
function shown(text: string, most = MOST_SHOWN): string {
  const line = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
  return [...line].slice(0, most).join('');
}
