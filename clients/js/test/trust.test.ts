import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Identity, Lethe, systemClock } from 'lethe-client';
import { forTest, newDevice, nextTexts, quick } from './support/device.js';
import { Relay, temporaryDirectory } from './support/relay.js';

test('A development certificate is trusted by its pin, in either spelling, and by nothing else', async (t) => {
  const relay = await forTest(t, Relay.start({ development: true }));
  assert.match(relay.fingerprint, /^[0-9a-f]{64}$/);
  const identity = await Identity.generate();
  const lethe = await Lethe.connect(relay.url, { identity, pin: relay.fingerprint });
  const { link } = await lethe.makeInvite({ expiresIn: 600 });
  await lethe.close();
  assert.match(link, /\?pin=[\w-]{43}&name=localhost#/);
  const again = await Lethe.connect(link, { identity }); // the link brings the pin along
  await again.close();
  await assert.rejects(Lethe.connect(relay.url, { identity }), { code: 'untrusted_certificate' });
  await assert.rejects(Lethe.connect(relay.url, { identity, ...relay.trust }), { code: 'untrusted_certificate' });
  await assert.rejects(Lethe.connect(relay.url, { identity, pin: '00'.repeat(32) }), { code: 'pin_mismatch' });
  await assert.rejects(Lethe.connect(link, { identity, ignorePin: true }), { code: 'untrusted_certificate' });
});

test('A certificate for another host is not trusted', async (t) => {
  const relay = await forTest(t, Relay.start());
  const wrong = `127.0.0.2:${relay.port}?name=localhost`;
  const other = await forTest(t, Relay.start({ options: ['--listen=127.0.0.2:0'] }));
  await assert.rejects(Lethe.connect(wrong.replace(String(relay.port), String(other.port)), relay.trust), {
    code: 'untrusted_certificate',
  });
});

test('A relay that calls itself by another name is refused', async (t) => {
  const relay = await forTest(t, Relay.start());
  await assert.rejects(Lethe.connect(`127.0.0.1:${relay.port}`, relay.trust), { code: 'wrong_relay' });
  await assert.rejects(Lethe.connect(relay.url, { ...relay.trust, relayName: 'relay.example' }), { code: 'wrong_relay' });
});

test('A session bound to its TLS connection is taken where the relay requires it', async (t) => {
  const relay = await forTest(t, Relay.start({ options: ['--tls.require_exporter=true'] }));
  const identity = await Identity.generate();
  await assert.rejects(Lethe.connect(relay.url, { ...relay.trust, identity }), { code: 'unauthenticated' });
  const bound = await Lethe.connect(relay.url, { ...relay.trust, identity, bindToTls: true });
  assert.equal(bound.state, 'online');
  await bound.close();
});

test('A relay that asks for the operator\'s token takes a device with one, and no other', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const file = join(temporaryDirectory(), 'operator.pem');
  writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
  const relay = await forTest(t, Relay.start({ options: ['--admission.mode=jwt', `--admission.key_file=${file}`] }));
  const identity = await Identity.generate();
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: identity.address, exp: now + 600 };
  const signed = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part(claims)}`;
  const admission = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  const admitted = await Lethe.connect(relay.url, { ...relay.trust, identity, admission });
  await admitted.close();
  await assert.rejects(Lethe.connect(relay.url, { ...relay.trust, identity }), { code: 'unauthenticated' });
});

test('A relay without TLS is spoken to only where that is asked for', async (t) => {
  const relay = await forTest(t, Relay.start({ plain: true }));
  const plain = await Lethe.connect(`ws://127.0.0.1:${relay.port}`, { relayName: 'localhost' });
  await plain.close();
  await assert.rejects(Lethe.connect(relay.url, { reconnect: false }), { code: 'connection_lost' });
});

test('A WebSocket of the application is used, as a browser would have it', async (t) => {
  const relay = await forTest(t, Relay.start({ plain: true }));
  const { WebSocket } = await import('ws');
  const webSocket = (url: string, subprotocol: string) => new WebSocket(url, subprotocol) as unknown as globalThis.WebSocket;
  const url = `ws://127.0.0.1:${relay.port}?name=localhost`;
  const [ada, bob] = [
    await newDevice(t, relay, { url, webSocket, ca: undefined as never, ...quick }),
    await newDevice(t, relay, { url, webSocket, ca: undefined as never, encoding: 'json', ...quick }),
  ];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  await bob.sendText(link, 'as in a browser');
  assert.deepEqual(await nextTexts(ada, 1), ['as in a browser']);
  assert.throws(() => new Lethe(url, { webSocket, pin: '00'.repeat(32) }), { code: 'pin_unsupported' });
});

for (const off of [-3_600_000, 3_600_000]) {
  test(`A device whose clock is off by ${off / 1_000} s mints invites by the relay's clock`, async (t) => {
    const relay = await forTest(t, Relay.start());
    const clock = { ...systemClock, now: () => Date.now() + off, monotonic: () => performance.now() + off };
    const ada = await newDevice(t, relay, { clock });
    const bob = await newDevice(t, relay, { clock });
    const { link } = await ada.makeInvite({ expiresIn: 1_800 });
    await bob.sendText(link, 'in time');
    assert.deepEqual(await nextTexts(ada, 1), ['in time']);
    const over = await ada.makeInvite({ expiresIn: -1_800 });
    await assert.rejects(bob.sendText(over.link, 'too late'), { code: 'invite_expired' });
  });
}
