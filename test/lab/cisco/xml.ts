/** XML in and out for the HTTP API and for `xpreferences outputmode xml`. */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { Codec } from './model.ts';
import type { Reply } from './request.ts';
import { type Element, element, leaf, plant } from './tree.ts';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
});
const builder = new XMLBuilder({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  suppressEmptyNode: true,
});

/** The ordered form of fast-xml-parser: one key for the name, `:@` for attributes. */
type Node = Record<string, unknown>;

/** The root element, or undefined when the text is not XML. */
export function parseXml(text: string): Element | undefined {
  try {
    const nodes: unknown = parser.parse(text, true);
    if (!Array.isArray(nodes)) return undefined;
    return nodes.flatMap((node) => fromNode(node) ?? [])[0];
  } catch {
    return undefined;
  }
}

function fromNode(node: Node): Element | undefined {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name.startsWith('?') || name.startsWith('#')) return undefined;
  const inner = node[name];
  const parts: Node[] = Array.isArray(inner) ? inner : [];
  const children = parts.flatMap((part) => fromNode(part) ?? []);
  const attributes = Object.fromEntries(Object.entries(node[':@'] ?? {}).map(([key, value]) => [key, String(value)]));
  if (children.length > 0) return { name, attributes, children };
  return { name, attributes, children, text: parts.map((part) => String(part['#text'] ?? '')).join('') };
}

/**
 * Every element with a number, as much of the software writes it: `<MacroGetResult item="1" status="OK">`,
 * `<Name item="1">`. That it may be there more than once is said of outer lists only; lists within them, such as the roles
 * of a user, have nothing but the numbers (recorded replies of CE 9).
 */
export function numbered(root: Element, inList = false): Element {
  const children = root.children.map((child) => {
    const { item, ...rest } = numbered(child, inList || child.item !== undefined);
    const bare = { ...rest, attributes: { item: String(item ?? 1), ...rest.attributes } };
    return item === undefined || inList ? bare : { ...rest, item };
  });
  return { ...root, children };
}

/** A carriage return must go as a reference, or the reader's line-end rule of XML would eat it. */
export function buildXml(root: Element): string {
  return builder.build([toNode(root)]).replaceAll('\r', '&#13;');
}

function toNode(from: Element): Node {
  const attributes =
    from.item === undefined ? from.attributes : { item: String(from.item), maxOccurrence: 'n', ...from.attributes };
  const content = from.text ? [{ '#text': from.text }] : from.children.map(toNode);
  return { [from.name]: content, ...(Object.keys(attributes).length > 0 ? { ':@': attributes } : {}) };
}

/** The document that answers a request. Errors of settings are modelled on the JSON forms. */
export function replyDocument(reply: Reply, codec: Codec): Element {
  switch (reply.kind) {
    case 'command':
      return element('Command', [reply.result]);
    case 'set':
      return element('Configuration', [element('Success')]);
    case 'document': {
      const product = { product: 'Cisco Codec', version: codec.spec.software, apiVersion: '4' };
      return { ...reply.root, attributes: product };
    }
    case 'no-match': {
      const children = [leaf('Reason', 'No match on address expression'), leaf('XPath', reply.xpath)];
      return element(reply.document, children, { status: 'Error' });
    }
    case 'illegal-value':
      return illegalValue(reply.path);
  }
}

export function illegalValue(path: readonly string[]): Element {
  const root = element('Configuration');
  plant(root, path.slice(0, -1), leaf(path.at(-1) ?? '', 'Illegal value', { error: 'True' }));
  return root;
}
