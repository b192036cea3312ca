/** `otj m365`: which app may read the rooms' mailboxes. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import {
  type AccessSettings,
  accessScopeSchema,
  accessSettingsSchema,
  cloudSchema,
  type ScriptKind,
  scriptKindSchema,
} from '../contract/microsoft/access.ts';
import { localTime } from '../report/words.ts';
import {
  accessSettings,
  accessView,
  knownCloud,
  makeScript,
  setAccess,
  signScript,
  takeResult,
} from '../services/access.ts';
import { cutOff, dismissKept } from '../services/accessCut.ts';
import { seeCut, takeCut } from '../services/accessRun.ts';
import type { Site } from '../site/site.ts';
import { withSite } from './context.ts';
import { askWhetherRead, tellCut, tellResult, tellRooms, tellScript } from './m365Access.ts';
import { addMailboxCommands } from './m365Check.ts';
import { addPlacesCommands } from './m365Places.ts';
import { addResultsCommands } from './m365Results.ts';
import { addRunCommand } from './m365Run.ts';
import { addSignInCommands } from './m365SignIn.ts';
import { clean, type Output, roomCount } from './output.ts';

export function addM365Commands(program: Command): void {
  const m365 = program
    .command('m365')
    .description(
      'Microsoft 365: signing in; which app may read the rooms’ mailboxes, by scripts that an Exchange administrator runs; and results where the team looks.',
    );

  m365
    .command('set')
    .summary('app, group and the way in which the app is kept to the rooms')
    .argument('<site>')
    .option('--app <id>', 'application (client) id of Infinity’s app')
    .option('--group <address>', 'mail-enabled security group that has the rooms as members')
    .addOption(new Option('--scope <way>', 'how the app is kept to the group').choices(accessScopeSchema.options))
    .option('--object <id>', 'object id of the enterprise application, for rbac')
    .option('--outside <address>', 'a mailbox that must stay out of reach, for a test')
    .option('--old-app <id>', 'application id of the app that Pexip Service used')
    .addOption(new Option('--cloud <name>', 'national cloud').choices(cloudSchema.options))
    .addHelpText(
      'after',
      `
policy: an application access policy, as Pexip's guide has it. Simple, and nested groups count; Microsoft asks for no new ones.
rbac:   RBAC for Applications, which Microsoft wants in its place. Only direct members count, and what the app was granted
        in Microsoft Entra ID stays beside it: take Calendars.Read away there.`,
    )
    .action(set);

  m365
    .command('script')
    .summary('write the script for the Exchange administrator')
    .description(
      'Shows the script, asks whether you have read it, and writes it. The script changes nothing without -Apply, can be run again, and writes a JSON result for `otj m365 result`.',
    )
    .argument('<site>')
    .addOption(
      new Option('--kind <kind>', 'default: as set; remove: takes the old app’s access away, last').choices(
        scriptKindSchema.options,
      ),
    )
    .option('--out <file>', 'where to write it; default: beside the site file')
    .option('--reviewed', 'you have read it: do not ask, for scripts')
    .option('--before-all-moved', 'write a remove although rooms have not moved yet')
    .action(script);

  m365
    .command('result')
    .summary('note what a script has reported')
    .argument('<site>')
    .argument('[file]', 'JSON file that the script wrote')
    .option(
      '--dismiss',
      'delete the result of a run on this computer that could not be taken; `otj m365 status` tells of it',
    )
    .action(result);

  addRunCommand(m365);
  addSignInCommands(m365);
  addMailboxCommands(m365);
  addResultsCommands(m365);
  addPlacesCommands(m365);

  m365.command('status').summary('what is known of each room’s mailbox').argument('<site>').action(status);
}

type SetOptions = {
  app?: string;
  group?: string;
  scope?: AccessSettings['scope'];
  object?: string;
  outside?: string;
  oldApp?: string;
  cloud?: AccessSettings['cloud'];
};

function set(path: string, own: SetOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, ({ site, out }) => {
    const before = accessSettings(site);
    const wish = accessSettingsSchema.safeParse({
      scope: own.scope ?? before?.scope ?? 'policy',
      appId: own.app ?? before?.appId,
      objectId: own.object ?? before?.objectId ?? null,
      group: own.group ?? before?.group,
      outside: own.outside ?? before?.outside ?? null,
      oldAppId: own.oldApp ?? before?.oldAppId ?? null,
      cloud: own.cloud ?? before?.cloud ?? knownCloud(site),
    });
    if (!wish.success) throw new OtjError('SETTING_UNFIT', z.prettifyError(wish.error).replaceAll('\n', ' '));
    takeCut(site);
    setAccess(site, wish.data);
    const { scope, appId, group } = wish.data;
    out.say(`App ${appId} is to read the members of ${group} (${scope}).`);
    out.say('Next: otj m365 script');
    out.emit({ type: 'result', settings: wish.data });
    return 0;
  });
}

type ScriptOptions = { kind?: ScriptKind; out?: string; reviewed?: boolean; beforeAllMoved?: boolean };

function script(path: string, own: ScriptOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, async (context) => {
    const { site, out, technician } = context;
    const kind = own.kind ?? accessSettings(site)?.scope ?? 'policy';
    const made = makeScript(site, kind);
    for (const { room, problem } of made.left) out.problem(problem, room);
    const beforeAllMoved = own.beforeAllMoved === true;
    if (made.notMoved > 0 && !beforeAllMoved) throw new OtjError('OLD_APP_NEEDED', `${made.notMoved} rooms`);
    if (!own.reviewed) await askWhetherRead(out, made.text);
    const target = own.out ?? `${path.replace(/\.otjsite$/, '')}-m365-${kind}.ps1`;
    signScript(site, { script: made, path: target, technician, beforeAllMoved });
    out.say(
      `Wrote ${target}${kind === 'remove' ? '' : ` (${roomCount(made.rooms)})`}, signed off by ${clean(technician)}.`,
    );
    out.say(`SHA-256 ${made.sha256}`);
    out.say('The Exchange administrator runs it without -Apply first, reads what it would do, then with -Apply.');
    out.emit({
      type: 'result',
      path: target,
      id: made.id,
      kind,
      sha256: made.sha256,
      rooms: made.rooms,
      left: made.left,
    });
    return made.left.length > 0 ? 1 : 0;
  });
}

function result(
  path: string,
  file: string | undefined,
  { dismiss = false }: { dismiss?: boolean },
  command: Command,
): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, ({ site, out }) => {
    if (dismiss === (file !== undefined)) throw new OtjError('USAGE', 'give either the file or --dismiss');
    if (file === undefined) return dismissed(out, site);
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (thrown) {
      throw new OtjError('RESULT_MISSING', (thrown as Error).message, { cause: thrown });
    }
    // Behind the reading: the file may be a kept one, which goes once it is taken.
    takeCut(site);
    return tellResult(out, site, takeResult(site, bytes));
  });
}

/** Deletes the kept result that `status` shows, unless it could be taken by now; never another that nobody was shown. */
function dismissed(out: Output, site: Site): number {
  const shown = cutOff(site);
  takeCut(site);
  const gone = shown?.state === 'kept' ? dismissKept(site, shown.at) : null;
  out.say(
    gone
      ? `Deleted: the result of the run of the script ${gone.kind}, begun ${localTime(gone.at)}. What that run has done is not known here: run the script again to look, nothing is made twice.`
      : shown?.state === 'kept'
        ? 'Nothing was deleted: the result could be taken now. See `otj m365 status SITE`.'
        : 'No result of a run is kept.',
  );
  out.emit({ type: 'result', cut: accessView(site).cut });
  return 0;
}

function status(path: string, _own: object, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
    seeCut(site);
    const { settings, signed, told, cut, rooms } = accessView(site);
    if (!settings) throw new OtjError('ACCESS_UNSET');
    out.say(`App ${settings.appId}, group ${settings.group} (${settings.scope})`);
    for (const { kind, by, at, sha256 } of signed)
      out.say(`Script ${kind}, signed off by ${clean(by)} at ${localTime(at)}, SHA-256 ${sha256}`);
    for (const one of told) tellScript(out, one);
    if (cut) tellCut(out, cut);
    tellRooms(out, site);
    out.emit({ type: 'result', settings, signed, told, cut, rooms });
    return cut === null && rooms.every(({ state }) => state === 'granted') ? 0 : 1;
  });
}
