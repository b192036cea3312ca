/** Calls on files of this computer. */
import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { OtjError } from '../../contract/errors.ts';
import type { Output } from '../../contract/methods.ts';
import type { OpenSite } from '../openSite.ts';
import { type Area, home, pathOf } from './area.ts';

/** @param written files that this process has written: only these are opened in other programs */
export function fileHandlers({ ports }: OpenSite, written: ReadonlySet<string>): Area<'files'> {
  return {
    'files.list': ({ folder }) => listFolder(folder === null ? home() : pathOf(folder)),
    'files.choose': async ({ what, suggested }) => ({ path: await ports.chooseFile(what, suggested) }),
    'files.open': async ({ path }) => {
      if (!written.has(path)) throw new OtjError('USAGE', 'only files that were written here are opened');
      await ports.openPath(path);
    },
  };
}

type Listing = Output<'files.list'>;
type Entry = Listing['entries'][number];

const natural = new Intl.Collator(undefined, { numeric: true });

/** Throws SITE_MISSING for a folder that is not there or may not be read. */
async function listFolder(folder: string): Promise<Listing> {
  const names = await readdir(folder).catch((thrown: Error) => {
    throw new OtjError('SITE_MISSING', thrown.message, { cause: thrown });
  });
  const found = await Promise.all(names.filter((name) => !name.startsWith('.')).map((name) => entryAt(folder, name)));
  const up = dirname(folder);
  return { folder, parent: up === folder ? null : up, entries: found.filter((entry) => entry !== null).sort(order) };
}

/** null = neither a folder nor a site file, or a link to nowhere. */
async function entryAt(folder: string, name: string): Promise<Entry | null> {
  const path = join(folder, name);
  const seen = await stat(path).catch(() => null);
  if (seen?.isDirectory()) return { name, path, kind: 'folder' };
  return seen?.isFile() && extname(name).toLowerCase() === '.otjsite' ? { name, path, kind: 'site' } : null;
}

function order(a: Entry, b: Entry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
  return natural.compare(a.name, b.name);
}
