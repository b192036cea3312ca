/**
 * Reads a codec's XML into the shapes of its JSON mode. Pure and total: any text, cut anywhere, never throws; length,
 * depth and number of nodes are bounded.
 *
 * `sax` and not `fast-xml-parser`: that one takes half a document for a whole one unless it is read twice, cannot tell
 * an entity from the same characters in CDATA, and makes CR and CR LF to LF, where a macro must come back byte for byte.
 */
import sax from 'sax';
import { isRecord } from '../xapi.ts';

export type XmlRead =
  | { ok: true; reply: Record<string, unknown> }
  /** Why it is no reply, in words of ours: the text may be anything, a macro with tokens too. */
  | { ok: false; why: string };

/** The deepest path of the schemas (9.15 to 26.4) has 9 words. */
const MAX_DEPTH = 64;
/** Elements and attributes; a whole status document of a large codec has some thousands. */
const MAX_NODES = 300_000;
/** More than this is no reply, wherever it comes from. */
const MAX_CHARS = 32 * 1024 * 1024;
/** Fed in pieces, since the library checks its buffers once for each. */
const PIECE_CHARS = 64 * 1024;
/** The predefined entities of XML 1.0; numeric ones are the library's work. Without a prototype: `&constructor;` is none. */
const ENTITIES = Object.assign(Object.create(null), { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });

interface Element {
  name: string;
  node: Record<string, unknown>;
  text: string;
  hasChildren: boolean;
  /** Of a list, also when there is one of it only. */
  isListed: boolean;
}

/** One document, pushed piece by piece. */
export class XmlReader {
  private readonly parser = sax.parser(true);
  private readonly open: Element[] = [];
  private nodes = 0;
  private chars = 0;
  private root: Record<string, unknown> | null = null;
  private trouble: string | null = null;

  constructor() {
    const { parser } = this;
    parser.ENTITIES = ENTITIES;
    parser.onerror = ({ message }) => this.fail(`not XML: ${message.split(/[\n:]/, 1)[0]}`);
    parser.ondoctype = () => this.fail('not XML of an API: it has a document type');
    parser.onsgmldeclaration = () => this.fail('not XML of an API: it has declarations');
    parser.onopentag = ({ name, attributes }) => this.begin(name, attributes);
    parser.onclosetag = () => this.finish();
    parser.ontext = (text) => this.add(text);
    parser.oncdata = (text) => this.add(text);
  }

  /** The next piece, cut anywhere. @returns false when the rest need not be pushed */
  push(text: string): boolean {
    this.chars += text.length;
    if (this.chars > MAX_CHARS) this.fail('XML that is too long');
    for (let at = 0; at < text.length && this.trouble === null; at += PIECE_CHARS)
      this.guarded(() => this.parser.write(text.slice(at, at + PIECE_CHARS)));
    return this.trouble === null;
  }

  /** The document's end. */
  end(): XmlRead {
    if (this.trouble === null) this.guarded(() => this.parser.close());
    if (this.trouble === null && this.root) return { ok: true, reply: this.root };
    return { ok: false, why: this.trouble ?? 'not XML: no element' };
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch {
      this.fail('not XML that can be read');
    }
  }

  private fail(why: string): void {
    this.trouble ??= why;
  }

  private begin(name: string, attributes: Record<string, unknown>): void {
    if (this.trouble !== null) return;
    const node: Record<string, unknown> = Object.create(null);
    for (const [key, value] of Object.entries(attributes)) {
      this.nodes++;
      // JSON mode numbers the elements of a list with `id` and tells no most.
      if (key !== 'maxOccurrence') node[key === 'item' ? 'id' : key] = value;
    }
    const parent = this.open.at(-1);
    if (parent) parent.hasChildren = true;
    this.open.push({ name, node, text: '', hasChildren: false, isListed: 'maxOccurrence' in attributes });
    if (this.open.length > MAX_DEPTH) this.fail('XML nested too deeply');
    if (++this.nodes > MAX_NODES) this.fail('XML with too many elements');
  }

  private add(text: string): void {
    // Looked into, a string that was built up in steps becomes one of a piece, which takes far less memory where a text has many entities.
    text.charCodeAt(0);
    const element = this.open.at(-1);
    if (element) element.text += text;
  }

  private finish(): void {
    const element = this.open.pop();
    if (!element || this.trouble !== null) return;
    const { name, node, text, hasChildren, isListed } = element;
    if (!hasChildren) {
      // `<Result status="OK"/>` is a record without fields, any other empty element a leaf with an empty text.
      if (text !== '' || !('status' in node)) node.Value ??= text;
    } else if (text.trim() !== '') node.Value ??= text.trim();
    const parent = this.open.at(-1);
    if (parent) attach(parent.node, name, node, isListed);
    else if (this.root) this.fail('not XML: more than one root');
    else this.root = Object.assign(Object.create(null), { [name]: node });
  }
}

/** Reads a whole document. */
export function readXml(text: string): XmlRead {
  const reader = new XmlReader();
  reader.push(text);
  return reader.end();
}

/**
 * `maxOccurrence` or repetition makes a list; a number alone makes none, since much software puts `item="1"` on every
 * element. JSON mode does not tell that one, so it goes as well. An attribute of the same name stays what it is.
 */
function attach(parent: Record<string, unknown>, name: string, node: Record<string, unknown>, isListed: boolean): void {
  const before = parent[name];
  if (typeof before === 'string') return;
  if (Array.isArray(before)) before.push(node);
  else if (isRecord(before)) {
    if (node.id !== undefined) before.id ??= FIRST;
    parent[name] = [before, node];
  } else if (isListed) parent[name] = [node];
  else {
    if (node.id === FIRST) delete node.id;
    parent[name] = node;
  }
}

const FIRST = '1';
