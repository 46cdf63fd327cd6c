import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Client, Identity } from 'lethe-client';
import type { Encoding } from 'lethe-client';
import { forTest, newDevice, nextEvent, nextTexts, quick } from './support/device.js';
import { Proxy } from './support/proxy.js';
import { Relay } from './support/relay.js';

async function proxied(t: TestContext, relay: Relay): Promise<Proxy> {
  const proxy = await Proxy.start(() => relay.port);
  t.after(() => proxy.close());
  return proxy;
}

for (const encoding of ['binary', 'json'] as Encoding[]) {
  test(`A ${encoding} send whose answer got lost is sent again with its id, and stored once`, async (t) => {
    const relay = await forTest(t, Relay.start());
    const proxy = await proxied(t, relay);
    const ada = await newDevice(t, relay);
    const bob = await newDevice(t, relay, { url: proxy.url, encoding });
    const { link } = await ada.makeInvite({ expiresIn: 600 });
    const swallowed = proxy.swallow();
    const sending = bob.sendText(link, 'once', { receipt: true });
    await swallowed; // the relay has it, and bob doesn't know
    proxy.cut();
    const sent = await sending;
    await bob.sendText(link, 'afterwards');
    assert.deepEqual(await nextTexts(ada, 2), ['once', 'afterwards']);
    assert.equal(await sent.delivered, 'delivered');
  });

  test(`A message whose acknowledgement got lost in a ${encoding} session is not given out again`, async (t) => {
    const relay = await forTest(t, Relay.start());
    const proxy = await proxied(t, relay);
    const ada = await newDevice(t, relay, { url: proxy.url, encoding });
    const bob = await newDevice(t, relay);
    const { link } = await ada.makeInvite({ expiresIn: 600 });
    const got: string[] = [];
    let redelivered = 0;
    let sent;
    const first = new Promise<void>((resolve) => {
      ada.onMessage((message) => {
        got.push(message.text);
        // The handler is done, but the connection is not there any more.
        if (message.text === 'one') proxy.cut();
        resolve();
      });
    });
    ada.on('ready', ({ queued }) => (redelivered += queued));
    sent = await bob.sendText(link, 'one', { receipt: true });
    await first;
    assert.equal(await sent.delivered, 'delivered');
    sent = await bob.sendText(link, 'two', { receipt: true });
    assert.equal(await sent.delivered, 'delivered');
    assert.equal(redelivered, 1);
    assert.deepEqual(got, ['one', 'two']);
  });
}

test('A message that is being handled when the connection is lost is acknowledged in the next one', async (t) => {
  const relay = await forTest(t, Relay.start());
  const proxy = await proxied(t, relay);
  const ada = await newDevice(t, relay, { url: proxy.url });
  const bob = await newDevice(t, relay);
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const got: string[] = [];
  const begun = new Promise<void>((resolve) => {
    ada.onMessage(async (message) => {
      got.push(message.text);
      resolve();
      await finished;
    });
  });
  const sent = await bob.sendText(link, 'slowly', { receipt: true });
  await begun;
  const again = nextEvent(ada, 'caughtUp');
  proxy.cut();
  await again; // it was delivered a second time
  assert.equal(bob.client.outbox.messages, 1);
  finish();
  assert.equal(await sent.delivered, 'delivered');
  assert.deepEqual(got, ['slowly']);
});

test('A connection that is silent for too long is given up, and made again', async (t) => {
  const relay = await forTest(t, Relay.start());
  const proxy = await proxied(t, relay);
  const ada = await newDevice(t, relay, { url: proxy.url, idle: 300 });
  const waiting = nextEvent(ada, 'state', ({ state }) => state === 'waiting');
  await proxy.swallow(); // the relay's answer to a ping
  assert.equal((await waiting).error?.code, 'connection_lost');
  const online = nextEvent(ada, 'state', ({ state }) => state === 'online');
  proxy.cut(); // and hears again
  await online;
});

test('A payload is handled once, although its acknowledgement got lost', async (t) => {
  const relay = await forTest(t, Relay.start());
  const proxy = await proxied(t, relay);
  const identity = await Identity.generate();
  const got: number[] = [];
  const ada = new Client(proxy.url, { identity, ...relay.trust, ...quick, mailbox: { senders: 'anyone' } }, ({ payload }) => {
    if (got.push(payload[0] as number) === 1) proxy.cut();
  });
  t.after(() => ada.close());
  await ada.connected();
  const bob = await newDevice(t, relay);
  for (const number of [1, 2]) {
    const receipt = nextEvent(bob, 'receipt');
    await bob.client.send({ to: [{ device: identity.address }], payload: Uint8Array.of(number), receipt: true });
    assert.equal((await receipt).status, 'delivered');
  }
  assert.deepEqual(got, [1, 2]);
});

test('A file arrives although the network is cut while it travels', async (t) => {
  const relay = await forTest(t, Relay.start());
  const proxy = await proxied(t, relay);
  const ada = await newDevice(t, relay, { url: proxy.url });
  const bob = await newDevice(t, relay, { url: proxy.url });
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const content = crypto.getRandomValues(new Uint8Array(65_536)).slice();
  const file = new Uint8Array(3_000_000).map((_, index) => content[(index * 7 + (index >> 16)) & 0xffff] as number);
  const receiving = (async () => {
    for await (const message of ada.messages()) {
      const copy = { name: message.name, bytes: message.bytes.slice(), kind: message.kind };
      await message.ack();
      return copy;
    }
    return undefined;
  })();
  let cuts = 0;
  await bob.sendFile(link, 'dir/photo.jpg', file, {
    onProgress: (accepted) => {
      if (accepted % 15 !== 0) return;
      ++cuts;
      proxy.cut();
    },
  });
  const received = await receiving;
  assert.ok(cuts >= 2);
  assert.equal(received?.kind, 'file');
  assert.equal(received.name, 'photo.jpg');
  assert.deepEqual(Buffer.compare(received.bytes, file), 0);
});
