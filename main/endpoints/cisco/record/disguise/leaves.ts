/**
 * Texts within answers, found where they stand, so that each can be replaced and all around them stays byte for byte:
 * JSON objects between lines of the shell, XML documents. Total: what cannot be read is a line of plain text.
 */
import { ObjectScanner } from '../../ssh/objectScanner.ts';

/** @param path names joined by `/`, see kinds.ts. @returns what stands there from now on */
export type Rewrite = (value: string, path: string) => string;

export interface Rewriter {
  leaf: Rewrite;
  /** A name of a place; it is only shown. */
  name(name: string): void;
  /** A line of text outside of any object. */
  line(text: string): string;
  /** What was sent, but for a document. */
  request(text: string): string;
}

/** What a shell said: lines and JSON objects. */
export function rewriteShell(text: string, rewriter: Rewriter): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const end = objectEnd(text, at);
    if (end > at) {
      result += rewriteJson(text.slice(at, end), rewriter);
      at = end;
    } else {
      const lineEnd = text.indexOf('\n', at);
      const next = lineEnd < 0 ? text.length : lineEnd + 1;
      const line = text.slice(at, next).replace(/\r?\n$/, '');
      result += rewriter.line(line) + text.slice(at + line.length, next);
      at = next;
    }
  }
  return result;
}

/** Where the object that begins at `at` ends; -1 when none begins there. */
function objectEnd(text: string, at: number): number {
  if (text[at] !== '{') return -1;
  const scanner = new ObjectScanner();
  if (scanner.scan(text, at + 1) !== 'whole') return -1;
  try {
    JSON.parse(text.slice(at, scanner.at));
    return scanner.at;
  } catch {
    return -1;
  }
}

const STRING = /"(?:[^"\\]|\\.)*"/y;

/** @param json one valid object */
function rewriteJson(json: string, { leaf, name }: Rewriter): string {
  /** Names on the way; null for a list, whose places have none. */
  const way: (string | null)[] = [];
  let key: string | null = null;
  let result = '';
  let at = 0;
  while (at < json.length) {
    const char = json.charAt(at);
    if (char !== '"') {
      if (char === '{' || char === '[') {
        way.push(key);
        key = null;
      } else if (char === '}' || char === ']') way.pop();
      result += char;
      at++;
      continue;
    }
    STRING.lastIndex = at;
    const token = STRING.exec(json)?.[0] ?? json.slice(at);
    at += token.length;
    if (key === null && /^\s*:/.test(json.slice(at, at + 16))) {
      key = parseText(token);
      name(key);
      result += token;
      continue;
    }
    const value = parseText(token);
    const rewritten = leaf(value, pathOf([...way, key]));
    result += rewritten === value ? token : JSON.stringify(rewritten);
    key = null;
  }
  return result;
}

function parseText(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === 'string' ? value : '';
}

const TAG =
  /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<[!?][^>]*>|<(\/?)([\w.:-]+)((?:[^<>"']|"[^"]{0,4096}"|'[^']{0,4096}')*?)(\/?)>/g;
const ATTRIBUTE = /([\w.:-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/** A document, or a page for people. */
export function rewriteXml(xml: string, { leaf, name, line }: Rewriter): string {
  const way: string[] = [];
  let result = '';
  let at = 0;
  const text = (raw: string) => (raw.trim() === '' ? raw : escapeLike(raw, leaf(unescapeXml(raw), pathOf(way))));
  for (const match of xml.matchAll(TAG)) {
    const [tag, closing, element = '', attributes = '', alone] = match;
    result += text(xml.slice(at, match.index));
    at = match.index + tag.length;
    if (/^<!\[CDATA\[[\s\S]*\]\]>$/.test(tag)) result += `<![CDATA[${leaf(tag.slice(9, -3), pathOf(way))}]]>`;
    else if (/^<!--[\s\S]*-->$/.test(tag)) result += `<!--${leaf(tag.slice(4, -3), 'Comment')}-->`;
    else if (!element) result += line(tag);
    else if (closing) {
      way.pop();
      result += tag;
    } else {
      name(element);
      const kept = attributes.replace(ATTRIBUTE, (_all, attribute: string, sign: string, quoted: string) => {
        name(attribute);
        const inner = quoted.slice(1, -1);
        const value = escapeLike(inner, leaf(unescapeXml(inner), pathOf([...way, element, attribute])));
        return `${attribute}${sign}${quoted[0]}${value}${quoted[0]}`;
      });
      result += `<${element}${kept}${alone}>`;
      if (!alone) way.push(element);
    }
  }
  return result + text(xml.slice(at));
}

const WRAPPERS: ReadonlySet<string> = new Set(['CommandResponse', 'Command', 'XmlDoc']);

function pathOf(way: readonly (string | null)[]): string {
  const names = way.filter((name) => name !== null && name !== 'Value');
  return (WRAPPERS.has(names[0] ?? '') ? names.slice(1) : names).join('/');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, named) => {
    if (named) return ENTITIES[named.toLowerCase()] ?? all;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** The raw text where nothing changed; else with the entities that XML asks for. */
function escapeLike(raw: string, value: string): string {
  if (value === unescapeXml(raw)) return raw;
  const marks: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
    '\r': '&#13;',
  };
  return value.replace(/[&<>"'\r]/g, (mark) => marks[mark] ?? mark);
}
