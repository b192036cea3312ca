/** Replies of codecs for people and scripts: names and values without the wrapping, and without secrets. Pure. */
import { isSecretName } from '../endpoints/cisco/line.ts';
import { isRecord, leaf } from '../endpoints/cisco/xapi.ts';

const MASK = '•••';
/** A reply nests a few levels; a device's text is hostile. */
const DEEPEST = 40;

/**
 * @param reply as `Xapi` gives it; @param path what was asked for: its last word names a reply that is a single value
 * @param redact takes known secrets out of a text
 * @returns values as texts, children by name, lists as lists; null when the codec has nothing there
 */
export function plainReply(reply: unknown, path: string, redact: (text: string) => string): unknown {
  return plain(reply, path, DEEPEST);

  function plain(node: unknown, name: string, depth: number): unknown {
    if (node === undefined || node === null) return null;
    const text = leaf(node);
    // A value may come with attributes, such as where its value space is described: nothing of it is lost without.
    if (text !== undefined) return isSecretName(name) && text !== '' ? MASK : redact(text);
    if (depth === 0) return '…';
    if (Array.isArray(node)) return node.map((one) => plain(one, name, depth - 1));
    if (!isRecord(node)) return null;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, plain(value, key, depth - 1)]));
  }
}
