/** `otj macros`: the macros of a codec and what is judged of each. */
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import type { JudgedMacro } from '../contract/rooms.ts';
import { roomsNamed } from '../services/inventory.ts';
import { readJudged } from '../services/macros.ts';
import type { Room } from '../site/rooms.ts';
import { withSite } from './context.ts';
import { macroLines } from './macroText.ts';
import { clean, type Output } from './output.ts';

export function addMacroCommand(program: Command): void {
  program
    .command('macros')
    .summary('the macros of a codec, and which are OTJ’s')
    .description(
      'Reads the macros of a room’s codec and shows what is judged of each and why. Where a person has to decide: `otj run SITE ROOM --take-macro NAME`, or `--leave-macro NAME`. Changes nothing. Exit code 1 while a macro waits for a decision.',
    )
    .argument('<site>')
    .argument('<room>', 'name, mailbox or address')
    .option(
      '--show <name>',
      'print this macro without its secrets, with the signs marked, beside the OTJ macro most like it',
    )
    .option('--retry', 'also try a login that was refused before')
    .action(macros);
}

interface MacroOptions {
  show?: string;
  retry?: boolean;
}

function macros(path: string, name: string, { show, retry }: MacroOptions, command: Command): Promise<void> {
  const needs = {
    unlock: true,
    change: true,
    check: (site: Parameters<typeof roomsNamed>[0]) => void roomsNamed(site, [name]),
  };
  return withSite(path, command.optsWithGlobals(), needs, async ({ site, out, signal }) => {
    const [room] = roomsNamed(site, [name]);
    if (!room) throw new OtjError('ROOM_UNKNOWN', name);
    const all = await readJudged(site, room, { signal, insist: retry === true });
    const one = show === undefined ? null : all.find((macro) => macro.name === show);
    if (one === undefined) {
      const names = all.map((macro) => macro.name).join(', ');
      throw new OtjError('USAGE', `${room.name} has no macro ${show}; it has ${names || 'none'}`);
    }
    if (one) showOne(out, room, one);
    else showAll(out, room, all);
    const open = all.filter(isOpen).map((macro) => macro.name);
    out.emit({ type: 'result', room: room.name, macros: all.length, undecided: open });
    return open.length > 0 ? 1 : 0;
  });
}

/** Nobody has said yet what it is. */
function isOpen({ verdict, decided }: JudgedMacro): boolean {
  return verdict === 'uncertain' && decided === null;
}

const VERDICTS: Record<JudgedMacro['verdict'], string> = { otj: '● OTJ', uncertain: '▲ uncertain', other: '○ other' };
const DECISIONS = { take: 'taken for OTJ', leave: 'left alone' } as const;

function showAll(out: Output, room: Room, all: readonly JudgedMacro[]): void {
  for (const { content: _content, marks: _marks, like, ...macro } of all)
    out.emit({
      type: 'macro',
      room: room.name,
      ...macro,
      like: like && { name: like.name, room: like.room, share: like.share },
    });
  if (all.length === 0) {
    out.say(`${clean(room.name)} has no macros.`);
    return;
  }
  out.table(
    ['macro', 'active', 'bytes', 'verdict', 'score', 'decided'],
    all.map(({ name, active, bytes, verdict, score, decided }) => [
      name,
      active ? 'yes' : 'no',
      bytes,
      VERDICTS[verdict],
      score,
      decided && DECISIONS[decided],
    ]),
  );
  for (const macro of all) {
    if (macro.reasons.length === 0) continue;
    out.say();
    sayReasons(out, macro);
  }
  const open = all.filter(isOpen);
  if (open.length === 0) return;
  out.say();
  out.say(
    `${open.length === 1 ? '1 macro waits' : `${open.length} macros wait`} for a decision. Look at one with --show NAME; then otj run with --take-macro NAME if it is OTJ’s, --leave-macro NAME if not.`,
  );
}

function showOne(out: Output, room: Room, macro: JudgedMacro): void {
  out.emit({ type: 'macro', room: room.name, ...macro });
  const { verdict, score, decided, content } = macro;
  out.say(`${VERDICTS[verdict]}, ${score} points${decided ? `, ${DECISIONS[decided]}` : ''}`);
  sayReasons(out, macro);
  out.say();
  if (content === '') out.say('It has no sign of One-Touch Join, so its text is not shown.');
  else for (const line of macroLines(macro, Math.max(80, process.stdout.columns ?? 160))) out.say(line);
}

function sayReasons(out: Output, { name, reasons }: JudgedMacro): void {
  out.say(`${clean(name)}:`);
  for (const reason of reasons) out.say(`    ${clean(reason)}`);
}
