import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin, type ViteBuilder } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** ssh2 looks for compiled helpers and goes on without them. They are never shipped, so let it not find them. */
const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  enforce: 'pre',
  resolveId: (source) =>
    source === 'cpu-features' || source.endsWith('.node')
      ? { id: `left-out/${source.split('/').at(-1)}`, external: true }
      : null,
};

/** The practice site reads its room list from a file; in a build that file lies beside the bundle. */
const withSampleList: Plugin = {
  name: 'with-sample-list',
  enforce: 'pre',
  applyToEnvironment: ({ name }) => name === 'lab',
  async transform(code, id) {
    if (!id.endsWith('/practice-rooms.ts')) return null;
    const source = "new URL('../../assets/sample-rooms.csv', import.meta.url)";
    if (!code.includes(source)) this.error('the sample list is named in another way now');
    this.emitFile({
      type: 'asset',
      fileName: 'sample-rooms.csv',
      source: await readFile(at('assets/sample-rooms.csv')),
    });
    return { code: code.replace(source, "new URL('./sample-rooms.csv', import.meta.url)"), map: null };
  },
};

/**
 * A program of Node: one file with everything in it but what its host brings. Each is whole for itself, so that it finds
 * what lies beside it by its own address.
 */
function program(source: string, folder: string, name: string, format: 'es' | 'cjs' = 'es'): EnvironmentOptions {
  return {
    consumer: 'server',
    // Some libraries are written for CommonJS and use its names.
    ...(format === 'es' ? { define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' } } : {}),
    resolve: { noExternal: true },
    build: {
      target: 'node24',
      outDir: at(folder),
      // Several programs share the folder; it is cleared once, before all of them.
      emptyOutDir: false,
      minify: false,
      // The lab has one: its room list.
      emitAssets: true,
      rolldownOptions: {
        input: at(source),
        external: ['electron'],
        output: { format, entryFileNames: name, codeSplitting: false },
      },
    },
  };
}

const PROGRAMS = {
  cli: program('main/cli.ts', 'dist', 'otj.js'),
  app: program('main/app.ts', 'dist/main', 'app.js'),
  browser: program('main/hosts/browserMain.ts', 'dist/main', 'browser.js'),
  worker: program('main/hosts/worker.ts', 'dist/main', 'worker.js'),
  lab: program('test/lab/main.ts', 'dist/main', 'lab.js'),
  preload: program('preload/index.ts', 'dist/preload', 'index.cjs', 'cjs'),
};

/** What OTJ_BUILD may name. */
const PARTS: Record<string, readonly string[]> = {
  window: ['client'],
  command: ['cli'],
  desktop: ['app', 'worker', 'lab', 'preload'],
  all: ['client', ...Object.keys(PROGRAMS)],
};
const WANTED = process.env.OTJ_BUILD ?? 'all';

async function buildWanted(builder: ViteBuilder): Promise<void> {
  const names = PARTS[WANTED];
  if (!names) throw new Error(`OTJ_BUILD may be ${Object.keys(PARTS).join(', ')}`);
  const wanted = names.flatMap((name) => builder.environments[name] ?? []);
  // Installers lie in dist as well, and stay.
  if (WANTED === 'all') await rm(at('dist/main'), { recursive: true, force: true });
  await Promise.all(wanted.map((environment) => builder.build(environment)));
}

/**
 * `vite build` makes all that is shipped: the command line (dist/otj.js, needs nothing but Node), the desktop app
 * (dist/main, dist/preload) and its window (dist/renderer). OTJ_BUILD=window, =desktop or =command makes only that part.
 */
export default defineConfig({
  root: at('renderer'),
  // The window is served from another place by each host.
  base: './',
  publicDir: false,
  envDir: false,
  plugins: [withoutNativeParts, withSampleList, react()],
  environments: {
    client: {
      build: {
        outDir: at('dist/renderer'),
        emptyOutDir: true,
        // Nothing that the page's own policy (main/hosts/pages.ts) would refuse.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    },
    ...PROGRAMS,
  },
  builder: { buildApp: buildWanted },
});
