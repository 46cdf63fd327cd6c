// Makes dist/lethe-client.browser.js: the whole package in one ES module for browsers, libsodium's WebAssembly inside.
import { build } from 'esbuild';

await build({
  entryPoints: ['dist/index.js'],
  outfile: 'dist/lethe-client.browser.js',
  bundle: true,
  minify: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
  banner: {
    js: '// lethe-client, Apache-2.0. Contains libsodium.js and libsodium, (c) Ahmad Ben Mrad, Frank Denis, Ryan Lester, ISC License.',
  },
});
