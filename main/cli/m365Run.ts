/** `otj m365 run`: an access script, run on this computer: first only to look, then for real what was looked at. */
import { type Command, Option } from 'commander';
import { OtjError } from '../contract/errors.ts';
import { type AccessRun, accessRunWaySchema, type ScriptKind, scriptKindSchema } from '../contract/microsoft/access.ts';
import { findPowerShell } from '../microsoft/powershell/find.ts';
import { accessSettings, accessView, makeScript } from '../services/access.ts';
import { type AccessRunWish, accessLook, readyPowerShell, runAccess } from '../services/accessRun.ts';
import { type Context, withSite } from './context.ts';
import { askWhetherRead, tellCut, tellResult } from './m365Access.ts';
import { clean, duration, makeOutput, roomCount } from './output.ts';

export function addRunCommand(m365: Command): void {
  m365
    .command('run')
    .summary('run the script on this computer, where PowerShell and its module are installed')
    .description(
      'Shows the script, asks whether you have read it, and runs it in PowerShell with -WhatIf: it signs in to Exchange, tells what it would do, and changes nothing. --apply ID then runs that same script for real, in that same tenant. Its result is noted as by `otj m365 result`. Ctrl-C ends it; its result tells what was done by then. A run that was cut off by the end of this program is told by `otj m365 status`.',
    )
    .argument('<site>')
    .addOption(
      new Option('--kind <kind>', 'default: as set; remove: takes the old app’s access away, last').choices(
        scriptKindSchema.options,
      ),
    )
    .option('--apply <id>', 'run the script of this id for real, which was looked at')
    .option('--device-code', 'sign in with a code that is typed in a browser anywhere; default: in the browser here')
    .option('--user <address>', 'sign-in name of the Exchange administrator, which the sign-in page proposes')
    .option('--create-group', 'create the security group where there is none')
    .option('--consent-removed', 'of a remove: the old app’s consent has been taken away in Microsoft Entra ID')
    .option('--before-all-moved', 'of a remove: although rooms have not moved yet')
    .option('--reviewed', 'you have read the script: do not ask, for scripts')
    .option('--check', 'only tell whether PowerShell and its module are there')
    .action(run);
}

interface RunOptions {
  kind?: ScriptKind;
  apply?: string;
  deviceCode?: boolean;
  user?: string;
  createGroup?: boolean;
  consentRemoved?: boolean;
  beforeAllMoved?: boolean;
  reviewed?: boolean;
  check?: boolean;
}

function run(path: string, own: RunOptions, command: Command): Promise<void> {
  const options = command.optsWithGlobals();
  if (own.check) return check(makeOutput(options.json === true));
  return withSite(path, options, { unlock: false, change: true }, async (context) => {
    const { site, out, signal } = context;
    const shell = await readyPowerShell(signal);
    out.say(`PowerShell ${shell.version} with ExchangeOnlineManagement ${shell.module}: ${clean(shell.path)}`);
    const wish = own.apply === undefined ? await looking(context, own) : applying(context, own, own.apply);
    out.say(
      wish.mode === 'look'
        ? 'Looking, without changing anything. Sign in as an Exchange administrator.'
        : 'Making the changes. Sign in as an Exchange administrator.',
    );
    const ran = await runAccess(site, {
      ...wish,
      shell,
      technician: context.technician,
      signal,
      line({ from, text }) {
        out.say(`  ${from === 'err' ? '! ' : ''}${text}`);
        out.emit({ type: 'line', from, text });
      },
    });
    return tell(context, path, ran);
  });
}

type Wish = Pick<AccessRunWish, 'script' | 'mode' | 'way' | 'beforeAllMoved'>;

/** Throws USAGE, DECLINED, and what makeScript() throws. */
async function looking({ site, out }: Context, own: RunOptions): Promise<Wish> {
  const script = makeScript(site, own.kind ?? accessSettings(site)?.scope ?? 'policy');
  for (const { room, problem } of script.left) out.problem(problem, room);
  const beforeAllMoved = own.beforeAllMoved === true;
  if (script.notMoved > 0 && !beforeAllMoved) throw new OtjError('OLD_APP_NEEDED', `${script.notMoved} rooms`);
  const way = wayOf(own, {});
  if (!own.reviewed) await askWhetherRead(out, script.text);
  out.say(
    `Script ${script.id}${script.kind === 'remove' ? '' : ` (${roomCount(script.rooms)})`}, SHA-256 ${script.sha256}`,
  );
  return { script, mode: 'look', way, beforeAllMoved };
}

/** Throws PWSH_LOOK_FIRST, USAGE. */
function applying({ site }: Context, own: RunOptions, id: string): Wish {
  const look = accessLook(site);
  if (look?.id !== id.trim().toLowerCase()) throw new OtjError('PWSH_LOOK_FIRST', id);
  if (own.kind !== undefined && own.kind !== look.kind)
    throw new OtjError('USAGE', `this is a script of the kind ${look.kind}`);
  const { kind, sha256, beforeAllMoved } = look;
  return { script: { id: look.id, kind, sha256 }, mode: 'apply', way: wayOf(own, look.way), beforeAllMoved };
}

/** What is not said stays as it was looked at. Throws USAGE. */
function wayOf(own: RunOptions, before: Partial<AccessRunWish['way']>): AccessRunWish['way'] {
  const way = accessRunWaySchema.safeParse({
    signIn: own.deviceCode ? 'device-code' : (before.signIn ?? 'browser'),
    user: own.user ?? before.user ?? null,
    createGroup: own.createGroup ?? before.createGroup ?? false,
    consentRemoved: own.consentRemoved ?? before.consentRemoved ?? false,
  });
  if (!way.success) throw new OtjError('USAGE', '--user must be a sign-in name such as admin@contoso.example');
  return way.data;
}

function tell({ site, out }: Context, path: string, ran: AccessRun): number {
  const { id, mode, exitCode, ms, stopped, would, dropped, result, problem } = ran;
  if (dropped > 0) out.say(`  … and ${dropped} more lines`);
  const how = stopped ? 'Stopped' : `Ended with exit code ${exitCode ?? '–'}`;
  out.say(`${how} after ${duration(ms)}.`);
  if (problem) out.problem(problem);
  if (stopped)
    out.say(
      result
        ? 'What it had done by then is told below; run it again to look at what is left.'
        : '▲ It left no word of what it had done. Run it again to look: nothing is made twice.',
    );
  out.emit({ type: 'run', ...ran });
  const code = result ? tellResult(out, site, result) : 1;
  const { cut } = accessView(site);
  if (cut) tellCut(out, cut);
  if (mode === 'look' && result && !problem && !stopped && exitCode === 0) {
    out.say(would === 0 ? 'It would change nothing.' : `It would make ${would} ${would === 1 ? 'change' : 'changes'}.`);
    if (would > 0) out.say(`To make them: otj m365 run ${path} --apply ${id}`);
    return 0;
  }
  return problem || stopped || exitCode !== 0 ? 1 : code;
}

/** Needs no site. */
async function check(out: ReturnType<typeof makeOutput>): Promise<void> {
  const shell = await findPowerShell();
  const { state, path, version, module, words } = shell;
  const said = {
    none: 'This computer has no PowerShell 7 (pwsh). Write the script with `otj m365 script`.',
    broken: `PowerShell is there and does not answer as it should: ${clean(words)}`,
    'no-module': `PowerShell ${version} lacks the module: Install-Module ExchangeOnlineManagement -Scope CurrentUser`,
    'module-unfit': `ExchangeOnlineManagement ${module} wants a newer PowerShell than ${version}.`,
    ready: `PowerShell ${version} with ExchangeOnlineManagement ${module}: a script can be run here.`,
  }[state];
  out.say(said);
  if (path !== null) out.say(clean(path));
  out.emit({ type: 'result', ...shell });
  process.exitCode = state === 'ready' ? 0 : 1;
}
