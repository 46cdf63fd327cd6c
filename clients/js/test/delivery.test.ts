import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Identity, Lethe, LetheError } from 'lethe-client';
import type { Encoding } from 'lethe-client';
import { anonymous, forTest, newDevice, nextEvent, nextTexts } from './support/device.js';
import { Relay } from './support/relay.js';

for (const encoding of ['binary', 'json'] as Encoding[]) {
  test(`A text arrives over a ${encoding} session, with its sender`, async (t) => {
    const relay = await forTest(t, Relay.start());
    const [ada, bob] = [await newDevice(t, relay, { encoding }), await newDevice(t, relay, { encoding })];
    const { link } = await ada.makeInvite({ expiresIn: 600 });
    const sent = await bob.sendText(link, 'see you at eight', { receipt: true, ttl: 60 });
    assert.equal(sent.ttl, 60);
    for await (const message of ada.messages()) {
      assert.equal(message.text, 'see you at eight');
      assert.equal(message.kind, 'text');
      assert.equal(message.sender, bob.address);
      assert.equal(message.transfer, sent.transfer);
      await message.ack();
      break;
    }
    assert.equal(await sent.delivered, 'delivered');
  });
}

test('Messages arrive in order', async (t) => {
  const relay = await forTest(t, Relay.start());
  const [ada, bob] = [await newDevice(t, relay), await newDevice(t, relay)];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const texts = Array.from({ length: 300 }, (_, number) => `number ${number}`);
  const arriving = nextTexts(ada, texts.length);
  for (const text of texts) void bob.sendText(link, text);
  const arrived = await arriving;
  assert.deepEqual(arrived, texts);
});

test('A message is acknowledged only after the callback resolved', async (t) => {
  const relay = await forTest(t, Relay.start());
  const [ada, bob] = [await newDevice(t, relay), await newDevice(t, relay)];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const begun = new Promise<void>((resolve) => {
    ada.onMessage(() => {
      resolve();
      return finished;
    });
  });
  let receipts = 0;
  bob.on('receipt', () => ++receipts);
  const sent = await bob.sendText(link, 'hello', { receipt: true });
  await begun;
  await ada.ping(); // the relay has carried out every acknowledgement by then,
  await bob.ping(); // and told bob
  assert.equal(receipts, 0);
  finish();
  assert.equal(await sent.delivered, 'delivered');
});

test('A message whose callback failed comes again in the next session, and no other does', async (t) => {
  const relay = await forTest(t, Relay.start());
  const bob = await newDevice(t, relay);
  const identity = await Identity.generate();
  const first = await Lethe.connect(relay.url, { identity, ...relay.trust });
  const { link } = await first.makeInvite({ expiresIn: 600 });
  const got: string[] = [];
  const failed = nextEvent(first, 'failed');
  first.onMessage((message) => {
    got.push(message.text);
    if (message.text === 'two') throw new Error('the disk is full');
  });
  for (const text of ['one', 'two']) await bob.sendText(link, text);
  const last = await bob.sendText(link, 'three', { receipt: true });
  assert.equal(await last.delivered, 'delivered');
  assert.match(String((await failed).error), /the disk is full/);
  await first.close();
  assert.deepEqual(got, ['one', 'two', 'three']);

  const second = await newDevice(t, relay, { identity });
  await bob.sendText(link, 'four');
  assert.deepEqual(await nextTexts(second, 2), ['two', 'four']);
});

test('A loop that is left by an exception gets its message again, one that is left after ack() does not', async (t) => {
  const relay = await forTest(t, Relay.start());
  const [ada, bob] = [await newDevice(t, relay), await newDevice(t, relay)];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  await bob.sendText(link, 'one');
  await bob.sendText(link, 'two');
  const failing = async (): Promise<void> => {
    for await (const message of ada.messages()) throw new Error(message.text);
  };
  await assert.rejects(failing(), /one/);
  assert.deepEqual(await nextTexts(ada, 1), ['one']);
  assert.deepEqual(await nextTexts(ada, 1), ['two']);
});

test('The bytes of a text or file are overwritten when it was acknowledged', async (t) => {
  const relay = await forTest(t, Relay.start());
  const [ada, bob] = [await newDevice(t, relay), await newDevice(t, relay)];
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  await bob.sendText(link, 'burn this');
  await bob.sendFile(link, 'secret.txt', Buffer.from('burn this'));
  const kinds: string[] = [];
  for await (const message of ada.messages()) {
    kinds.push(message.kind);
    assert.equal(Buffer.from(message.bytes).toString(), 'burn this');
    await message.ack();
    assert.ok(message.bytes.every((byte) => byte === 0));
    assert.throws(() => message.text, { code: 'gone' });
    if (kinds.length === 2) break;
  }
  assert.deepEqual(kinds, ['text', 'file']);
});

test('Texts leave in the order of the calls, although one takes longer to seal', async (t) => {
  const relay = await forTest(t, Relay.start());
  const ada = await newDevice(t, relay);
  const { link } = await ada.makeInvite({ expiresIn: 600, anonymous: true });
  const identity = await Identity.generate();
  const signing: Promise<Uint8Array>[] = [];
  let second!: () => void;
  const signedSecond = new Promise<void>((resolve) => (second = resolve));
  const { sign } = Identity.prototype;
  identity.sign = (message) => {
    const signed = sign.call(identity, message);
    signing.push(signed);
    if (signing.length === 1) return signedSecond.then(() => signed);
    void signed.then(second);
    return signed;
  };
  const bob = await anonymous(t, relay, { identity, anonymous: true });
  await Promise.all([bob.sendText(link, 'one'), bob.sendText(link, 'two')]);
  assert.deepEqual(await nextTexts(ada, 2), ['one', 'two']);
});

test('What the relay refuses is an error with its code', async (t) => {
  const relay = await forTest(t, Relay.start());
  const [ada, bob] = [await newDevice(t, relay), await newDevice(t, relay)];
  const refused = (code: string) => (error: unknown) => error instanceof LetheError && error.code === code;
  await assert.rejects(bob.sendText(ada.address as string, 'no invite'), refused('not_invited'));
  const { link } = await ada.makeInvite({ expiresIn: -10 });
  await assert.rejects(bob.sendText(link, 'too late'), refused('invite_expired'));
  const valid = await ada.makeInvite({ expiresIn: 600 });
  await ada.close();
  await assert.rejects(bob.sendText(valid.link, 'now or never', { ttl: 0 }), refused('offline'));
  await assert.rejects(bob.sendText(valid.link, 'x'.repeat(65_536)), refused('too_large'));
});

test('A session without a key sends to anonymous invites only', async (t) => {
  const relay = await forTest(t, Relay.start());
  const ada = await newDevice(t, relay);
  const nobody = await anonymous(t, relay);
  const known = await ada.makeInvite({ expiresIn: 600 });
  await assert.rejects(nobody.sendText(known.link, 'who am I'), { code: 'not_invited' });
  const open = await ada.makeInvite({ expiresIn: 600, anonymous: true });
  await nobody.sendText(open.link, 'guess who');
  const identity = await Identity.generate();
  const hidden = await anonymous(t, relay, { identity, anonymous: true });
  await hidden.sendText(open.link, 'only you know');
  const senders: (string | undefined)[] = [];
  for await (const message of ada.messages()) {
    senders.push(message.sender);
    if (senders.length < 2) continue;
    await message.ack();
    break;
  }
  assert.deepEqual(senders, [undefined, identity.address]);
  await assert.rejects(nobody.makeInvite({ expiresIn: 600 }), { code: 'anonymous' });
});
