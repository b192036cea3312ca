/**
 * A stand-in for PowerShell, because there is none where these tests run: a program named `pwsh` that notes how it was called, prints,
 * waits, and leaves the result that the script would. It shows how the program is run; it shows nothing of Exchange.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './siteFile.ts';

export interface PwshPlan {
  powershell?: string;
  modules?: string[];
  /** What is printed where the version is asked for, in place of the answer. */
  odd?: string;
  /** Written to the output as they are. */
  print?: string[];
  printError?: string[];
  /** The result's members; null = it leaves none. `script` and `kind` are taken from the script itself. */
  result?: Record<string, unknown> | null;
  /** Of the result only so many characters come to disk, as where it was full. */
  torn?: number;
  exit?: number;
  /** It leaves its result before it stays, as a script does that was not at its end yet. */
  early?: boolean;
  /** Its folder becomes one that cannot be removed. */
  pin?: boolean;
  /** It stays until a signal comes, with a child of its own: `polite` ends at Ctrl-C and leaves a result then. */
  stay?: 'polite' | 'stubborn';
}

export interface PwshCall {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  pid: number;
  /** Of a process that it has started itself. */
  child: number | null;
  /** The script's file as it was, Base64, and its mode. */
  script: string | null;
  mode: number | null;
}

export interface StandIn {
  /** To be put into PATH. */
  folder: string;
  plan(plan: PwshPlan): void;
  calls(): PwshCall[];
  /** How often it was asked for its version. */
  asked(): number;
}

export function standIn(first: PwshPlan = {}, folder = tempFolder()): StandIn {
  const file = join(folder, 'plan.json');
  const calls = join(folder, 'calls.jsonl');
  const asked = join(folder, 'asked');
  writeFileSync(join(folder, 'pwsh'), `#!${process.execPath}\n${PROGRAM}`, { mode: 0o755 });
  const plan = (wanted: PwshPlan) => writeFileSync(file, JSON.stringify(wanted));
  plan(first);
  return {
    folder,
    plan,
    asked: () => (existsSync(asked) ? readFileSync(asked, 'utf8').length : 0),
    calls: () =>
      existsSync(calls)
        ? readFileSync(calls, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as PwshCall)
        : [],
  };
}

const PROGRAM = String.raw`
const fs = require('node:fs');
const { spawn } = require('node:child_process');
const path = require('node:path');
const plan = JSON.parse(fs.readFileSync(path.join(__dirname, 'plan.json'), 'utf8'));
const argv = process.argv.slice(2);
const after = (name) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : null);
if (after('-Command') !== null) {
  fs.appendFileSync(path.join(__dirname, 'asked'), '.');
  const told = { powershell: plan.powershell ?? '7.4.6', modules: plan.modules ?? ['3.9.0'] };
  console.log(plan.odd ?? 'otj-powershell ' + JSON.stringify(told));
  process.exit(plan.odd === undefined ? 0 : 1);
}
const file = after('-File');
const script = file && fs.readFileSync(file);
const child = plan.stay ? spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid : null;
fs.appendFileSync(path.join(__dirname, 'calls.jsonl'), JSON.stringify({
  argv, env: process.env, cwd: process.cwd(), pid: process.pid, child,
  script: script && script.toString('base64'), mode: file && fs.statSync(file).mode & 0o777,
}) + '\n');
for (const line of plan.print ?? []) process.stdout.write(line);
for (const line of plan.printError ?? []) process.stderr.write(line);
const leave = (more) => {
  const payload = /^\$payload = '([A-Za-z0-9+/=]*)'/m.exec(script.toString('utf8'))[1];
  const data = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  const result = {
    format: 'otj-access-result', version: 1, script: data.script, kind: data.kind,
    applied: argv.includes('-Apply') && !argv.includes('-WhatIf'), at: new Date().toISOString(),
    restricted: true, failure: '', notes: [], items: [], ...plan.result, ...more,
  };
  if (plan.result !== null) fs.writeFileSync(after('-ResultPath'), JSON.stringify(result).slice(0, plan.torn));
};
// A link to itself in the place of the folder above: what is below it can be neither read nor removed.
if (plan.pin) {
  const above = path.dirname(path.dirname(file));
  fs.renameSync(above, above + '-away');
  fs.symlinkSync(above, above);
}
if (plan.stay) {
  setInterval(() => {}, 1000);
  process.on('SIGINT', () => {
    if (plan.stay === 'stubborn') return;
    leave({ failure: 'The pipeline has been stopped.' });
    process.exit(1);
  });
  process.on('SIGTERM', () => {});
  if (plan.early) leave({ complete: false });
  process.stdout.write('READY\n');
} else {
  leave({});
  process.exitCode = plan.exit ?? 0;
}
`;
