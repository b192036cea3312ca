/**
 * The one document model of the simulated codec. Status, configuration and command results are trees of elements;
 * SSH prints them as JSON, terminal lines or XML, HTTPS as XML, macros see them as plain values.
 */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  /** Number in a list; list elements print as JSON arrays and as `item="n" maxOccurrence="n"` in XML. */
  item?: number;
  text?: string;
  children: Element[];
}

/** Handy notation for trees; an array becomes a numbered list. */
export type Shape = string | number | boolean | Shape[] | { [name: string]: Shape };

export function element(name: string, children: Element[] = [], attributes: Record<string, string> = {}): Element {
  return { name, attributes, children };
}

export function leaf(name: string, text: string, attributes: Record<string, string> = {}): Element {
  return { name, attributes, text, children: [] };
}

/** The xAPI writes booleans as `True` and `False`. */
export function scalar(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

export function fromShape(shape: Record<string, Shape>): Element[] {
  return Object.entries(shape).flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((entry, index) => ({ ...single(name, entry), item: index + 1 }))
      : [single(name, value)],
  );
}

function single(name: string, value: Shape): Element {
  if (Array.isArray(value)) return element(name, fromShape({ [name]: value }));
  if (typeof value === 'object') return element(name, fromShape(value));
  return leaf(name, scalar(value));
}

/** The other way round: elements of one name that come more than once become a list. */
export function shapeOf(children: readonly Element[]): Record<string, Shape> {
  const one = ({ text, children: inner }: Element): Shape => text ?? shapeOf(inner);
  return Object.fromEntries(
    [...grouped(children)].map(([name, all]) => {
      const [first] = all;
      return [name, first && all.length === 1 ? one(first) : all.map(one)];
    }),
  );
}

/** Splits `/Status/Network[1]/IPv4`, `Network 1 IPv4` and the like into words. */
export function pathWords(path: string): string[] {
  return path.split(/[\s/[\]]+/).filter((word) => word !== '');
}

/** A copy of the tree that holds only what the path names; undefined when it names nothing. Case does not matter. */
export function select(root: Element, path: readonly string[]): Element | undefined {
  const [word, ...rest] = path;
  if (word === undefined) return root;
  const wanted = word.toLowerCase();
  const [numberWord, ...afterNumber] = rest;
  const number = numberWord !== undefined && /^\d+$/.test(numberWord) ? Number(numberWord) : undefined;
  const children = root.children.flatMap((child) => {
    if (child.name.toLowerCase() !== wanted) return [];
    if (child.item !== undefined && number !== undefined) {
      return child.item === number ? (select(child, afterNumber) ?? []) : [];
    }
    return select(child, rest) ?? [];
  });
  return children.length > 0 ? { ...root, children } : undefined;
}

/** A copy without the leaves that the test refuses, and without branches left empty. */
export function prune(root: Element, keep: (path: string) => boolean, prefix = ''): Element {
  const children = root.children.flatMap((child) => {
    const path = prefix === '' ? child.name : `${prefix} ${child.name}`;
    if (child.text !== undefined) return keep(path) ? [child] : [];
    const pruned = prune(child, keep, path);
    return pruned.children.length > 0 ? [pruned] : [];
  });
  return { ...root, children };
}

/** Adds a leaf under a path of names, making the branches on the way; a number after a name is its place in a list. */
export function plant(root: Element, path: readonly string[], made: Element): void {
  const [word, next, ...others] = path;
  if (word === undefined) {
    root.children.push(made);
    return;
  }
  const item = next !== undefined && /^\d+$/.test(next) ? Number(next) : undefined;
  const rest = item === undefined ? path.slice(1) : others;
  let branch = root.children.find((child) => child.name === word && child.item === item && child.text === undefined);
  if (!branch) {
    branch = { ...element(word), ...(item === undefined ? {} : { item }) };
    root.children.push(branch);
  }
  plant(branch, rest, made);
}

/** Children in groups of one name, in order of first appearance. */
export function grouped(children: readonly Element[]): Map<string, Element[]> {
  return Map.groupBy(children, (child) => child.name);
}
