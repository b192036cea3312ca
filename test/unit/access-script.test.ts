/** Scripts for Microsoft 365: whatever rooms are called, the script holds the commands it is meant to hold and no others. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScriptKind } from '../../main/contract/microsoft/access.ts';
import { renderScript, scriptBytes } from '../../main/microsoft/script.ts';
import { LOOK } from '../../main/microsoft/templates.ts';
import { ACCESS } from '../support/access.ts';
import { type ParsedScript, powershellParser } from '../support/powershell.ts';

const KINDS: readonly ScriptKind[] = ['policy', 'rbac', 'remove'];
const EXCHANGE =
  /(?<!['\w-])(?:Connect-ExchangeOnline|(?:Get|New|Set|Add|Remove|Test)-(?:Mailbox|Distribution|Calendar|Application|Service|Management)\w*) (?!- *create)/;
const ID = '0f0f0f0f-1111-4222-8333-444444444444';

/** All five characters that PowerShell takes for a single quote, and those it takes for a double one. */
const QUOTES = ["'", '\u2018', '\u2019', '\u201A', '\u201B', '"', '\u201C', '\u201D', '\u201E'];
const HOSTILE = [
  '$(Remove-Mailbox x)',
  '`$(Remove-Mailbox x)',
  "'; Remove-Mailbox x; '",
  '#> Remove-Mailbox x <#',
  'a\r\nRemove-Mailbox x',
  'a\u2028Remove-Mailbox x',
  'a\u0085Remove-Mailbox x',
  '"@\nRemove-Mailbox x\n@"',
  "'@\nRemove-Mailbox x\n@'",
  '#requires -Modules Evil',
  '# SIG # Begin signature block',
  '@PAYLOAD@',
  '#@COMMON@',
  '\u202Exyz\u202C',
  "$$ $& $` $'",
  '\uD800',
  '🙂'.repeat(200),
];

const make = (kind: ScriptKind, rooms: { name: string; mailbox: string }[] = [], site = 'Site') =>
  renderScript({ id: ID, kind, site, settings: ACCESS, rooms });

/** What the script holds beside comments and the block of values. */
function code(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/^\$payload = '[A-Za-z0-9+/=]*'$/m, "$payload = ''");
}

function payload(text: string): { rooms?: { mailbox: string }[] } {
  const [, base64 = ''] = /^\$payload = '([A-Za-z0-9+/=]*)'$/m.exec(text) ?? [];
  return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
}

describe('a script for Microsoft 365', () => {
  let parse: (text: string) => ParsedScript;

  beforeAll(async () => {
    parse = await powershellParser();
  });

  it.each(KINDS)('%s: is understood by a PowerShell grammar and calls what it says', (kind) => {
    const { errors, commands } = parse(make(kind, [{ name: 'Fjord', mailbox: 'fjord@contoso.example' }]));
    expect(errors).toEqual([]);
    expect([...new Set(commands)].sort()).toMatchSnapshot();
  });

  it('the question for the version is understood too, asks for it and changes nothing', () => {
    const { errors, commands } = parse(LOOK);
    expect(errors).toEqual([]);
    expect([...new Set(commands)].sort()).toEqual(['ConvertTo-Json', 'ForEach-Object', 'Get-Module']);
    // It goes as one line: none of its lines may need its end.
    expect(parse(LOOK.trim().replaceAll('\n', '; ')).commands).toEqual(commands);
    expect(LOOK).not.toContain('#');
  });

  it('tells of a grammar that would see an injection', () => {
    expect(parse("Get-Mailbox 'a'; Remove-Mailbox b; ''").commands).toEqual(['Get-Mailbox', 'Remove-Mailbox']);
    expect(parse("Get-Mailbox 'a").errors).not.toEqual([]);
  });

  it.each(KINDS)('%s: 1,000 hostile names change nothing but comments and values', (kind) => {
    const plain = make(kind, [{ name: 'Fjord', mailbox: 'fjord@contoso.example' }]);
    const wanted = parse(plain);
    const bits = [...HOSTILE, ...QUOTES];
    const names = Array.from({ length: 1_000 }, (_, at) =>
      [bits[at % bits.length], bits[(at * 7) % bits.length], String(at), bits[(at * 13 + 5) % bits.length]].join(
        at % 3 === 0 ? '' : ' ',
      ),
    );
    const rooms = names.map((name, at) => ({ name, mailbox: `${name}${at}@contoso.example` }));
    const text = make(kind, rooms, names.join(' '));
    expect(code(text)).toBe(code(plain));
    const { errors, commands, invocations } = parse(text);
    expect({ errors, commands, invocations }).toEqual({
      errors: [],
      commands: wanted.commands,
      invocations: wanted.invocations,
    });
    if (kind !== 'remove') expect(payload(text).rooms).toEqual(rooms.map(({ mailbox }) => ({ mailbox })));
  });

  it('has the same code for any names at all', () => {
    const plain = code(make('policy'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, site) => {
        const text = make('policy', [{ name, mailbox: 'a@b.example' }], site);
        // Each line is one for every program that splits lines, whichever characters it splits at.
        expect(text.split(/[\r\n\u0085\u2028\u2029\v\f]/).filter((line) => line.startsWith('# |')).length).toBe(7);
        expect(code(text)).toBe(plain);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(KINDS)('%s: in another tenant than it is for it ends before it looks at anything', (kind) => {
    const text = code(make(kind));
    expect(text).toContain("[string] $Tenant = ''");
    // The check ends the function that signs in, which nothing goes before but the first result.
    const connecting = /\nfunction Connect-Exchange \{\n[\s\S]*?\n\}\n/.exec(text)?.[0] ?? '';
    expect(connecting).toMatch(
      /Connect-ExchangeOnline -[\s\S]*signedInto = Read-Tenant\n[\s\S]*-ne \$Tenant\) \{\n +throw /,
    );
    expect(text).toMatch(/\n {4}Write-Result -Quiet\n {4}Connect-Exchange -Commands /);
    expect(text).toMatch(/\n {8}tenant {5}= \$signedInto\n/);
  });

  it('is a file that Windows PowerShell reads as UTF-8, with its own line ends', () => {
    const bytes = scriptBytes(make('policy', [{ name: 'Møterom', mailbox: 'm@contoso.example' }]));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString('utf8')).toContain('m@contoso.example  Møterom\r\n');
    expect(bytes.toString('utf8')).not.toMatch(/[^\r]\n/);
  });

  it.each(KINDS)('%s: changes nothing outside of the question whether to', (kind) => {
    // Each command that changes something stands in a block that Confirm-Change opens, or creates what it was asked for.
    const text = code(make(kind));
    const changing = text
      .split('\n')
      .filter((line) => /\b(?:New|Set|Add|Remove)-(?!Object|Note|StrictMode)[A-Z]\w+ (?:-|@)/.test(line));
    for (const line of changing) {
      const before = text.slice(0, text.indexOf(line)).split('\n').slice(-4).join('\n');
      expect(before, line).toContain('Confirm-Change');
    }
    // A cmdlet of Exchange is a function of a module, which does not see the script's own preference.
    const calls = text.split('\n').filter((line) => EXCHANGE.test(line));
    expect(calls.length).toBeGreaterThan(2);
    for (const line of calls) expect(line).toMatch(/-ErrorAction 'Stop'|@change/);
    expect(changing.length).toBe({ policy: 4, rbac: 6, remove: 1 }[kind]);
  });
});

it('a script for one tenant changes nothing where it cannot read which one it is in', () => {
  for (const kind of KINDS) {
    const text = renderScript({ id: ID, kind, site: 'Oslo', settings: ACCESS, rooms: [] });
    const unread = text.slice(text.indexOf('if (-not $signedInto)'), text.indexOf('elseif ($signedInto -ne $Tenant)'));
    expect(unread).toMatch(/if \(\$Apply\) \{ throw '[^']*Nothing was changed\.' \}/);
  }
});
