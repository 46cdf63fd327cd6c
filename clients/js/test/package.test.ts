import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createContext, SourceTextModule } from 'node:vm';
import * as installed from 'lethe-client';
import { WebSocket } from 'ws';
import { anonymous, forTest, newDevice, nextTexts, quick } from './support/device.js';
import { Relay, temporaryDirectory } from './support/relay.js';

const root = fileURLToPath(new URL('..', import.meta.url));

test('The example of the README does what it says', async (t) => {
  const relay = await forTest(t, Relay.start());
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  assert.ok(example && example.split('\n').length <= 13);
  const code = example.replace("'relay.example', { identity }", 'process.env.RELAY, { identity, ca: process.env.CA }');
  assert.notEqual(code, example);
  const env = { ...process.env, RELAY: relay.url, CA: relay.trust.ca };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const nobody = await anonymous(t, relay);
  const lines: string[] = [];
  let address = '';
  for await (const line of createInterface(child.stdout)) {
    const link = /^Write to me: (lethe:.*)$/.exec(line)?.[1];
    if (link) {
      address = installed.parseLink(link).address;
      await nobody.sendText(link, 'hello');
    } else if (lines.push(line) === 2) break;
  }
  assert.deepEqual(lines, ['Somebody wrote: hello', `${address} wrote: Remember: hello`]);
});

test('docs/api.md is what the sources say, and every public name is documented', () => {
  const directory = temporaryDirectory();
  execFileSync(process.execPath, [join(root, 'node_modules/typedoc/bin/typedoc'), '--out', directory], { cwd: root, stdio: 'pipe' });
  assert.deepEqual(readdirSync(directory), ['api.md']);
  const current = readFileSync(join(directory, 'api.md'), 'utf8') === readFileSync(join(root, 'docs/api.md'), 'utf8');
  assert.ok(current, 'docs/api.md is out of date: npm run docs');
});

test('The lock file names no place to download from', () => {
  assert.doesNotMatch(readFileSync(join(root, 'package-lock.json'), 'utf8'), /"resolved"|registry/);
});

test('Files and lines are short', () => {
  for (const folder of ['src', 'test', 'test/support', 'tools']) {
    for (const name of readdirSync(join(root, folder)).filter((one) => /\.(ts|mjs)$/.test(one))) {
      const lines = readFileSync(join(root, folder, name), 'utf8').split('\n');
      assert.ok(lines.length <= 400, `${name} has ${lines.length} lines`);
      assert.ok(lines.every((line) => line.length <= 140), `${name} has a line that is too long`);
    }
  }
});

// What a page has and this bundle may use: no require, no process, no eval.
async function loadBundle(): Promise<typeof installed> {
  const page: Record<string, unknown> = {
    WebSocket, crypto: globalThis.crypto, TextEncoder, TextDecoder, URL, Blob, AbortController, AbortSignal, performance, queueMicrotask,
    setTimeout, clearTimeout, console,
  };
  page['window'] = page['self'] = page;
  const context = createContext(page, { codeGeneration: { strings: false, wasm: true } });
  const path = join(root, 'dist/lethe-client.browser.js');
  const bundle = new SourceTextModule(readFileSync(path, 'utf8'), {
    context, initializeImportMeta: (meta) => Object.assign(meta, { url: 'https://page.example/lethe-client.browser.js' }),
  });
  await bundle.link((specifier: string) => {
    throw new Error(`the bundle loads ${specifier}`);
  });
  await bundle.evaluate();
  return bundle.namespace as typeof installed;
}

test('The browser bundle loads nothing, evaluates nothing, and sends what the package reads', async (t) => {
  const relay = await forTest(t, Relay.start({ plain: true }));
  const url = `ws://127.0.0.1:${relay.port}?name=localhost`;
  const bundle = await loadBundle();
  assert.deepEqual(Object.keys(bundle).sort(), Object.keys(installed).sort());
  const ada = await newDevice(t, relay, { url, ca: undefined as never });
  const page = await bundle.Lethe.connect(url, { identity: await bundle.Identity.generate(), ...quick });
  t.after(() => page.close());
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const sent = await page.sendText(link, 'from a page', { receipt: true });
  assert.deepEqual(await nextTexts(ada, 1), ['from a page']);
  assert.equal(await sent.delivered, 'delivered');
  await ada.sendText((await page.makeInvite({ expiresIn: 600 })).link, 'to a page');
  for await (const message of page.messages()) {
    assert.equal(message.text, 'to a page');
    break;
  }
});

test('What npm would pack is the built package and nothing else', async () => {
  const npm = spawn('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  npm.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(npm, 'close');
  const [packed] = JSON.parse(Buffer.concat(chunks).toString()) as [{ files: { path: string }[] }];
  const paths = packed.files.map(({ path }) => path);
  assert.ok(paths.includes('dist/index.d.ts') && paths.includes('dist/lethe-client.browser.js') && paths.includes('README.md'));
  assert.deepEqual(paths.filter((path) => !/^(dist\/|README\.md$|package\.json$)/.test(path)), []);
});
