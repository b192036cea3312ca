/** XML of codecs in the shapes recorded by public clients, and the documents that are sent to them. */
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { readResult, readSet, readSubtree } from '../../main/endpoints/cisco/https/replies.ts';
import { readXml, XmlReader } from '../../main/endpoints/cisco/https/xmlReply.ts';
import {
  commandDocument,
  configurationDocument,
  locationOf,
  unfitForXml,
} from '../../main/endpoints/cisco/https/xmlRequest.ts';
import { commandResult, leaf, subtree, textAt } from '../../main/endpoints/cisco/xapi.ts';
import { codeOf, errorOf } from '../support/codeOf.ts';

const HEAD = '<?xml version="1.0"?>\n';

/** The document as a plain object: what is read has no prototypes, so that no name is special. */
function read(xml: string): Record<string, unknown> {
  const result = readXml(xml);
  if (!result.ok) throw new Error(result.why);
  return JSON.parse(JSON.stringify(result.reply));
}

function whyNot(xml: string): string {
  const result = readXml(xml);
  return result.ok ? 'read' : result.why;
}

const content = (text: string) => leaf(read(`<A>${text}</A>`).A);

describe('a reply in XML', () => {
  it('has the shape of JSON mode', () => {
    const xml = `${HEAD}<Status product="Cisco Codec" version="ce11.27.2.0.0123456789a" apiVersion="4">
  <SystemUnit>
    <ProductId>Cisco Room Kit</ProductId>
    <Hardware><USBC item="1" maxOccurrence="n"><Connected>False</Connected></USBC></Hardware>
  </SystemUnit>
</Status>
`;
    expect(read(xml)).toEqual({
      Status: {
        product: 'Cisco Codec',
        version: 'ce11.27.2.0.0123456789a',
        apiVersion: '4',
        SystemUnit: {
          ProductId: { Value: 'Cisco Room Kit' },
          Hardware: { USBC: [{ id: '1', Connected: { Value: 'False' } }] },
        },
      },
    });
  });

  it('reads the same macros as JSON mode', () => {
    const xml = `${HEAD}<Command><MacroGetResult status="OK"><Macro item="1" maxOccurrence="n"><Name>otj-room-2</Name><Active>True</Active><Content>import xapi from &apos;xapi&apos;;\n</Content></Macro><Macro item="2" maxOccurrence="n"><Name>b</Name><Active>False</Active><Content></Content></Macro></MacroGetResult></Command>`;
    const json = {
      CommandResponse: {
        MacroGetResult: {
          status: 'OK',
          Macro: [
            {
              id: '1',
              Name: { Value: 'otj-room-2' },
              Active: { Value: 'True' },
              Content: { Value: "import xapi from 'xapi';\n" },
            },
            { id: '2', Name: { Value: 'b' }, Active: { Value: 'False' }, Content: { Value: '' } },
          ],
        },
      },
    };
    expect(readResult(read(xml), 'Macros Macro Get')).toEqual(commandResult(json, 'Macros Macro Get'));
  });

  it('reads users as recorded from CE 9', () => {
    const xml = `<Command><UserListResult status="OK"><User item="1" maxOccurrence="n"><Active>True</Active><Roles item="1"><Role>Admin</Role></Roles><Roles item="2"><Role>User</Role></Roles><Username>kari</Username></User></UserListResult></Command>`;
    expect(readResult(read(xml), 'UserManagement User List').User).toEqual([
      {
        id: '1',
        Active: { Value: 'True' },
        Roles: [
          { id: '1', Role: { Value: 'Admin' } },
          { id: '2', Role: { Value: 'User' } },
        ],
        Username: { Value: 'kari' },
      },
    ]);
  });

  it('is the same with a number on every element, of a list or not', () => {
    const xml = `${HEAD}<Command><MacroGetResult item="1" status="OK"><Macro item="1" maxOccurrence="n"><Name item="1">a</Name><Active item="1">True</Active><Content item="1">x</Content></Macro></MacroGetResult></Command>`;
    const Macro = [{ id: '1', Name: { Value: 'a' }, Active: { Value: 'True' }, Content: { Value: 'x' } }];
    expect(readResult(read(xml), 'Macros Macro Get')).toEqual({ status: 'OK', Macro });
    const status = read(
      '<Status><SystemUnit item="1"><Hardware item="1"><Module item="1"><SerialNumber item="1">FTT1</SerialNumber></Module></Hardware></SystemUnit></Status>',
    );
    expect(textAt(readSubtree(status, 'Status', 'SystemUnit'), 'Hardware', 'Module', 'SerialNumber')).toBe('FTT1');
    expect(leaf(readSubtree(status, 'Status', 'SystemUnit Hardware Module SerialNumber'))).toBe('FTT1');
  });

  it('is read through lists of one, wherever they stand', () => {
    const Result = [{ status: [{ Value: 'Ok' }], Macro: { Name: [{ Value: 'a' }] } }];
    const result = commandResult({ CommandResponse: [{ MacroGetResult: Result }] }, 'Macros Macro Get');
    expect(textAt(result, 'Macro', 'Name')).toBe('a');
    expect(leaf(subtree({ Status: [{ A: [{ B: [{ Value: 'x' }] }] }] }, 'Status', 'A B'))).toBe('x');
    expect(leaf([{ Value: 'x' }, { Value: 'y' }])).toBeUndefined();
  });

  it('makes lists of what is repeated, and keeps attributes beside the value', () => {
    const xml = '<R><A>1</A><A>2</A><B item="3"/><C valueSpaceRef="/V/C">On</C><D status="OK"/><E/><F>\n</F></R>';
    expect(read(xml).R).toEqual({
      A: [{ Value: '1' }, { Value: '2' }],
      B: { id: '3', Value: '' },
      C: { valueSpaceRef: '/V/C', Value: 'On' },
      D: { status: 'OK' },
      E: { Value: '' },
      F: { Value: '\n' },
    });
  });

  it.each([
    ['entities', '&amp;lt; &lt;&gt;&quot;&apos;&amp;', `&lt; <>"'&`],
    ['numeric entities', '&#13;&#10;&#x9;&#xE6;&#x1F3A5;&#38;lt;', '\r\n\tæ🎥&lt;'],
    ['CDATA', '<![CDATA[ <x> &amp; &#10; ]]]]><![CDATA[> ]]>', ' <x> &amp; &#10; ]]> '],
    ['CDATA between text', ' a&amp;<![CDATA[&amp;]]>&amp;b ', ' a&&amp;&b '],
    ['line ends of all kinds', 'a\rb\r\nc\nd\u0085e\u2028f', 'a\rb\r\nc\nd\u0085e\u2028f'],
    ['blanks at both ends', ' \t\n x \n\t ', ' \t\n x \n\t '],
    ['a comment inside', 'a<!-- b -->c', 'ac'],
    ['characters that XML does not have', '\u0001\u000c\ufeff', '\u0001\u000c\ufeff'],
  ])('keeps %s exactly', (_name, text, expected) => {
    expect(content(text)).toBe(expected);
  });

  it('is the same however it is cut', () => {
    const xml = `${HEAD}<A b="&quot;c"><D>x&amp;&#x1F3A5;🎥\r\n<![CDATA[]]]]><![CDATA[>]]></D><D/></A>`;
    for (let at = 0; at <= xml.length; at++) {
      const reader = new XmlReader();
      reader.push(xml.slice(0, at));
      reader.push(xml.slice(at));
      expect(reader.end()).toEqual(readXml(xml));
    }
  });

  it('knows half a document at every cut', () => {
    const xml = '<Command><MacroRemoveResult status="OK"/></Command>';
    for (let at = 0; at < xml.length; at++) expect(whyNot(xml.slice(0, at))).not.toBe('read');
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n'],
    ['words', 'Command not recognized.'],
    ['JSON', '{"CommandResponse":{}}'],
    ['a bare ampersand', '<A>a & b</A>'],
    ['an unknown entity', '<A>&nbsp;</A>'],
    ['the name of something in JavaScript as an entity', '<A>&constructor;&toString;</A>'],
    ['a reference to NUL', '<A>&#0;</A>'],
    ['a reference to half a character', '<A>&#xD800;</A>'],
    ['a reference beyond Unicode', '<A>&#x110000;</A>'],
    ['two roots', '<A/><B/>'],
    ['text after the root', '<A/>x'],
    ['tags that cross', '<A><B></A></B>'],
    ['an attribute without quotes', '<A b=c/>'],
    ['attributes that are methods', '<A hasOwnProperty="1" b="2"/>'],
    ['a document type', '<!DOCTYPE A><A/>'],
    ['entities of its own', '<!DOCTYPE A [<!ENTITY a "b">]><A>&a;</A>'],
    ['a page', '<!DOCTYPE html><html><body><br></body></html>'],
  ])('is told when it is %s', (_name, xml) => {
    expect(whyNot(xml)).toMatch(/^not XML/);
  });

  it('says nothing of the text in why it is none', () => {
    expect(whyNot('<A>secret & token</A>')).not.toMatch(/secret|token/);
    expect(whyNot('<secret></token>')).not.toMatch(/secret|token/);
  });

  it('has bounds', () => {
    expect(whyNot(`${'<a>'.repeat(64)}x${'</a>'.repeat(64)}`)).toBe('read');
    expect(whyNot('<a>'.repeat(1_000_000))).toBe('XML nested too deeply');
    expect(whyNot(`<r>${'<a/>'.repeat(1_000_000)}</r>`)).toBe('XML with too many elements');
    expect(whyNot(`<r>${`<a ${'b'.repeat(300_000)}="1"/>`}</r>`)).toMatch(/^not XML/);
  });

  it('cannot reach into JavaScript by its names', () => {
    const result = readXml('<A constructor="1"><__proto__><polluted>1</polluted></__proto__><toString/></A>');
    const root = result.ok ? result.reply.A : undefined;
    expect(Object.keys(root ?? {})).toEqual(['constructor', '__proto__', 'toString']);
    expect('polluted' in {}).toBe(false);
  });
});

describe('a document to send', () => {
  /** Read back by a parser that is not ours. */
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
  });

  it('is one command with its parameters and its body', () => {
    const xml = commandDocument(
      'Macros Macro Save',
      { Name: 'otj', Overwrite: true, Limit: 3, Role: ['Admin', 'User'] },
      'let a = "<&>";\r\n',
    );
    expect(xml).toBe(
      '<Command><Macros><Macro><Save command="True"><Name>otj</Name><Overwrite>True</Overwrite><Limit>3</Limit><Role>Admin</Role><Role>User</Role><body>let a = &quot;&lt;&amp;&gt;&quot;;&#13;\n</body></Save></Macro></Macros></Command>',
    );
    expect(parser.parse(xml).Command.Macros.Macro.Save.body).toBe('let a = "<&>";\r\n');
    expect(commandDocument('Bookings List')).toBe(
      '<Command><Bookings><List command="True"></List></Bookings></Command>',
    );
  });

  it('is one setting, also of an element with a number', () => {
    expect(configurationDocument('NetworkServices HTTP Mode', 'HTTP+HTTPS')).toBe(
      '<Configuration><NetworkServices><HTTP><Mode>HTTP+HTTPS</Mode></HTTP></NetworkServices></Configuration>',
    );
    expect(configurationDocument('Network 1 IPv4 Assignment', 'DHCP')).toBe(
      '<Configuration><Network item="1"><IPv4><Assignment>DHCP</Assignment></IPv4></Network></Configuration>',
    );
  });

  it('asks for a subtree up to the first number', () => {
    expect(locationOf('Status', 'SystemUnit Software Version')).toBe('/Status/SystemUnit/Software/Version');
    expect(locationOf('Status', 'Network 1 Ethernet MacAddress')).toBe('/Status/Network');
  });

  it.each(['', ' ', 'Macros  Mode', 'A/B', '__proto__', 'A[1]', '<A/>', '1', 'A&location=B', 'å', 'x'.repeat(99)])(
    'has no place for the path %j',
    async (path) => {
      expect(await codeOf(() => commandDocument(`Macros ${path}`))).toBe('XAPI_LINE');
      expect(await codeOf(() => configurationDocument(`Macros Macro ${path}`, 'On'))).toBe('XAPI_LINE');
      if (path !== '1') expect(await codeOf(() => locationOf('Status', path))).toBe('XAPI_LINE');
      expect(await codeOf(() => commandDocument('Macros Macro Get', { [path]: 'x' }))).toBe('XAPI_LINE');
    },
  );

  it.each(['\n', '\r', '\0', '\t', '\u007f', '\u0085', '\u001b', '\ud800', '\uffff'])(
    'refuses %j in a value, as the command line does',
    async (char) => {
      const error = await errorOf(() => commandDocument('A', { Name: ['fine', `secret${char}`] }));
      expect(error?.code).toBe('ODD_REPLY');
      expect(error?.message).not.toContain('secret');
      expect(await codeOf(() => configurationDocument('A', `secret${char}`))).toBe('ODD_REPLY');
    },
  );

  it.each([
    ['NUL', 'a\0b', 'U+0000'],
    ['an escape', '\u001b[0m', 'U+001B'],
    ['a form feed', 'a\fb', 'U+000C'],
    ['half a character', 'a\ud83cb', 'U+D83C'],
    ['the other half', '\udfa5', 'U+DFA5'],
    ['halves the wrong way round', '\udfa5\ud83c', 'U+DFA5'],
    ['a character that is none', '\ufffe', 'U+FFFE'],
  ])('refuses a body with %s before it is sent', async (_name, body, told) => {
    const error = await errorOf(() => commandDocument('Macros Macro Save', { Name: 'm' }, body));
    expect(error).toMatchObject({ code: 'MACRO_UNFIT', words: expect.stringContaining(told) });
    expect(unfitForXml(body)).toContain(told);
  });

  it.each(['', 'plain', '\t\r\n', '🎥 \ufffd \u2028 \u0085 \u007f \ufeff', 'x'.repeat(1_000_000)])(
    'takes a body that XML can carry',
    (body) => {
      expect(unfitForXml(body)).toBeNull();
    },
  );
});

describe('what a reply to a command means', () => {
  it.each([
    [
      'nothing known in it',
      '<ActionError><Reason>No action detected in document</Reason></ActionError>',
      'No action detected in document',
    ],
    ['the same inside', '<Command><ActionError><Reason>No action</Reason></ActionError></Command>', 'No action'],
    [
      'an unknown command',
      '<Command status="Error"><Reason>Unknown command</Reason><XPath>/Dila</XPath></Command>',
      'Unknown command',
    ],
    [
      'an unknown command as a result',
      '<Command><Result status="Error"><Reason>Unknown command</Reason></Result></Command>',
      'Unknown command',
    ],
    [
      'a reason',
      '<Command><MacroRemoveResult status="Error"><Reason>No such macro</Reason></MacroRemoveResult></Command>',
      'No such macro',
    ],
    [
      'an error',
      '<Command><MacroRemoveResult status="Error"><Error>gone</Error></MacroRemoveResult></Command>',
      'gone',
    ],
    ['a bad parameter', '<Command><MacroRemoveResult status="ParameterError"/></Command>', 'ParameterError'],
    ['no words', '<Command><MacroRemoveResult status="Error"/></Command>', 'Error'],
  ])('is a refusal with %s', async (_name, xml, words) => {
    const error = await errorOf(() => readResult(read(HEAD + xml), 'Macros Macro Remove'));
    expect(error).toMatchObject({ code: 'REFUSED', words: `Macros Macro Remove: ${words}` });
  });

  it.each([
    ['nothing done', '<Command/>'],
    ['nothing done on two lines', '<Command>\n</Command>'],
    ['no status', '<Command><MacroRemoveResult/></Command>'],
    ['another status', '<Command><MacroRemoveResult status="Maybe"/></Command>'],
    ['a status that only begins so', '<Command><MacroRemoveResult status="OKAY"/></Command>'],
    [
      'two results of one command',
      '<Command><MacroRemoveResult status="OK"/><MacroRemoveResult status="OK"/></Command>',
    ],
    ['another document', '<Status><SystemUnit/></Status>'],
    ['success of a setting', '<Configuration><Success/></Configuration>'],
  ])('is never success with %s', async (_name, xml) => {
    expect(await codeOf(() => readResult(read(xml), 'Macros Macro Remove'))).toBe('ODD_REPLY');
  });

  it('is success with status OK', () => {
    const xml = `${HEAD}<Command><RuntimeRestartResult status="OK"/></Command>`;
    expect(readResult(read(xml), 'Macros Runtime Restart')).toEqual({ status: 'OK' });
  });
});

describe('what a reply to a setting means', () => {
  const set = (xml: string) => errorOf(() => readSet(read(xml), 'Macros Mode'));

  it('is success only with the word for it', async () => {
    expect(await set(`${HEAD}<Configuration><Success/></Configuration>`)).toBeUndefined();
    for (const xml of ['<Configuration/>', '<Configuration><Macros/></Configuration>', '<Success/>', '<Command/>'])
      expect((await set(xml))?.code).toBe('ODD_REPLY');
  });

  it.each([
    [
      'at the value',
      '<Configuration><Macros><Mode error="True">Illegal value</Mode></Macros></Configuration>',
      'Illegal value',
    ],
    [
      'at the root',
      '<Configuration status="Error"><Reason>No match on address expression</Reason></Configuration>',
      'No match on address expression',
    ],
    ['beside success', '<Configuration><Success/><X status="Error"><Reason>no</Reason></X></Configuration>', 'no'],
    [
      'in another document',
      '<Command><Configuration status="Error"><Reason>no</Reason></Configuration></Command>',
      'no',
    ],
    ['as no action', '<ActionError><Reason>none</Reason></ActionError>', 'none'],
    ['without words', '<Configuration><Macros status="ParameterError"/></Configuration>', 'ParameterError'],
  ])('is a refusal with an error %s', async (_name, xml, words) => {
    expect(await set(xml)).toMatchObject({ code: 'REFUSED', words: `Macros Mode: ${words}` });
  });
});

describe('what a reply to a reading means', () => {
  const one = '<Network item="1"><Ethernet><MacAddress>aa</MacAddress></Ethernet></Network>';
  const two = '<Network item="2"><Ethernet><MacAddress>bb</MacAddress></Ethernet></Network>';
  const get = (xml: string, path: string) => readSubtree(read(xml), 'Status', path);

  it('is the subtree, by number where there is a list', () => {
    for (const xml of [`<Status>${one}${two}</Status>`, `<Status>${two}${one}</Status>`, `<Status>${one}</Status>`])
      expect(leaf(get(xml, 'Network 1 Ethernet MacAddress'))).toBe('aa');
    expect(textAt(get('<Status><A><B>x</B></A></Status>', 'A'), 'B')).toBe('x');
  });

  it('is nothing where there is no value, as in JSON mode', () => {
    expect(get('<Status/>', 'A B')).toBeUndefined();
    expect(get('<Status product="Cisco Codec" version="x" apiVersion="4"/>', 'A B')).toBeUndefined();
    expect(get('<EmptyResult/>', 'A B')).toBeUndefined();
    expect(get(`<Status>${one}${two}</Status>`, 'Network 3 Ethernet')).toBeUndefined();
    expect(subtree({ ResultId: '1' }, 'Status', 'A B')).toBeUndefined();
  });

  it.each([
    ['at the root', '<Status status="Error"><Reason>No match on address expression</Reason></Status>'],
    ['at the place', '<Status><A><B status="Error"><Reason>No match on address expression</Reason></B></A></Status>'],
    [
      'as a command',
      '<Command><Status status="Error"><Reason>No match on address expression</Reason></Status></Command>',
    ],
    ['as no action', '<ActionError><Reason>No match on address expression</Reason></ActionError>'],
  ])('is a refusal with an error %s', async (_name, xml) => {
    const error = await errorOf(() => get(xml, 'A B'));
    expect(error).toMatchObject({ code: 'REFUSED', words: expect.stringContaining('No match on address expression') });
  });

  it('is odd when it is about something else', async () => {
    expect(await codeOf(() => get('<Configuration><A/></Configuration>', 'A'))).toBe('ODD_REPLY');
    expect(await codeOf(() => get('<Command><Result status="OK"/></Command>', 'A'))).toBe('ODD_REPLY');
  });
});
