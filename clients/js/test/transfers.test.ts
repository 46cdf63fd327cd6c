import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Identity, IdentityStore, IndexedDbTransfers, MemoryTransfers, openSealed } from 'lethe-client';
import type { Part, TransferStore } from 'lethe-client';
import { Deliveries } from '../dist/deliveries.js';
import { Inbox } from '../dist/inbox.js';
import type { Delivery } from '../dist/messages.js';
import { Outgoing } from '../dist/outgoing.js';
import { SeenIds } from '../dist/seen_ids.js';

async function partsOf(content: Uint8Array, name = 'a.bin'): Promise<Part[]> {
  const key = await Identity.generate();
  const outgoing = await Outgoing.of(content, name, 1_024);
  const parts: Part[] = [];
  for (let next = await outgoing.next(key.address, undefined); next; next = await outgoing.next(key.address, undefined)) {
    parts.push(await openSealed(next, key));
  }
  return parts;
}

let databases = 0;
const stores: [string, () => Promise<TransferStore>][] = [
  ['memory', () => Promise.resolve(new MemoryTransfers())],
  ['IndexedDB', () => IndexedDbTransfers.open(`transfers-${++databases}`)],
];

for (const [name, open] of stores) {
  test(`In ${name} a file is put together from parts in any order, some of them twice`, async () => {
    const inbox = new Inbox(await open(), 1_000_000);
    const content = Uint8Array.from({ length: 2_500 }, (_, index) => index & 0xff);
    const parts = await partsOf(content);
    assert.equal(parts.length, 4);
    const [first, second, third, last] = parts as [Part, Part, Part, Part];
    assert.deepEqual(await inbox.accept(third), { status: 'stored' });
    assert.deepEqual(await inbox.accept(first), { status: 'stored' });
    assert.deepEqual(await inbox.accept(third), { status: 'duplicate' });
    assert.deepEqual(await inbox.accept(last), { status: 'stored' });
    assert.deepEqual(await inbox.accept(second), { status: 'whole', content });
    // Not finished yet, as when the application failed: the last part brings the file again.
    assert.deepEqual(await inbox.accept(second), { status: 'whole', content });
    assert.equal(await inbox.isFinished(first.transfer), false);
    await inbox.finish(first.transfer);
    assert.equal(await inbox.isFinished(first.transfer), true);
  });

  test(`In ${name} parts that do not belong together are refused`, async () => {
    const store = await open();
    const inbox = new Inbox(store, 4_000);
    const [first, second] = (await partsOf(new Uint8Array(1_500).fill(7))) as [Part, Part];
    await inbox.accept(first);
    for (const change of [{ name: 'b' }, { total: 1_600 }, { count: 3 }, { sender: 'x' }, { hash: new Uint8Array(32) }]) {
      assert.deepEqual(await inbox.accept({ ...second, ...change }), { status: 'rejected', reason: 'bad_contents' });
    }
    assert.deepEqual(await inbox.accept({ ...second, bytes: new Uint8Array(0) }), { status: 'rejected', reason: 'bad_contents' });
    assert.deepEqual(await inbox.accept({ ...second, total: 4_001 }), { status: 'rejected', reason: 'too_large' });
    const forged = { ...second, bytes: new Uint8Array(second.bytes.length).fill(8) };
    assert.deepEqual(await inbox.accept(forged), { status: 'rejected', reason: 'bad_contents' });
    assert.equal(await store.count(), 0); // the hash was wrong: all of it is gone
  });

  test(`In ${name} a stranger can not begin files without end`, async () => {
    const inbox = new Inbox(await open(), 4_000);
    const verdicts: string[] = [];
    const [part] = (await partsOf(new Uint8Array(1_500))) as [Part];
    for (let begun = 0; begun < 65; ++begun) verdicts.push((await inbox.accept({ ...part, transfer: `${begun}` })).status);
    assert.deepEqual([...new Set(verdicts.slice(0, 64)), verdicts[64]], ['stored', 'rejected']);
  });
}

test('Unfinished files and finished transfers outlive the page', async () => {
  const [first, second] = (await partsOf(new Uint8Array(1_500).fill(7))) as [Part, Part];
  const before = await IndexedDbTransfers.open('outlives');
  await new Inbox(before, 4_000).accept(first);
  before.close();
  const after = new Inbox(await IndexedDbTransfers.open('outlives'), 4_000);
  assert.equal((await after.accept(second)).status, 'whole');
  await after.finish(first.transfer);
  assert.equal(await new Inbox(await IndexedDbTransfers.open('outlives'), 4_000).isFinished(first.transfer), true);
});

test('Identities are kept in IndexedDB by name', async () => {
  const store = await IdentityStore.open();
  assert.equal(await store.load('me'), undefined);
  const made = await store.loadOrGenerate('me');
  store.close();
  const again = await IdentityStore.open();
  assert.equal((await again.load('me'))?.address, made.address);
  assert.equal((await again.loadOrGenerate('me')).export(), made.export());
  await again.remove('me');
  assert.equal(await again.load('me'), undefined);
});

function delivery(id: string): Delivery {
  return { type: 'deliver', seq: 1, id, received: 0, expires: 0, redelivered: false, payload: Uint8Array.of(1) };
}

test('Messages are handled one after the other, and the bytes of each are overwritten', async () => {
  const order: string[] = [];
  const release: (() => void)[] = [];
  const deliveries = new Deliveries(new SeenIds(8), ({ id }) => {
    order.push(`begin ${id}`);
    return new Promise((resolve) => release.push(resolve));
  }, () => assert.fail());
  const [first, second] = [delivery('a'), delivery('b')];
  const acknowledged = (id: string) => (): void => void order.push(`ack ${id}`);
  deliveries.push(first, acknowledged('a'));
  const done = new Promise<void>((resolve) => deliveries.push(second, () => {
    acknowledged('b')();
    resolve();
  }));
  deliveries.push(delivery('a'), acknowledged('a again'));
  assert.deepEqual(order, ['begin a']);
  release[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  release[1]?.();
  await done;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(order, ['begin a', 'ack a', 'begin b', 'ack b', 'ack a again']);
  assert.deepEqual([first.payload, second.payload], [Uint8Array.of(0), Uint8Array.of(0)]);
});
