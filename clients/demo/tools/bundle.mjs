// Makes dist/, or the directory that is named: the page, its one script, its one stylesheet and its icon. Of the same sources and
// the same lock files it makes the same bytes.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const here = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const out = resolve(process.argv[2] ?? join(here, 'dist'));
const client = join(here, '../js/src');

// lethe-client from its sources, so that it need not be built before.
const fromSources = {
  name: 'lethe-client from its sources',
  setup(plugins) {
    plugins.onResolve({ filter: /^lethe-client$/ }, () => ({ path: join(client, 'index.ts') }));
    plugins.onResolve({ filter: /^#dial$/ }, () => ({ path: join(client, 'dial_browser.ts') }));
  },
};

mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { demo: 'src/main.ts' },
  outdir: out,
  bundle: true,
  minify: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
  banner: {
    js: '// The demo page of Lethe, Apache-2.0. Contains libsodium.js and libsodium, (c) Ahmad Ben Mrad, Frank Denis, Ryan Lester, '
      + 'ISC License; qrcode-generator, (c) Kazuhiko Arase, MIT License.',
  },
  plugins: [fromSources],
});
await build({
  absWorkingDir: here,
  entryPoints: { demo: 'src/style/demo.css' },
  outdir: out,
  bundle: true,
  minify: true,
  target: ['chrome111', 'firefox113', 'safari16.4'],
  logLevel: 'warning',
});
copyFileSync(join(here, 'src/icon.svg'), join(out, 'icon.svg'));
writeFileSync(join(out, 'index.html'), readFileSync(join(here, 'src/index.html'), 'utf8').replace(/\n\s*/g, '\n'));
