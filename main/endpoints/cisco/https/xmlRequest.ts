/** The documents that are sent to a codec, as in Cisco's API guides and in public clients of /putxml. Pure. */
import { XMLBuilder } from 'fast-xml-parser';
import { OtjError } from '../../../contract/errors.ts';
import type { XapiParams, XapiValue } from '../xapi.ts';

/** Texts are escaped here, so that what an XML reader makes of them is what was meant. */
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', processEntities: false });

type Tree = { [name: string]: Tree | string | string[] };

/**
 * One command in one document; `command="True"` tells the codec so.
 * Throws XAPI_LINE for a path or name that is none, ODD_REPLY for a value that no command line could carry either,
 * MACRO_UNFIT for a body that XML cannot carry.
 */
export function commandDocument(path: string, params: XapiParams = {}, body?: string): string {
  const values = Object.entries(params).map(([name, value]): [string, string[]] => [
    nameOf(name),
    [value].flat().map(valueText),
  ]);
  const action: Tree = { '@command': 'True', ...Object.fromEntries(values) };
  if (body !== undefined) {
    const why = unfitForXml(body);
    if (why) throw new OtjError('MACRO_UNFIT', `${path}: ${why}`);
    action.body = escapeText(body);
  }
  return document('Command', path.split(' ').map(nameOf), action);
}

/** Sets one configuration. Throws as `commandDocument` does. */
export function configurationDocument(path: string, value: XapiValue): string {
  return document('Configuration', path.split(' '), valueText(value));
}

/** Where to read a subtree: `/Status/SystemUnit`. Numbers cannot be part of it: the list is read and the item picked. */
export function locationOf(tree: 'Status' | 'Configuration', path: string): string {
  const words = path.split(' ');
  const number = words.findIndex(isNumber);
  return ['', tree, ...words.slice(0, number < 0 ? words.length : number).map(nameOf)].join('/');
}

/** Why a text cannot go through XML 1.0 and come back as it is; null when it can. */
export function unfitForXml(text: string): string | null {
  const found = UNFIT.exec(text)?.[0];
  if (found === undefined) return null;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `the character U+${code} cannot be sent in XML`;
}

/** All but the characters of XML 1.0, 2.2. With the flag `u` the range of surrogates matches only lone ones. */
const UNFIT = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** CR goes as a reference: XML readers make a bare one to LF (XML 1.0, 2.11). */
function escapeText(text: string): string {
  return text.replace(/[&<>"'\r]/g, (mark) => ESCAPED[mark] ?? mark);
}

const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

function valueText(value: XapiValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const text = String(value);
  // The same bounds as on the command line, so that a value is taken or refused whatever the transport.
  if (/\p{Cc}/u.test(text)) throw new OtjError('ODD_REPLY', 'a value holds a line break or control character');
  if (unfitForXml(text)) throw new OtjError('ODD_REPLY', 'a value holds a character that cannot be sent in XML');
  return escapeText(text);
}

/** @param words path below the root; a number stands for the item of the element before it */
function document(root: string, words: readonly string[], content: Tree | string): string {
  let inner: Tree | string = content;
  for (let at = words.length - 1; at >= 0; at--) {
    const word = words[at] ?? '';
    // [assumed] that a list's element is set in the form in which it is read.
    if (isNumber(word) && at > 0 && typeof inner === 'object') inner = { '@item': word, ...inner };
    else inner = { [nameOf(word)]: inner };
  }
  return builder.build({ [root]: inner });
}

function isNumber(word: string): boolean {
  return /^\d{1,6}$/.test(word);
}

/** The name of an element: words of paths come from people as well (`otj cisco shell`). */
function nameOf(word: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,80}$/.test(word)) throw new OtjError('XAPI_LINE', `not a name: ${word.slice(0, 40)}`);
  return word;
}
