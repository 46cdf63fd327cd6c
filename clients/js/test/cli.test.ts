import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatLink, mintInvite, parseLink } from 'lethe-client';
import { cliKey, listen, runCli } from './support/cli.js';
import { anonymous, forTest, newDevice } from './support/device.js';
import { Relay, temporaryDirectory } from './support/relay.js';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('lethe-cli reads texts and files of this package', async (t) => {
  const relay = await forTest(t, Relay.start());
  const key = await cliKey(t);
  const directory = temporaryDirectory();
  const bob = await newDevice(t, relay);
  const listening = await listen(t, relay, key.file, 3, directory);
  const link = (await runCli(t, ['invite', '--key', key.file, '--relay', relay.url])).trim();
  assert.equal(parseLink(link).address, key.identity.address);
  const file = randomBytes(200_000);
  await bob.sendText(link, 'grüße, wörld');
  await bob.sendText(link, 'unsigned', { sign: false });
  const sent = await bob.sendFile(link, 'holiday.zip', file, { receipt: true });
  assert.ok(sent.ids.length > 1);
  assert.deepEqual(await listening.done, [`${bob.address} grüße, wörld`, '- unsigned']);
  assert.equal(await sent.delivered, 'delivered');
  assert.equal(sha256(readFileSync(join(directory, 'holiday.zip'))), sha256(file));
});

test('This package reads texts and files of lethe-cli, sent with an invite and a link of its own', async (t) => {
  const relay = await forTest(t, Relay.start());
  const key = await cliKey(t);
  const ada = await newDevice(t, relay);
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const content = randomBytes(200_000);
  const path = join(temporaryDirectory(), 'photo.jpg');
  writeFileSync(path, content);
  const common = ['--ca', relay.caFile, '--key', key.file];
  await runCli(t, ['send', link, ...common], 'see you at eight');
  await runCli(t, ['send', link, path, ...common]);
  const got: unknown[] = [];
  for await (const { kind, name, sender, bytes } of ada.messages()) {
    got.push({ kind, name, sender, hash: sha256(bytes) });
    if (got.length === 2) break;
  }
  const sender = key.identity.address;
  assert.deepEqual(got, [
    { kind: 'text', name: '', sender, hash: sha256(Buffer.from('see you at eight')) },
    { kind: 'file', name: 'photo.jpg', sender, hash: sha256(content) },
  ]);
});

test('lethe-cli sends anonymously with an invite of this package', async (t) => {
  const relay = await forTest(t, Relay.start());
  const ada = await newDevice(t, relay);
  const { link } = await ada.makeInvite({ expiresIn: 600, anonymous: true });
  await runCli(t, ['send', link, '--anonymous', '--ca', relay.caFile, '--key', (await cliKey(t)).file, '--text', 'guess who']);
  for await (const message of ada.messages()) {
    assert.equal(message.text, 'guess who');
    break;
  }
});

test('An identity of lethe-cli is the same device here, and its exported text is a key file', async (t) => {
  const relay = await forTest(t, Relay.start());
  const { file, identity } = await cliKey(t);
  assert.equal((await runCli(t, ['address', '--key', file])).trim(), identity.address);
  assert.equal(identity.export(), readFileSync(file, 'utf8'));
  const ada = await newDevice(t, relay, { identity });
  const nobody = await anonymous(t, relay);
  const invite = await mintInvite(identity, { expires: Math.floor(Date.now() / 1_000) + 600, anonymous: true });
  await nobody.sendText(formatLink({ host: 'localhost', port: 1, address: identity.address, invite }), 'to the same device');
  for await (const message of ada.messages()) {
    assert.equal(message.text, 'to the same device');
    break;
  }
});
