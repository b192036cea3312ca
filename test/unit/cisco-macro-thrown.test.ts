/** The judge of macros with whatever is thrown at it: it takes no neighbour, gives up in time, and then asks a person. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { neighbours } from '../lab/cisco/macros.ts';
import { IN_CLASSES, judged, MAIN, macro, OWN, SETTINGS, verdicts } from '../support/macroVariants.ts';

describe('whatever is thrown at it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          ...`otj.pexip.io|cisco-macros.pexip.io|api-gateway.pexip.io|Bookings.Put|"|'|\`|$\{|}|{|(|)|=>|;|//|/*|*/|\n|import|export|from|"./a"|const a=|a|+|.|,|[|]|xapi.Command.HttpClient.Get|One-Touch Join`.split(
            '|',
          ),
        ),
        { maxLength: 40 },
      )
      .map((words) => words.join(' ')),
  );
  const names = fc.oneof(
    fc.constantFrom('a', 'b', 'otj-macro', 'otj-macro-settings', 'Otj', '__proto__', 'constructor'),
    fc.string(),
  );
  const any = fc.record({ name: names, content: texts, active: fc.boolean() });

  it('judges it, the same each time and in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(any, { selector: ({ name }) => name.toLowerCase(), maxLength: 6 }),
        fc.nat(),
        (macros, turn) => {
          const first = judgeMacros(macros);
          expect(first.map(({ name }) => name)).toEqual(macros.map(({ name }) => name));
          expect(judgeMacros(macros)).toEqual(first);
          const at = macros.length > 0 ? turn % macros.length : 0;
          const turned = judgeMacros([...macros.slice(at), ...macros.slice(0, at)]);
          expect(new Map(turned.map((one) => [one.name, one]))).toEqual(new Map(first.map((one) => [one.name, one])));
          for (const [index, { marks }] of first.entries())
            for (const { from, to } of marks) {
              expect(from).toBeLessThan(to);
              expect(to).toBeLessThanOrEqual(macros[index]?.content.length ?? 0);
            }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('takes no neighbour, in any order, under any name, whatever is said in its comments', () => {
    const comment = fc.constantFrom(
      'otj.pexip.io',
      'cisco-macros.pexip.io',
      'One-Touch Join',
      'Bookings.Put',
      "'otj.pexip.io'",
    );
    const others = [...neighbours, macro('own', OWN)];
    const picked = fc
      .shuffledSubarray(others)
      .chain((some) =>
        fc.tuple(
          ...some.map((one) =>
            fc
              .record({ name: names, words: fc.array(comment, { maxLength: 3 }) })
              .map(({ name, words }) => macro(name, `/* ${words.join('\n')} */\n${one.content}`)),
          ),
        ),
      );
    fc.assert(
      fc.property(picked, fc.boolean(), (macros: Macro[], withPair) => {
        const unlike = macros.filter(({ name }) => ![SETTINGS.name, MAIN.name].includes(name));
        const all = withPair ? [...unlike, SETTINGS, MAIN] : unlike;
        const taken = judgeMacros(all).filter(({ verdict }) => verdict === 'otj');
        expect(taken.map(({ name }) => name)).toEqual(withPair ? [SETTINGS.name, MAIN.name] : []);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no copy from whose code the link or the work was cut out', () => {
    const cuts = fc.record({ from: fc.nat(IN_CLASSES.length), length: fc.nat(400), name: names, put: texts });
    fc.assert(
      fc.property(cuts, ({ from, length, name, put }) => {
        const content = IN_CLASSES.slice(0, from) + put + IN_CLASSES.slice(from + length);
        const { verdict, reasons } = judged(macro(name, content));
        if (verdict !== 'otj') return;
        // Whatever is left has the host and the command in its code.
        expect(content.toLowerCase()).toMatch(/pexip\.io/);
        expect(reasons.some((reason) => reason.startsWith('calls'))).toBe(true);
        expect(content).toContain('HttpClient');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['deep brackets', '('.repeat(200_000)],
    ['deep lists', `const a = ${'['.repeat(50_000)}'otj.pexip.io'${']'.repeat(50_000)};`],
    ['a long sum', `const a = ${"'otj.' + ".repeat(50_000)}'pexip.io';`],
    ['a long chain', `a${'.Put'.repeat(200_000)}();`],
    ['a long template', `const a = \`${`\${b}otj`.repeat(100_000)}\`;`],
    ['a long list of hosts', `const a = [${"'otj.pexip.io',".repeat(60_000)}];\nconsole.log(a);`],
    [
      'many names for one thing',
      `const a0 = 'otj.pexip.io';\n${Array.from({ length: 20_000 }, (_, at) => `const a${at + 1} = a${at};`).join('\n')}`,
    ],
    ['a join of very many', `const a = [${"'o',".repeat(200_000)}].join('');`],
    [
      'a call with very many parts, of settings',
      `import { host } from './${SETTINGS.name}';\nconst HttpClient = 1;\nrun([${"'o',".repeat(200_000)}].join(''), host);\nxapi.command([${"'o',".repeat(50_000)}].join(''), host);`,
    ],
    ['half of a text', 'otj.pexip.io '.repeat(80_000)],
  ])('comes to an end with 1 MB of %s', (_what, content) => {
    expect(judged(macro('m', content)).verdict).not.toBe('otj');
    expect(verdicts(SETTINGS, MAIN, macro('m', content))[1]).toBe('otj');
  });

  const TANGLED = 'could not be followed: too large or too tangled';
  const sums = Array.from({ length: 9 }, (_, at) => `const a${at + 1} = a${at}${` + a${at}`.repeat(5)};`).join('\n');
  const LARGE = `${IN_CLASSES}\n${'//\n'.repeat(700_000)}`;

  it.each([
    ['blanks', `const a = 'otj.pexip.io';${' '.repeat(1_000_000)}x`],
    ['a text that grows', `let a = 'https://otj.pexip.io';${" a = a + 'x';".repeat(20_000)}`],
    ['a name that is declared over and over', `var a = 'otj.pexip.io';${"var a = a + 'x';".repeat(5_000)}`],
  ])('follows a long run of %s to its end', (_what, content) => {
    const { verdict, reasons } = judged(macro('m', content));
    expect(verdict).toBe('uncertain');
    expect(reasons).not.toContain(TANGLED);
  });

  it.each([
    ['sums of sums', `// otj.pexip.io\nconst a0 = '';\n${sums}\na9 + a9;`],
    ['deep blocks', `// otj.pexip.io\n${'{'.repeat(1_000)}${'x;'.repeat(50_000)}${'}'.repeat(1_000)}`],
    ['very many names', `// otj.pexip.io\n${Array.from({ length: 80_000 }, (_, at) => `let n${at};`).join('')}`],
    ['a huge text, though it is the macro', LARGE],
  ])('gives up on %s, and asks', (_what, content) => {
    const { verdict, reasons } = judged(macro('otj-macro', content));
    expect(verdict).toBe('uncertain');
    expect(reasons).toContain(TANGLED);
  });

  it('leaves the settings to a person that a macro imports on which it gave up', () => {
    const large = macro('lights', `import { host } from './${SETTINGS.name}';\n${'//\n'.repeat(700_000)}`);
    expect(verdicts(SETTINGS, MAIN)).toEqual(['otj', 'otj']);
    expect(verdicts(large, SETTINGS, MAIN).slice(1)).toEqual(['uncertain', 'otj']);
  });

  it('asks where it gives up on what a macro does with the link of another', () => {
    const hosts = Array.from({ length: 2_000 }, (_, at) => `export const a${at} = 'https://otj.pexip.io';`);
    const host = macro('host', hosts.join('\n'));
    const user = macro(
      'user',
      `import * as all from './host';\nxapi.Command.HttpClient;\n${'show(all);'.repeat(5_000)}`,
    );
    const { verdict, reasons } = judged(user, host);
    expect(verdict).toBe('uncertain');
    expect(reasons).toEqual([TANGLED]);
  });
});
