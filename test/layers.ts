/**
 * Which file may import which. The rules are those of the architecture page: imports point one way, from the hosts
 * down to the contract. Used by the checks and by a unit test.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { parseSync } from 'vite';

/** Paths are relative to the project folder, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

/** Rooms of main/, top first. A file may import from its own room and from any room further down. */
const FLOORS: readonly (readonly string[])[] = [
  ['app'],
  ['cli', 'hosts'],
  ['services'],
  ['migration', 'discovery', 'infinity', 'microsoft', 'report', 'roomlist'],
  ['endpoints', 'site'],
  ['contract'],
];
const MAY_USE_ELECTRON = new Set(['main/app.ts', 'main/hosts/electron.ts', 'preload/index.ts']);
const DRIVER = 'main/endpoints/driver.ts';
/** Folders of endpoints/ that are no vendor's. */
const SHARED: ReadonlySet<string> = new Set(['transports', 'record']);

/** Reads main/, renderer/ and preload/ and says what breaks the rules, one sentence each. */
export async function layerBreaches(root: string): Promise<string[]> {
  const sources = new Map<string, string>();
  for (const top of ['main', 'renderer', 'preload']) {
    const names = await readdir(join(root, top), { recursive: true }).catch(() => []);
    for (const name of names) {
      if (!/\.[cm]?[jt]sx?$/.test(name)) continue;
      const path = join(root, top, name);
      sources.set(relative(root, path).split(sep).join('/'), await readFile(path, 'utf8'));
    }
  }
  return breachesIn(sources);
}

/** The same for files given as text. */
export function breachesIn(sources: Sources): string[] {
  const breaches: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [from, text] of sources) {
    const { specifiers, error } = importsOf(from, text);
    if (error) breaches.push(`${from} could not be read: ${error}`);
    const inside: string[] = [];
    for (const specifier of specifiers) {
      const to = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null;
      const why = to === null ? packageBreach(from, specifier) : fileBreach(from, to);
      if (why) breaches.push(`${from} imports ${to ?? specifier}: ${why}`);
      if (to !== null) inside.push(to);
    }
    graph.set(from, inside);
  }
  return [...breaches, ...cycles(graph)];
}

function importsOf(path: string, text: string): { specifiers: Set<string>; error: string | null } {
  const specifiers = new Set<string>();
  const { module, errors } = parseSync(path, text);
  for (const { moduleRequest } of module.staticImports) specifiers.add(moduleRequest.value);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) specifiers.add(moduleRequest.value);
  }
  // The parser lists `import()` of values but not that of types, and neither lists require().
  for (const match of text.matchAll(/\b(?:import|require)\(\s*(['"`])([^'"`]+)\1/g)) {
    if (match[2]) specifiers.add(match[2]);
  }
  return { specifiers, error: errors[0]?.message ?? null };
}

function packageBreach(from: string, name: string): string | null {
  if ((name === 'electron' || name.startsWith('electron/')) && !MAY_USE_ELECTRON.has(from)) {
    return 'only main/app.ts, main/hosts/electron.ts and preload/index.ts may use Electron';
  }
  if (roomOf(from) === 'contract' && name !== 'zod' && !name.startsWith('zod/')) {
    return 'the contract uses nothing but zod';
  }
  return null;
}

function fileBreach(from: string, to: string): string | null {
  // Data is no layer: settings tables, signatures, the version in package.json.
  if (to.endsWith('.json') && roomOf(from) !== 'contract') return null;
  const [fromTop, toTop] = [topOf(from), topOf(to)];
  if (fromTop !== 'main') {
    if (toTop === fromTop || roomOf(to) === 'contract') return null;
    return `${fromTop} may import only the contract`;
  }
  if (toTop !== 'main') return 'main imports nothing outside itself but data';
  return floorBreach(from, to) ?? endpointBreach(from, to);
}

function floorBreach(from: string, to: string): string | null {
  const [fromRoom, toRoom] = [roomOf(from), roomOf(to)];
  const [fromFloor, toFloor] = [floorOf(fromRoom), floorOf(toRoom)];
  if (fromFloor < 0) return `main/${fromRoom} has no place in the layers`;
  if (toFloor < 0) return `main/${toRoom} has no place in the layers`;
  if (fromRoom === toRoom || fromFloor < toFloor) return null;
  return `${fromRoom} may not import ${toRoom}`;
}

function endpointBreach(from: string, to: string): string | null {
  if (roomOf(to) !== 'endpoints') return null;
  if (roomOf(from) === 'migration' && to !== DRIVER) return 'migration knows drivers only through endpoints/driver.ts';
  const [fromVendor, toVendor] = [vendorOf(from), vendorOf(to)];
  if (toVendor === null || roomOf(from) !== 'endpoints' || fromVendor === toVendor) return null;
  if (fromVendor !== null) return 'one vendor knows nothing of another';
  if (from === DRIVER || SHARED.has(folderOf(from))) return 'what all vendors share knows none of them';
  return null;
}

/** `cisco` for main/endpoints/cisco/…; null for what vendors share. */
function vendorOf(path: string): string | null {
  const folder = folderOf(path);
  return folder === '' || SHARED.has(folder) ? null : folder;
}

function folderOf(path: string): string {
  return /^main\/endpoints\/([^/]+)\//.exec(path)?.[1] ?? '';
}

function topOf(path: string): string {
  return path.split('/')[0] ?? '';
}

/** `site` for main/site/…, `cli` for main/cli.ts. */
function roomOf(path: string): string | null {
  return /^main\/([^/.]+)/.exec(path)?.[1] ?? null;
}

function floorOf(room: string | null): number {
  return FLOORS.findIndex((rooms) => room !== null && rooms.includes(room));
}

/** Each ring of files once, as a chain. Type imports count: a ring of types is as hard to take apart. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push(`import cycle: ${[...path.slice(at), file].join(' → ')}`);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return found;
}
