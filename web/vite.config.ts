import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import babel from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `make web` finds the API; it says so by this variable. */
const API = process.env.FRESQUE_URL ?? 'http://127.0.0.1:8000';
const SCRIPT_KIB = 205;
const READING =
  /\/source\/(post|timeline)\/|\/source\/design\/(IconButton|Avatar|Button|Segments|Spinner)|\/source\/i18n\/format|\/source\/shell\/(Page|Aside|Foot|Empty|NotFound)\.|\/source\/relay\/(useAction|useLive)/;
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
      const known = filesOf(bundle, [...reached(bundle, ENTRY)]);
      const pages = Object.entries(PAGES).map(([path, page]) => {
        const files = filesOf(bundle, [...reached(bundle, `/source/${page}.tsx`)]);
        if (!files.length) this.error(`${page} is no page.`);
        return [path, files.filter((file) => !known.includes(file))];
      });
      this.emitFile({ type: 'asset', fileName: 'pages.json', source: JSON.stringify(Object.fromEntries(pages)) });
      const kib = first / 1024;
      this.info(`Script of the first load (explore): ${kib.toFixed(1)} KiB, of at most ${SCRIPT_KIB}.`);
      if (kib > SCRIPT_KIB) this.error('The first load is too heavy: see who imports what into the first chunk.');
    },
  },
};

const ENTRY = '/source/main.tsx';
const FIRST = [ENTRY, '/source/explore/ExplorePage.tsx', '/source/i18n/fr.ts']; // the longer of the languages: one is fetched

/** Which page's code an address needs; the server tells the browser of it with the page (`Link`), so that both load at once. */
const PAGES = {
  '/': 'home/HomePage',
  '/explore': 'explore/ExplorePage',
  '/post/{id}': 'conversation/ConversationPage',
  '/@{handle}': 'profile/ProfilePage',
  '/@{handle}/{tab}': 'profile/ProfilePage',
  '/tag/{name}': 'hashtag/HashtagPage',
  '/studio': 'studio/StudioPage',
  '/studio/thread/{id}': 'studio/ThreadPage',
  '/messages': 'messages/MessagesPage',
  '/messages/{id}': 'messages/MessagesPage',
  '/bookmarks': 'bookmarks/BookmarksPage',
  '/notifications': 'notifications/NotificationsPage',
  '/boards/{id}': 'boards/BoardPage',
  '/lists': 'lists/ListsPage',
  '/lists/{id}': 'lists/ListPage',
  '/lists/{id}/people': 'lists/ListPage',
  '/feeds': 'feeds/FeedsPage',
  '/feeds/{id}': 'feeds/FeedPage',
  '/feeds/{id}/edit': 'feeds/BuildPage',
  '/suggestions': 'suggestions/SuggestionsPage',
  '/settings': 'settings/SettingsPage',
  '/settings/security': 'security/SecurityPage',
  '/settings/labels': 'labelers/LabelersPage',
  '/settings/credits': 'credits/CreditsPage',
  '/settings/webhooks': 'webhooks/WebhooksPage',
  '/settings/webhooks/{id}': 'webhooks/WebhookPage',
  '/moderation': 'moderation/ModerationPage',
  '/desk': 'desk/QueuePage',
  '/desk/case/{id}': 'desk/CasePage',
  '/verify': 'verify/VerifyPage',
  '/lineage/{id}': 'lineage/LineagePage',
  '/login': 'session/LogInPage',
  '/signup': 'session/SignUpPage',
  '/forgot': 'session/ForgotPage',
  '/reset': 'session/ResetPage',
  '/verify-email': 'session/VerifyEmailPage',
};

type Bundle = Parameters<Extract<Plugin['generateBundle'], (...given: never) => void>>[1];

/** Chunks with the styles that belong to them. */
function filesOf(bundle: Bundle, chunks: string[]): string[] {
  const styles = chunks.flatMap((name) => {
    const chunk = bundle[name];
    return chunk?.type === 'chunk' ? [...(chunk.viteMetadata?.importedCss ?? [])] : [];
  });
  return [...new Set([...chunks, ...styles])];
}

/** The chunks that a module's chunk imports, itself with them. */
function reached(bundle: Bundle, ending: string): Set<string> {
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
    pack,
  ],
  resolve: { tsconfigPaths: true },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // a data: address would need a hole in the Content-Security-Policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
    cssCodeSplit: false, // all of it is a few kilobytes: one file that is kept beats one for each page
    // What most pages show is one file as well: many small ones would wait for one another over HTTP/1.1.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'reading', test: READING }] } } },
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
    testTimeout: 20_000,
  },
});
