/** What a review found wrong in the pure parts of the codec driver. */
import { describe, expect, it } from 'vitest';
import { type Baseline, TAKEN } from '../../main/contract/device.ts';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { backupOf } from '../../main/endpoints/cisco/plan/backup.ts';
import { macrosToTake } from '../../main/endpoints/cisco/plan/take.ts';
import { planUndo } from '../../main/endpoints/cisco/plan/undo.ts';
import { plan } from '../../main/endpoints/cisco/plan.ts';
import { TshReader } from '../../main/endpoints/cisco/ssh/tshReader.ts';
import { commandResult } from '../../main/endpoints/cisco/xapi.ts';
import { otjMacroPair } from '../lab/cisco/macros.ts';
import { ciscoFacts, CISCO_WISH as WISH } from '../support/ciscoFacts.ts';
import { errorOf } from '../support/codeOf.ts';

const PAIR = otjMacroPair({ tenant: 'fjord', token: 'service-token-4711' });
const macro = (name: string, content: string): Macro => ({ name, content, active: true });
const facts = (...macros: Macro[]) => ciscoFacts(macros, { users: [] });

const items = backupOf(facts(...PAIR));
const baseline: Baseline = { items };
const taken: Baseline = {
  items: [...items, ...PAIR.map(({ name, content }) => ({ kind: TAKEN, name, content }))],
};

describe("a customer's own macro under an OTJ name", () => {
  it('is not taken, whatever was backed up or taken under that name', () => {
    const own = PAIR.map(({ name }) => macro(name, 'console.log("ours")'));
    for (const before of [null, baseline, taken]) {
      expect(macrosToTake(facts(...own), WISH, before)).toEqual([]);
      expect(plan(facts(...own), WISH, before).flatMap(({ changes }) => changes)).toHaveLength(1);
    }
  });

  it('differs from the old text by one character, and is not taken either', () => {
    const [settings] = PAIR;
    const edited = macro(settings?.name ?? '', `export const token = 'x';`);
    expect(macrosToTake(facts(edited), WISH, taken)).toEqual(['otj-macro']);
    expect(macrosToTake(facts(macro(edited.name, settings?.content ?? '')), WISH, taken)).toHaveLength(2);
  });

  it('does not keep an undo from planning the old one back', () => {
    const own = PAIR.map(({ name }) => macro(name, 'console.log("ours")'));
    const ids = planUndo(facts(...own), WISH, taken).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(PAIR.map(({ name }) => `undo.macro:${name}`)));
  });
});

describe("a customer's macro that names the Service in a comment alone", () => {
  it.each([
    ['lights', "// Replaces Pexip's One-Touch Join (otj.pexip.io)\nconsole.log(1);"],
    ['lights', '/*\n * Replaces One-Touch Join, see cisco-macros.pexip.io\n */\nconsole.log(1);'],
    ['lights', '// Formerly otj.pexip.io and cisco-macros.pexip.io\nconsole.log(1);'],
    ['calendar', '// We do not use otj.pexip.io any more\nxapi.Command.Bookings.Put({}, ours);'],
    ['otj-note', '// otj.pexip.io was here'],
  ])('%s is never taken unasked: %s', (name, content) => {
    expect(judgeMacros([{ name, content, active: true }])).toMatchObject([{ verdict: 'uncertain' }]);
  });
});

describe('a macro that calls nobody', () => {
  it.each([
    '// was: https://nordbank.otj.pexip.io/v1/meetings',
    "/* Replaces Pexip's macro, which called otj.pexip.io */ console.log(1)",
    '// see cisco-macros.pexip.io',
  ])('is left to a person when its comment is %s', (text) => {
    expect(judgeMacros([macro('lights', text)]).map(({ verdict }) => verdict)).toEqual(['uncertain']);
    expect(macrosToTake(facts(macro('lights', text)), WISH, null)).toEqual([]);
  });
});

describe('the words of an odd reply', () => {
  const text = `const token = '${'T0K3N'.repeat(40)}';`;
  const told = async (reply: Record<string, unknown>, path = 'Macros Macro Get') =>
    (await errorOf(() => commandResult(reply, path)))?.words ?? '';

  it.each([
    ['under another key', { CommandResponse: { Odd: { Macro: [{ Name: 'x', Content: { Value: text } }] } } }],
    ['without a status', { CommandResponse: { MacroGetResult: { Macro: { Content: text } } } }],
    ['as the status', { CommandResponse: { MacroGetResult: { status: text } } }],
    ['in place of the response', { CommandResponse: text }],
    ['in place of the result', { CommandResponse: { MacroGetResult: text } }],
    ['in a list', { CommandResponse: [[text], { a: [text] }] }],
  ])('hold no macro text that came %s', async (_name, reply) => {
    const words = await told(reply);
    expect(words).toContain(`${text.length} characters`);
    for (let at = 0; at + 41 <= text.length; at++) expect(words).not.toContain(text.slice(at, at + 41));
  });

  it('tell short texts, of 40 characters at most, and are short themselves', async () => {
    expect(await told({ CommandResponse: { Odd: 'a'.repeat(40) } })).toContain('a'.repeat(40));
    expect(await told({ CommandResponse: { Odd: 'a'.repeat(41) } })).not.toContain('aaa');
    const many = { CommandResponse: { Odd: Array.from({ length: 99 }, () => 'short') } };
    expect((await told(many)).length).toBeLessThanOrEqual(200);
  });

  it('are cut before the text when a reply with macros is no JSON', () => {
    const reply = `{"CommandResponse":{"MacroGetResult":{"status":"OK","Macro":[{"Content":"${text}"},]}}}\n`;
    const [item] = new TshReader().push(reply);
    expect(item).toMatchObject({ kind: 'broken' });
    expect(item?.kind === 'broken' ? item.text : text).not.toContain('T0K3N');
  });

  it('hold no more than 40 characters of a macro that the codec prints as plain text', () => {
    const [item] = new TshReader().push(`{ token: "${'T0K3N'.repeat(20)}" }\n`);
    expect(item?.kind === 'broken' ? item.text.length : 0).toBeLessThanOrEqual(40);
  });
});
