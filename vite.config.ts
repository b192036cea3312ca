import { defineConfig, type Plugin } from 'vite';

/** ssh2 looks for compiled helpers and goes on without them. They are never shipped, so let it not find them. */
const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  enforce: 'pre',
  resolveId: (source) =>
    source === 'cpu-features' || source.endsWith('.node')
      ? { id: `left-out/${source.split('/').at(-1)}`, external: true }
      : null,
};

/** Builds the command line as one file, dist/otj.js, that needs nothing but Node. */
export default defineConfig({
  plugins: [withoutNativeParts],
  // Some libraries are written for CommonJS and use its names.
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  ssr: { noExternal: true },
  build: {
    ssr: 'main/cli.ts',
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      output: { format: 'esm', entryFileNames: 'otj.js', codeSplitting: false },
    },
  },
});
