#!/usr/bin/env node
/**
 * make-icons: draws assets/icon.svg in every size and writes what the installers take: icon.png, and here icon.ico
 * (Windows), icon.icns (macOS) and linux/NxN.png. electron-builder could convert them, but with a tool that it downloads.
 * Run it after a change of the drawing, on the project's Node, and commit what it writes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/lib/chromium.js';

const HERE = import.meta.dirname;
const ASSETS = join(HERE, '..');

const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
/** Apple's types for PNG images, with the pixels of each. icp4 and icp5 are left out: some macOS draw them as noise. */
const ICNS_TYPES = [
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

const program = findChromium();
if (!program) throw new Error('Chromium is needed to draw the icon. Install it, or set CHROMIUM to its path.');

const sizes = new Set([1024, ...ICO_SIZES, ...LINUX_SIZES, ...ICNS_TYPES.map(([, size]) => size)]);
const drawn = await draw(readFileSync(join(ASSETS, 'icon.svg'), 'utf8'), sizes);

mkdirSync(join(HERE, 'linux'), { recursive: true });
writeFileSync(join(ASSETS, 'icon.png'), drawn.get(1024));
writeFileSync(join(HERE, 'icon.ico'), ico(ICO_SIZES));
writeFileSync(join(HERE, 'icon.icns'), icns(ICNS_TYPES));
for (const size of LINUX_SIZES) writeFileSync(join(HERE, 'linux', `${size}x${size}.png`), drawn.get(size));

/** @returns {Promise<Map<number, Buffer>>} PNG by pixels; what is around the tile is transparent */
async function draw(svg, wanted) {
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    await page.setContent(`<style>html,body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
    const images = new Map();
    for (const size of wanted) {
      await page.setViewportSize({ width: size, height: size });
      images.set(size, await page.screenshot({ omitBackground: true }));
    }
    return images;
  } finally {
    await browser.close();
  }
}

/** A directory of 16 bytes an image, then the images. A width or height of 256 is written as 0. */
function ico(wanted) {
  const head = Buffer.alloc(6 + 16 * wanted.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(wanted.length, 4);
  let offset = head.length;
  for (const [at, size] of wanted.entries()) {
    const entry = 6 + 16 * at;
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(drawn.get(size).length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += drawn.get(size).length;
  }
  return Buffer.concat([head, ...wanted.map((size) => drawn.get(size))]);
}

/** Chunks of type, length (with these eight bytes) and image, in a chunk of their own. */
function icns(types) {
  return chunk(
    'icns',
    types.map(([type, size]) => chunk(type, [drawn.get(size)])),
  );
}

function chunk(type, parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + body.length, 4);
  return Buffer.concat([head, body]);
}
