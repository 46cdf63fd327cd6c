import assert from 'node:assert/strict';
import { test } from 'node:test';
import sodium from 'libsodium-wrappers-sumo';
import { Identity, openSealed, partCapacity, seal, sealedSizes, toBase64url } from 'lethe-client';
import type { Part } from 'lethe-client';
import { nameInPart, Outgoing } from '../dist/outgoing.js';
import { Sodium } from '../dist/sodium.js';
import { hex, keyOf, unhex } from './support/vectors.js';

// docs/sealed-format.md: the text «hello» from bob to alice, transfer 10…1f, made by another program.
const plain = `01010100101112131415161718191a1b1c1d1e1f0000000000000001000000000000000000000000000000052cf24dba
5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b98240000000529acbae141bccaf0b22e1a94d34d0bc7
361e526d0bfe12c89794bc9322966dd7e1fd2553195d35e805e716ad79b80b133ddeb1bde9010ea6250caddb322f0936
fde2097a10b92b6aac0b053e01856587515ecca81a2509f95a422b372554670b68656c6c6f`;
const payload = `fbb6dccefef5e63dd9ca79fbe64d64c14fd9b0801590e44b226a91f37aa5f62866b9a4257a30cdb87c4d691c1a092ae1
e606cbbf0862994094c499886b7c29b85afe56b9ffe6658f48c2d1031ebe891ff20e7cd60ea730552c1714b6e94b8e82
1043086a1acb1074a1f2a19ee0f2598a80bb8571840fe86836f0a8d5850a58896bcb1e668e69a7e8e29c59593bb5c057
441614be2bb91877232c50fc5676e5970c71cb5fac7ce4f2ddf57535f8a875ef56e5c1f44e603ba7c60fb7ca1d2ebf89
11114e1d6dc0ede1ebed5281afb177e6d0da893667cd03155ef3b6a4680d3783191ba863bea5fbf79ced122be5f245b6
f2c58c61198887c9f51295d216ae19b2`;

async function textPart(size: number): Promise<Part> {
  const bytes = new Uint8Array(size).fill(0x61);
  const hash = (await Sodium.ready()).sha256();
  hash.update(bytes);
  const transfer = toBase64url(unhex('101112131415161718191a1b1c1d1e1f'));
  return { kind: 'text', transfer, index: 0, count: 1, offset: 0, total: size, hash: hash.final(), name: '', bytes };
}

test('The documented payload opens to the documented text', async () => {
  const [alice, bob] = [await keyOf('alice'), await keyOf('bob')];
  const part = await openSealed(unhex(payload), alice);
  assert.deepEqual({ ...part, bytes: Buffer.from(part.bytes).toString(), hash: hex(part.hash) }, {
    kind: 'text', transfer: 'EBESExQVFhcYGRobHB0eHw', index: 0, count: 1, offset: 0, total: 5, name: '', bytes: 'hello',
    hash: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', sender: bob.address,
  });
  await assert.rejects(openSealed(unhex(payload), bob), { code: 'not_sealed_for_us' });
});

test('What is sealed has the documented plaintext', async () => {
  const [alice, bob] = [await keyOf('alice'), await keyOf('bob')];
  const part = { ...(await textPart(5)), bytes: Buffer.from('hello') };
  part.hash = unhex('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  const opened = await alice.openBox(await seal(part, alice.address, bob));
  assert.equal(hex(opened as Uint8Array), unhex(plain).length * 2 <= 416 ? hex(unhex(plain)).padEnd(416, '0') : '');
  assert.equal(part.bytes.toString(), 'hello'); // the caller's bytes stay
});

test('Every payload has one of five lengths, the smallest that fits', async () => {
  const alice = await keyOf('alice');
  const sizeOf = async (content: number, limit?: number): Promise<number> =>
    (await seal(await textPart(content), alice.address, undefined, limit)).length;
  assert.equal(await sizeOf(0), 256);
  for (const [index, size] of sealedSizes.entries()) {
    const room = size - 224;
    assert.equal(partCapacity(size, 0), room);
    assert.equal(await sizeOf(room), size);
    const next = sealedSizes[index + 1];
    if (next !== undefined) assert.equal(await sizeOf(room + 1), next);
  }
  await assert.rejects(sizeOf(65_536 - 223), { code: 'too_large' });
  await assert.rejects(sizeOf(801, 4_095), { code: 'too_large' });
  assert.equal(partCapacity(255, 0), 0);
  assert.equal(partCapacity(65_536, 10), 65_302);
});

test('Parts that break the format are refused', async () => {
  const alice = await keyOf('alice');
  const sound = await textPart(10);
  const broken: [string, Partial<Part>][] = [
    ['index beyond the count', { kind: 'file', index: 2, count: 2 }], ['no parts', { kind: 'file', count: 0 }],
    ['a text of two parts', { count: 2 }], ['bytes beyond the whole', { kind: 'file', count: 2, offset: 1 }],
    ['a single part that is not the whole', { kind: 'file', total: 11 }],
  ];
  for (const [what, change] of broken) {
    await assert.rejects(openSealed(await seal({ ...sound, ...change }, alice.address), alice), { code: 'bad_contents' }, what);
  }
  const key = (await Sodium.ready()).boxKey(unhex('03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8')) as Uint8Array;
  const resealed = async (at: number, value: number): Promise<Uint8Array> => {
    const bytes = (await alice.openBox(await seal(sound, alice.address, alice))) as Uint8Array;
    bytes[at] = value;
    return (await Sodium.ready()).seal(bytes, key);
  };
  for (const [at, value] of [[0, 2], [1, 0], [1, 3], [2, 3], [207, 1], [76, 255]] as const) {
    await assert.rejects(openSealed(await resealed(at, value), alice), { code: 'bad_contents' }, `byte ${at}`);
  }
  for (const at of [80, 112, 176, 4]) {
    await assert.rejects(openSealed(await resealed(at, 0x99), alice), { code: 'bad_signature' }, `byte ${at}`);
  }
});

test('A signed part can not be passed on as sent to somebody else', async () => {
  const [alice, bob] = [await keyOf('alice'), await keyOf('bob')];
  const bytes = (await alice.openBox(await seal(await textPart(3), alice.address, bob))) as Uint8Array;
  const sodiumReady = await Sodium.ready();
  const carol = await Identity.generate();
  const key = sodiumReady.boxKey(Buffer.from(carol.address, 'base64url')) as Uint8Array;
  await assert.rejects(openSealed(sodiumReady.seal(bytes, key), carol), { code: 'bad_signature' });
});

test('Addresses of small order are refused', async () => {
  await assert.rejects(seal(await textPart(1), toBase64url(new Uint8Array(32))), { code: 'bad_key' });
  await assert.rejects(seal(await textPart(1), 'short'), { code: 'bad_key' });
});

test('Neither keys nor plaintext stay in the memory of libsodium', async () => {
  const needle = 'a text that would be found again';
  const identity = await Identity.generate();
  const content = Buffer.from(needle.repeat(20));
  const outgoing = await Outgoing.of(content, undefined, 65_536);
  const part = await openSealed((await outgoing.next(identity.address, identity)) as Uint8Array, identity);
  assert.equal(Buffer.from(part.bytes).toString(), needle.repeat(20));
  await (await Identity.fromSeed(identity.seed(), {} as SubtleCrypto)).sign(content);
  const heap = Buffer.from((sodium as unknown as { libsodium: { HEAPU8: Uint8Array } }).libsodium.HEAPU8.buffer);
  assert.equal(heap.includes(needle), false);
  assert.equal(heap.includes(Buffer.from(identity.seed())), false);
});

test('A file keeps the last step of its path, cut at a character', () => {
  assert.equal(nameInPart('/home/ada/photo.jpg'), 'photo.jpg');
  assert.equal(nameInPart('C:\\photos\\photo.jpg'), 'photo.jpg');
  assert.equal(nameInPart('ü'.repeat(200)), 'ü'.repeat(127));
});

test('A file is cut by the limit of the relay, and content that was given stays as it is', async () => {
  const alice = await keyOf('alice');
  const content = Buffer.alloc(5_000, 'content');
  for (const given of [content, new Blob([content])]) {
    const outgoing = await Outgoing.of(given, 'a.txt', 1_024);
    assert.equal(outgoing.count, Math.ceil(5_000 / (1_024 - 224 - 5)));
    const whole = Buffer.alloc(5_000);
    for (let next = await outgoing.next(alice.address, alice); next; next = await outgoing.next(alice.address, alice)) {
      assert.equal(next.length, 1_024);
      const part = await openSealed(next, alice);
      whole.set(part.bytes, part.offset);
    }
    assert.ok(whole.equals(Buffer.alloc(5_000, 'content')));
  }
  assert.ok(content.equals(Buffer.alloc(5_000, 'content')));
  await assert.rejects(Outgoing.of(content, undefined, 1_024), { code: 'too_large' });
});
