import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Lethe, MessageId } from 'lethe-client';
import { newDevice, nextEvent, nextTexts } from './support/device.js';
import { Relay } from './support/relay.js';

// A relay that can be killed and started again on the same port.
class Restarting {
  private constructor(public relay: Relay) {}
  static async start(t: TestContext): Promise<Restarting> {
    const restarting = new Restarting(await Relay.start());
    t.after(() => restarting.relay.kill());
    return restarting;
  }
  async again(): Promise<void> {
    this.relay = await Relay.start({ port: this.relay.port });
  }
}

function online(device: Lethe): Promise<unknown> {
  return nextEvent(device, 'state', ({ state }) => state === 'online');
}

test('After a restart of the relay everything without a receipt arrives, once', async (t) => {
  const place = await Restarting.start(t);
  const bob = await newDevice(t, place.relay);
  const away = await newDevice(t, place.relay);
  const { link } = await away.makeInvite({ expiresIn: 600 });
  const before = bob.epoch;
  await away.close();

  const delivered = [];
  for (const text of ['one', 'two', 'three']) delivered.push((await bob.sendText(link, text, { receipt: true })).delivered);
  await place.relay.kill();
  const ready = nextEvent(bob, 'ready');
  await place.again();
  assert.equal((await ready).continuous, false);
  assert.notEqual(bob.epoch, before);

  const identity = away.identity;
  assert.ok(identity);
  const ada = await newDevice(t, place.relay, { identity });
  assert.deepEqual(await nextTexts(ada, 3), ['one', 'two', 'three']);
  assert.deepEqual(await Promise.all(delivered), ['delivered', 'delivered', 'delivered']);
  // Nothing more comes: the next message is a new one.
  await bob.sendText(link, 'four');
  assert.deepEqual(await nextTexts(ada, 1), ['four']);
});

test('What has its receipt is not sent again after a restart', async (t) => {
  const place = await Restarting.start(t);
  const [ada, bob] = [await newDevice(t, place.relay), await newDevice(t, place.relay)];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const arriving = nextTexts(ada, 1);
  const sent = await bob.sendText(link, 'once', { receipt: true });
  assert.deepEqual(await arriving, ['once']);
  assert.equal(await sent.delivered, 'delivered');
  assert.equal(bob.client.outbox.messages, 0);
  const both = Promise.all([online(ada), online(bob)]);
  await place.relay.kill();
  await place.again();
  await both;
  await bob.sendText(link, 'new');
  assert.deepEqual(await nextTexts(ada, 1), ['new']);
});

test('What was recalled is not sent again after a restart', async (t) => {
  const place = await Restarting.start(t);
  const [ada, bob] = [await newDevice(t, place.relay), await newDevice(t, place.relay)];
  const { identity, address } = ada;
  assert.ok(identity && address);
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  await ada.close();
  const { ids } = await bob.sendText(link, 'regretted', { receipt: true });
  const recalled = nextEvent(bob, 'recalled');
  bob.recall(ids[0] as MessageId, address);
  assert.equal((await recalled).status, 'wiped');
  assert.deepEqual(bob.client.outbox, { messages: 0, bytes: 0 });
  const back = online(bob);
  await place.relay.kill();
  await place.again();
  await back;
  await bob.sendText(link, 'new');
  assert.deepEqual(await nextTexts(await newDevice(t, place.relay, { identity }), 1), ['new']);
});

test('What is sent while the relay is away goes out when it is back', async (t) => {
  const place = await Restarting.start(t);
  const [ada, bob] = [await newDevice(t, place.relay), await newDevice(t, place.relay)];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const waiting = nextEvent(bob, 'state', ({ state }) => state === 'waiting');
  await place.relay.kill();
  assert.equal((await waiting).error?.code, 'connection_lost');
  const sending = bob.sendText(link, 'patience');
  await place.again();
  await sending;
  assert.deepEqual(await nextTexts(ada, 1), ['patience']);
});

test('A message that is refused when it is sent again is told as lost', async (t) => {
  const place = await Restarting.start(t);
  const bob = await newDevice(t, place.relay);
  const ada = await newDevice(t, place.relay);
  const { link } = await ada.makeInvite({ expiresIn: 600, thisEpochOnly: true });
  await ada.close();
  const sent = await bob.sendText(link, 'for this epoch', { receipt: true });
  const lost = nextEvent(bob, 'receipt');
  await place.relay.kill();
  await place.again();
  assert.equal(await sent.delivered, 'lost');
  assert.equal((await lost).id, sent.ids[0] as MessageId);
  assert.equal(bob.client.outbox.messages, 0);
});

test('The epoch of an earlier process tells the next one that the relay lost something', async (t) => {
  const place = await Restarting.start(t);
  const first = await newDevice(t, place.relay);
  const { identity, epoch } = first;
  assert.ok(identity && epoch);
  await first.close();
  const same = await newDevice(t, place.relay, { identity, epoch });
  assert.equal(same.lastReady?.continuous, true);
  await same.close();
  await place.relay.kill();
  await place.again();
  const other = await newDevice(t, place.relay, { identity, epoch });
  assert.equal(other.lastReady?.continuous, false);
});

test('Mailbox settings are announced again, since the relay forgot them', async (t) => {
  const place = await Restarting.start(t);
  const [ada, bob] = [await newDevice(t, place.relay), await newDevice(t, place.relay)];
  ada.updateMailbox({ senders: 'anyone' });
  const both = Promise.all([online(ada), online(bob)]);
  await place.relay.kill();
  await place.again();
  await both;
  await bob.sendText(ada.address as string, 'without an invite');
  assert.deepEqual(await nextTexts(ada, 1), ['without an invite']);
});
