import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatLink, fromBase64url, Identity, isInviteOf, mintInvite, parseFingerprint, parseLink, parseRelay, readInvite, toBase64url,
  verifySignature,
} from 'lethe-client';
import { isNameOf } from '../dist/link.js';
import { authBytes } from '../dist/identity.js';
import { recipientOf } from '../dist/recipients.js';
import { hex, keyOf, unhex, vectors } from './support/vectors.js';

test('base64url has one text for each value', () => {
  for (const size of [0, 1, 2, 3, 32, 92]) {
    const bytes = Uint8Array.from({ length: size }, (_, index) => 255 - index);
    assert.equal(toBase64url(bytes), Buffer.from(bytes).toString('base64url'));
    assert.deepEqual(fromBase64url(toBase64url(bytes)), bytes);
  }
  for (const text of ['A', 'AB', 'YQ==', 'Y Q', 'a+b_', 'AAB/', 'ABCDE']) assert.equal(fromBase64url(text), undefined, text);
  assert.equal(fromBase64url('AQIDBAUGBwg', 9), undefined);
});

for (const [maker, subtle] of [['WebCrypto, where there is one', undefined], ['libsodium', null]] as const) {
  test(`Signatures of ${maker} are those of the test vectors`, async () => {
    for (const { device, relay, nonce, exporter, signed, signature } of vectors.auth) {
      const key = await keyOf(device, subtle);
      assert.equal(key.address, vectors.keys[device].address);
      const message = authBytes(relay, unhex(nonce), exporter === undefined ? undefined : unhex(exporter));
      assert.equal(hex(message), signed);
      assert.equal(hex(await key.sign(message)), signature);
      assert.equal(await verifySignature(key.address, message, unhex(signature)), true);
      message[0] = 0;
      assert.equal(await verifySignature(key.address, message, unhex(signature)), false);
    }
  });
}

test('A key of small order verifies nothing', async () => {
  const zero = toBase64url(new Uint8Array(32));
  const signature = new Uint8Array(64);
  assert.equal(await verifySignature(zero, Uint8Array.of(1), signature), false);
});

test('A key is exported and imported as one line, and the seed that was given stays the caller\'s', async () => {
  const seed = Buffer.from(unhex(vectors.keys.alice.seed)); // a Buffer, whose slice() is a view
  const key = await Identity.fromSeed(seed);
  assert.equal(key.export(), `lethe-key-1 ${toBase64url(seed)}\n`);
  assert.equal((await Identity.import(key.export())).address, key.address);
  key.wipe();
  assert.equal(hex(seed), vectors.keys.alice.seed);
  for (const text of ['', 'lethe-key-1 short', 'lethe-key-2 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8']) {
    await assert.rejects(Identity.import(text), { code: 'bad_key' });
  }
  await assert.rejects(Identity.fromSeed(new Uint8Array(31)), { code: 'bad_key' });
  assert.notEqual((await Identity.generate()).address, (await Identity.generate()).address);
});

test('Invites are those of the test vectors', async () => {
  for (const vector of vectors.invites) {
    const owner = await keyOf(vector.recipient);
    const terms = {
      anonymous: (vector.flags & 1) !== 0, thisEpochOnly: (vector.flags & 2) !== 0, generation: vector.generation,
      expires: vector.expires, maxTtl: vector.max_ttl, rate: vector.rate, label: toBase64url(unhex(vector.label)),
    };
    const invite = await mintInvite(owner, terms);
    assert.equal(hex(invite), vector.bytes);
    assert.deepEqual(readInvite(invite), terms);
    assert.equal(await isInviteOf(owner.address, invite), true);
    assert.equal(await isInviteOf(vectors.keys.alice.address, invite), false);
    for (const at of [0, 1]) {
      const other = invite.slice();
      other[at] = 0xff;
      assert.throws(() => readInvite(other), { code: 'bad_invite' });
    }
    assert.throws(() => readInvite(invite.subarray(1)), { code: 'bad_invite' });
  }
});

test('Links are read and written as lethe-cli does', () => {
  const { address } = vectors.keys.alice;
  const invite = fromBase64url(vectors.invites[0]?.text as string) as Uint8Array;
  const pin = Uint8Array.from({ length: 32 }, (_, index) => index);
  const link = { host: 'relay.example', port: 7443, address, invite, pin, relayName: 'other.example' };
  const parameters = 'pin=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&name=other.example';
  const text = `lethe://relay.example:7443/${address}?${parameters}#${toBase64url(invite)}`;
  assert.equal(formatLink(link), text);
  assert.deepEqual(parseLink(text), link);
  assert.deepEqual(parseLink(`lethe://[::1]:7443/${address}?later=1`), { host: '::1', port: 7443, address });
  assert.equal(formatLink({ host: '::1', port: 7443, address }), `lethe://[::1]:7443/${address}`);
  assert.equal(parseLink(`lethe://h/${address}`).port, 443);
  for (const bad of [`https://h/${address}`, 'lethe://h/', `lethe:///${address}`, `lethe://h:0/${address}`, `lethe://h:65536/${address}`,
    `lethe://h h/${address}`, `lethe://h/${address}?pin=AA`,
    `lethe://h/${address}?name=`, `lethe://h/${address}#AAAA`, `lethe://a:1:2/${address}`]) {
    assert.throws(() => parseLink(bad), { code: 'bad_link' }, bad);
  }
});

test('A relay is named by host, by URL or by a link', () => {
  const { address } = vectors.keys.alice;
  assert.deepEqual(parseRelay('relay.example'), { host: 'relay.example', port: 443 });
  assert.deepEqual(parseRelay('[::1]:7443'), { host: '::1', port: 7443 });
  assert.deepEqual(parseRelay('wss://relay.example/v1'), { host: 'relay.example', port: 443 });
  assert.deepEqual(parseRelay('ws://127.0.0.1:80?name=localhost'), { host: '127.0.0.1', port: 80, relayName: 'localhost', plain: true });
  assert.deepEqual(parseRelay(`lethe://relay.example:7443/${address}#AAAA`), { host: 'relay.example', port: 7443 });
  for (const bad of ['', 'https://relay.example', 'a:b', 'a b']) assert.throws(() => parseRelay(bad), { code: 'bad_link' }, bad);
});

test('A relay is known by its host, its host and port, or the name agreed on', () => {
  assert.equal(isNameOf({ host: 'relay.example', port: 1 }, 'Relay.Example'), true);
  assert.equal(isNameOf({ host: 'relay.example', port: 1 }, 'relay.example:1'), true);
  assert.equal(isNameOf({ host: 'relay.example', port: 1, relayName: 'other' }, 'relay.example'), false);
  assert.throws(() => recipientOf(`lethe://a/${vectors.keys.bob.address}`, 'b'), { code: 'wrong_relay' });
  assert.deepEqual(recipientOf(`lethe://a/${vectors.keys.bob.address}`, 'a'), { device: vectors.keys.bob.address });
  assert.deepEqual(recipientOf(vectors.keys.bob.address, 'b'), { device: vectors.keys.bob.address });
});

test('Fingerprints are hex, with colons or without, or base64url', () => {
  const pin = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
  assert.deepEqual(parseFingerprint(hex(pin)), pin);
  assert.deepEqual(parseFingerprint((hex(pin).toUpperCase().match(/../g) ?? []).join(':')), pin);
  assert.deepEqual(parseFingerprint(toBase64url(pin)), pin);
  for (const bad of ['', hex(pin).slice(2), 'zz'.repeat(32)]) assert.throws(() => parseFingerprint(bad), { code: 'bad_link' });
});
