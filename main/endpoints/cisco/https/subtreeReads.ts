/**
 * Readings that wait for their turn at the same time and lie near each other go as one: the codec lets only so many
 * requests through in a second, and a subtree costs no more than one of its leaves.
 */
import { asOtjError } from '../../../contract/errors.ts';
import { readSubtree } from './replies.ts';
import { locationOf } from './xmlRequest.ts';

type Tree = 'Status' | 'Configuration';
type Document = Record<string, unknown>;
/** Reads a document. `location` is asked for in the moment before the request is sent. */
type ReadDocument = (what: string, location: () => string) => Promise<Document>;

interface Batch {
  paths: string[];
  document: Promise<Document>;
}

export class SubtreeReads {
  private readonly read: ReadDocument;
  /** Not sent yet, by tree and first word. */
  private readonly waiting = new Map<string, Batch>();

  constructor(read: ReadDocument) {
    this.read = read;
  }

  /** As `Xapi.get`; what it tells was read after this call. */
  async get(tree: Tree, path: string): Promise<unknown> {
    const own = locationOf(tree, path);
    const batch = this.join(tree, path);
    try {
      return readSubtree(await batch.document, tree, path);
    } catch (thrown) {
      // What is refused together may be allowed alone.
      if (asOtjError(thrown).code !== 'REFUSED' || batch.paths.length === 1) throw thrown;
      return readSubtree(await this.read(`${tree} ${path}`, () => own), tree, path);
    }
  }

  /** Readings asked for from now on come after whatever is asked for now. */
  seal(): void {
    this.waiting.clear();
  }

  private join(tree: Tree, path: string): Batch {
    const key = `${tree} ${path.split(' ', 1)[0]}`;
    const present = this.waiting.get(key);
    if (present) {
      present.paths.push(path);
      return present;
    }
    const paths = [path];
    const location = () => {
      if (this.waiting.get(key) === batch) this.waiting.delete(key);
      return locationOf(tree, sharedPath(paths));
    };
    const batch: Batch = { paths, document: this.read(key, location) };
    this.waiting.set(key, batch);
    return batch;
  }
}

/** The words that all paths begin with; they share the first one. */
function sharedPath(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(' '));
  const end = first.findIndex((word, at) => others.some((other) => other[at] !== word));
  return first.slice(0, end < 0 ? first.length : end).join(' ');
}
