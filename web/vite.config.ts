import babel from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where `make web` finds the API; it says so by this variable. */
const API = process.env.FRESQUE_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [
    react(),
    babel({
      include: /source\/.*\.tsx?$/,
      exclude: /__generated__/,
      parserOpts: { plugins: ['typescript', 'jsx'] },
      plugins: [['relay', { eagerEsModules: true }]],
    }),
  ],
  resolve: { tsconfigPaths: true },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // a data: address would need a hole in the Content-Security-Policy
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
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
