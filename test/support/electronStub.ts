/**
 * A folder that looks to electron-builder like an unpacked Electron for Linux, where no real one can be had. Its program
 * does nothing, but carries a fuse wire as the real one does, so that fuses are really flipped in it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** By this text the fuses are found in Electron's program. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const WIRE_VERSION = 1;
/**
 * The fuses as Electron ships them, in the order of FuseV1Options: those that are on for the sake of old apps (run as
 * Node, NODE_OPTIONS, --inspect, privileges of file:), and WebAssembly's trap handlers.
 */
const SHIPPED_FUSES = '101100011';

/** @param folder is made. Give it to electron-builder as `electronDist` */
export async function makeElectronStub(folder: string, version: string): Promise<void> {
  const wire = Buffer.concat([
    Buffer.from(SENTINEL, 'latin1'),
    Buffer.from([WIRE_VERSION, SHIPPED_FUSES.length]),
    Buffer.from(SHIPPED_FUSES, 'latin1'),
  ]);
  // Neither at the start nor at the end, as in a real program.
  const program = Buffer.concat([Buffer.from('#!/bin/false\n'), Buffer.alloc(4096), wire, Buffer.alloc(4096)]);
  await mkdir(join(folder, 'locales'), { recursive: true });
  await mkdir(join(folder, 'resources'));
  await writeFile(join(folder, 'electron'), program, { mode: 0o755 });
  await writeFile(join(folder, 'chrome-sandbox'), '', { mode: 0o755 });
  await writeFile(join(folder, 'version'), version);
  await writeFile(join(folder, 'LICENSE'), 'Licence of Electron\n');
  await writeFile(join(folder, 'LICENSES.chromium.html'), '<p>Licences of Chromium</p>\n');
  await writeFile(join(folder, 'locales', 'en-US.pak'), '');
}
