/**
 * Layouts of panels, out of what `UserInterface Extensions Export` answers. Pure.
 * Source: the help text of the command in Cisco's API ("as the XML result of this command", "the same result as
 * extracting through the local web interface"), and saved extensions of public macros (`Extensions`, `Panel`, `PanelId`).
 * [assumed] that this XML is the result itself; one that comes as text within it is understood as well. Whatever has
 * another form, such as an archive, tells no layouts: nobody says that two of the same are alike.
 */
import { createHash } from 'node:crypto';
import { readXml } from '../https/xmlReply.ts';
import { asList, isRecord, leaf, textAt } from '../xapi.ts';

/** Saved extensions have half of it. */
const MAX_DEPTH = 24;
const NUMBERING: ReadonlySet<string> = new Set(['id', 'item', 'maxOccurrence']);

/** SHA-256 of each panel's layout, by the id of the panel; the same over either transport. */
export function layoutsIn(answer: Record<string, unknown>): ReadonlyMap<string, string> {
  const panels = panelsIn(answer) ?? textsIn(answer).flatMap(panelsInXml);
  const hashes = panels.map((panel): [string, string] => [textAt(panel, 'PanelId') ?? '', hashOf(panel)]);
  const ids = hashes.map(([id]) => id);
  return new Map(hashes.filter(([id]) => id !== '' && ids.indexOf(id) === ids.lastIndexOf(id)));
}

function panelsIn(node: unknown, depth = 0): unknown[] | undefined {
  if (!isRecord(node) || depth > MAX_DEPTH) return undefined;
  if ('Panel' in node) return asList(node.Panel);
  for (const child of Object.values(node)) {
    const found = panelsIn(child, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function textsIn(node: unknown, depth = 0): string[] {
  const text = leaf(node);
  if (text !== undefined) return /^\s*</.test(text) ? [text] : [];
  if (!isRecord(node) || depth > MAX_DEPTH) return [];
  return Object.values(node).flatMap((child) => textsIn(child, depth + 1));
}

function panelsInXml(text: string): unknown[] {
  const read = readXml(text);
  return (read.ok ? panelsIn(read.reply) : undefined) ?? [];
}

function hashOf(panel: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(plain(panel, 0)))
    .digest('hex');
}

/** Without what a transport adds or leaves out: numbers in a list, lists of one, the order of names, blanks at the ends. */
function plain(node: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(node)) {
    const all = node.map((one) => plain(one, depth + 1));
    return all.length === 1 ? all[0] : all;
  }
  const text = leaf(node);
  if (text !== undefined) return text.trim();
  if (!isRecord(node)) return null;
  return Object.entries(node)
    .filter(([name, value]) => !(NUMBERING.has(name) && typeof value === 'string'))
    .map(([name, value]) => [name, plain(value, depth + 1)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
