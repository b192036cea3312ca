/** `otj infinity setup`: One-Touch Join on Infinity where it is not configured yet. */
import confirm from '@inquirer/confirm';
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import { calendarKindSchema, type SetupStep, type SetupWish } from '../contract/infinity.ts';
import { applySetup, previewSetup, templateOffer } from '../services/setupInfinity.ts';
import { withSite } from './context.ts';
import { clean, type Output } from './output.ts';
import { descriptor, hasTerminal, readSecret } from './secrets.ts';

export function addInfinitySetupCommand(infinity: Command): void {
  const { calendars } = templateOffer();
  const fields = calendars.map(
    ({ kind, fields, secret }) =>
      `  ${kind}: ${fields.map(({ field, required, value }) => `${field}${required ? '' : '?'}${value ? `=${value}` : ''}`).join(', ')}; secret: ${secret}`,
  );
  infinity
    .command('setup')
    .summary('configure One-Touch Join on Infinity where it is not yet')
    .description(
      'Makes what One-Touch Join needs, from a reviewed template: calendar integration, OTJ profile, meeting processing rules, endpoint group in a system location; or gives an existing group the profile and location named here. All of it is shown before it is written, each object is read back, and what is there already is used. Run it again after an interruption.',
    )
    .argument('<site>')
    .requiredOption('--location <name>', 'system location whose Conferencing Nodes serve the rooms')
    .requiredOption('--profile <name>', 'OTJ profile')
    .option('--group <name>', 'OTJ endpoint group; default: that of the site')
    .option('--calendar <kind>', 'graph, exchange or google; left out when the profile has its calendar')
    .option('--calendar-name <name>', 'name of the calendar integration')
    .option('--set <field=value...>', 'values of the calendar integration')
    .option('--secret-fd <fd>', 'read its secret from this file descriptor; it is not kept', descriptor)
    .option('--rules <types>', 'meeting types that get a rule, with commas; none for none')
    .option('--dry-run', 'only show what would be written')
    .option('--yes', 'write without asking, for scripts')
    .addHelpText('after', `\nFields of the calendar integrations (? = may be left out):\n${fields.join('\n')}`)
    .action(setup);
}

interface SetupOptions {
  location: string;
  profile: string;
  group?: string;
  calendar?: string;
  calendarName?: string;
  set?: string[];
  secretFd?: number;
  rules?: string;
  dryRun?: boolean;
  yes?: boolean;
}

function setup(path: string, own: SetupOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: true, change: true }, async ({ site, out, signal }) => {
    const group = own.group ?? site.settings.infinity?.group;
    if (!group) throw new OtjError('INFINITY_NOT_SET');
    const wish: SetupWish = {
      group,
      location: own.location,
      profile: own.profile,
      calendar: await calendarOf(own),
      rules: rulesOf(own.rules),
    };
    const steps = await previewSetup(site, wish, signal);
    for (const step of steps) saySetup(out, step);
    const writes = steps.filter(({ action }) => action !== 'same');
    out.emit({ type: 'plan', steps });
    if (writes.length === 0) out.say('All of it is there already.');
    else if (own.dryRun) out.say(`${writes.length} objects would be written. Nothing was changed.`);
    else if (!own.yes && !hasTerminal()) throw new OtjError('USAGE', 'give --yes to write what is shown, or --dry-run');
    else if (!own.yes && !(await confirm({ message: `Write ${writes.length} objects on Infinity?`, default: false })))
      throw new OtjError('DECLINED');
    if (own.dryRun) return 0;
    await applySetup(site, {
      wish,
      confirmed: steps,
      signal,
      done: (step) => {
        out.say(`● ${step.what} "${clean(step.name)}" is there, read back`);
        out.emit({ type: 'written', what: step.what, name: step.name });
      },
    });
    out.say(`The endpoint group of this site is "${clean(group)}". Next: otj infinity check ${path}`);
    out.emit({ type: 'result', written: writes.length });
    return 0;
  });
}

/** Throws USAGE. */
async function calendarOf(own: SetupOptions): Promise<SetupWish['calendar']> {
  if (own.calendar === undefined) return null;
  const kind = calendarKindSchema.safeParse(own.calendar).data;
  if (!kind) throw new OtjError('USAGE', `--calendar ${own.calendar}: graph, exchange or google`);
  const pairs = (own.set ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new OtjError('USAGE', `--set takes field=value: ${pair.slice(0, 40)}`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const { secret: field } = templateOffer().calendars.find((one) => one.kind === kind) ?? { secret: '' };
  const secret = await readSecret(own.secretFd, `${field} of the calendar integration`);
  return { kind, name: own.calendarName ?? `${own.profile} calendars`, fields: Object.fromEntries(pairs), secret };
}

function rulesOf(typed: string | undefined): string[] {
  if (typed === undefined) return templateOffer().rules.flatMap(({ type, chosen }) => (chosen ? [type] : []));
  return typed === 'none' ? [] : typed.split(',').map((type) => type.trim());
}

const GLYPHS: Record<SetupStep['action'], string> = { create: '+', change: '~', same: '=' };

function saySetup(out: Output, { what, name, action, fields, touches }: SetupStep): void {
  out.say(`${GLYPHS[action]} ${what} "${clean(name)}"${action === 'same' ? ' is there' : ''}`);
  for (const { field, before, after } of fields)
    out.say(`    ${field}: ${before === null ? '' : `${clean(before) || '–'}  →  `}${clean(after) || '–'}`);
  if (touches > 0) out.say(`▲   ${touches} OTJ endpoints are in this group and change with it.`);
}
