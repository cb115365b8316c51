import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import babel from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `make web` finds the API; it says so by this variable. */
const API = process.env.FRESQUE_URL ?? 'http://127.0.0.1:8000';
const FIRST_FONT = /instrument-sans-latin-wght.*\.woff2$/;
const SCRIPT_KIB = 200;
const PACKED = /\.(js|css|html|svg|webmanifest)$/;

/** Packs every text beside itself, and says what a first visit to the front page costs. */
const pack: Plugin = {
  name: 'fresque-pack',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      let first = 0;
      for (const [name, part] of Object.entries(bundle)) {
        if (!PACKED.test(name)) continue;
        const body = Buffer.from(part.type === 'chunk' ? part.code : part.source);
        const small = brotliCompressSync(body);
        this.emitFile({ type: 'asset', fileName: `${name}.br`, source: small });
        this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(body, { level: 9 }) });
        if (part.type === 'chunk' && FIRST.some((page) => reached(bundle, page).has(name))) first += small.length;
      }
      const kib = first / 1024;
      this.info(`Script of the first load (explore): ${kib.toFixed(1)} KiB, of at most ${SCRIPT_KIB}.`);
      if (kib > SCRIPT_KIB) this.error('The first load is too heavy: see who imports what into the first chunk.');
    },
  },
};

const FIRST = ['/source/main.tsx', '/source/explore/ExplorePage.tsx'];

/** The chunks that a module's chunk imports, itself with them. */
function reached(
  bundle: Parameters<Extract<Plugin['generateBundle'], (...given: never) => void>>[1],
  ending: string,
): Set<string> {
  const chunks = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? [part] : []));
  const waiting = chunks.filter(
    ({ facadeModuleId, moduleIds }) => facadeModuleId?.endsWith(ending) || moduleIds.some((id) => id.endsWith(ending)),
  );
  const found = new Set<string>();
  for (let chunk = waiting.pop(); chunk; chunk = waiting.pop()) {
    if (found.has(chunk.fileName)) continue;
    found.add(chunk.fileName);
    waiting.push(...chunks.filter(({ fileName }) => chunk?.imports.includes(fileName)));
  }
  return found;
}

/** The text's font is asked for with the page, so that it is there for the first paint. */
const font: Plugin = {
  name: 'fresque-font',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => FIRST_FONT.test(name))
        .map((name) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${name}`, crossorigin: true },
          injectTo: 'head',
        })),
  },
};

/** Compiles the documents anew when a file with one changes. */
const documents: Plugin = {
  name: 'fresque-documents',
  apply: 'serve',
  configureServer({ watcher, config }) {
    watcher.on('change', (path) => {
      if (!/\.tsx?$/.test(path) || path.includes('__generated__') || !readFileSync(path, 'utf8').includes('graphql`'))
        return;
      execFile(
        process.execPath,
        [process.env.npm_execpath ?? '', 'run', '--silent', 'relay:dev'],
        (error, said, wrong) => {
          if (error) config.logger.error(said + wrong);
        },
      );
    });
  },
};

export default defineConfig({
  plugins: [
    react(),
    babel({
      include: /source\/.*\.tsx?$/,
      exclude: /__generated__/,
      plugins: [['relay', { eagerEsModules: true }]],
    }),
    documents,
    font,
    pack,
  ],
  resolve: { tsconfigPaths: true },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // a data: address would need a hole in the Content-Security-Policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    port: 5173,
    // The Host header stays, so that the API sees the page's own origin and lets its cookie speak.
    proxy: Object.fromEntries(
      ['/graphql', '/media', '/schema.graphql'].map((path) => [path, { target: API, ws: path === '/graphql' }]),
    ),
  },
  test: {
    environment: 'happy-dom',
    include: ['source/**/*.test.{ts,tsx}'],
    setupFiles: ['source/testing/setup.ts'],
    restoreMocks: true,
  },
});
