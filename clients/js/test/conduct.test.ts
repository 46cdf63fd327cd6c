import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, Identity, Lethe, newMessageId, readInvite, parseLink } from 'lethe-client';
import { anonymous, forTest, newDevice, nextEvent, nextTexts } from './support/device.js';
import { Relay } from './support/relay.js';

test('A message that its recipient does not have yet can be recalled', async (t) => {
  const relay = await forTest(t, Relay.start());
  const bob = await newDevice(t, relay);
  const ada = await newDevice(t, relay);
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const { identity, address } = ada;
  assert.ok(identity && address);
  await ada.close();
  const sent = await bob.sendText(link, 'a mistake');
  const id = sent.ids[0] as string;
  const recalled = nextEvent(bob, 'recalled');
  bob.recall(id, address);
  assert.deepEqual(await recalled, { type: 'recalled', id, device: address, status: 'wiped' });
  const unknown = nextEvent(bob, 'recalled');
  bob.recall(newMessageId(), address);
  assert.equal((await unknown).status, 'unknown');
  await bob.sendText(link, 'meant so');
  const back = await newDevice(t, relay, { identity });
  assert.equal(back.lastReady?.missed.recalled, 1);
  assert.deepEqual(await nextTexts(back, 1), ['meant so']);
});

test('A message replaces an undelivered one of its topic', async (t) => {
  const relay = await forTest(t, Relay.start());
  const bob = await newDevice(t, relay);
  const ada = await newDevice(t, relay);
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  const { identity } = ada;
  assert.ok(identity);
  await ada.close();
  for (const text of ['at home', 'on my way', 'there']) await bob.sendText(link, text, { topic: 'whereabouts' });
  await bob.sendText(link, 'done');
  const back = await newDevice(t, relay, { identity });
  assert.deepEqual(await nextTexts(back, 2), ['there', 'done']);
});

test('No more than the window is in flight', async (t) => {
  const relay = await forTest(t, Relay.start());
  const bob = await newDevice(t, relay);
  const ada = await newDevice(t, relay, { mailbox: { window: 2 } });
  const { link } = await ada.makeInvite({ expiresIn: 600 });
  for (let number = 0; number < 5; ++number) await bob.sendText(link, `number ${number}`);
  // Nobody takes the messages: two came, and the pong is behind whatever else was sent.
  const taken = ada.messages();
  await taken.next();
  await ada.ping();
  const status = nextEvent(bob, 'recalled');
  await bob.sendText(link, 'number 5');
  bob.recall((await bob.sendText(link, 'number 6')).ids[0] as string, ada.address as string);
  assert.equal((await status).status, 'wiped'); // it was not in flight
  await taken.return();
  assert.deepEqual(await nextTexts(ada, 6), [0, 1, 2, 3, 4, 5].map((number) => `number ${number}`));
});

test('Mailbox settings revoke invites, and open the mailbox, at once', async (t) => {
  const relay = await forTest(t, Relay.start());
  const bob = await newDevice(t, relay);
  const ada = await newDevice(t, relay);
  const [first, second] = [await ada.makeInvite({ expiresIn: 600 }), await ada.makeInvite({ expiresIn: 600, generation: 1 })];
  ada.updateMailbox({ revoked: [second.label] });
  await ada.ping();
  await bob.sendText(first.link, 'still valid');
  await assert.rejects(bob.sendText(second.link, 'revoked'), { code: 'not_invited' });
  ada.updateMailbox({ revoked: [], generation: 1 });
  await ada.ping();
  await assert.rejects(bob.sendText(first.link, 'too old'), { code: 'not_invited' });
  await bob.sendText(second.link, 'young enough');
  ada.updateMailbox({ senders: 'anyone' });
  await ada.ping();
  await bob.sendText(ada.address as string, 'without an invite');
  assert.deepEqual(await nextTexts(ada, 3), ['still valid', 'young enough', 'without an invite']);
});

test('An invite carries its terms', async (t) => {
  const relay = await forTest(t, Relay.start());
  const ada = await newDevice(t, relay);
  const made = await ada.makeInvite({ expiresIn: 600, maxTtl: 60, rate: 1, generation: 0, label: 'AQIDBAUGBwg' });
  const terms = readInvite(parseLink(made.link).invite as Uint8Array);
  assert.deepEqual({ ...terms, expires: 0 }, {
    anonymous: false, thisEpochOnly: false, generation: 0, expires: 0, maxTtl: 60, rate: 1, label: 'AQIDBAUGBwg',
  });
  const bob = await newDevice(t, relay);
  assert.equal((await bob.sendText(made.link, 'one an hour')).ttl, 60);
  const error = await bob.sendText(made.link, 'too many', { patience: 0 }).catch((reason: unknown) => reason);
  assert.equal((error as { code: string }).code, 'rate_limited');
  assert.ok(((error as { retryAfter: number }).retryAfter ?? 0) > 0);
});

test('A second session of a key takes the mailbox over, and the first one ends for good', async (t) => {
  const relay = await forTest(t, Relay.start());
  const first = await newDevice(t, relay);
  const { identity } = first;
  assert.ok(identity);
  const stopped = nextEvent(first, 'state', ({ state }) => state === 'stopped');
  const loop = (async () => {
    for await (const message of first.messages()) assert.fail(message.text);
  })();
  loop.catch(() => undefined);
  await newDevice(t, relay, { identity });
  assert.equal((await stopped).error?.code, 'replaced');
  await assert.rejects(loop, { code: 'replaced' });
  await assert.rejects(first.sendText(first.address as string, 'too late'), { code: 'stopped' });
});

test('A relay that drains is waited for as long as it asks', async (t) => {
  const relay = await forTest(t, Relay.start({ options: ['--drain.retry_after.min=1', '--drain.retry_after.max=1'] }));
  const waits: number[] = [];
  const clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after: (milliseconds: number, call: () => void) => {
      waits.push(milliseconds);
      return setTimeout(call, milliseconds);
    },
    cancel: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  };
  const ada = await newDevice(t, relay, { clock });
  const closing = nextEvent(ada, 'closing');
  const waiting = nextEvent(ada, 'state', ({ state }) => state === 'waiting');
  relay.terminate();
  assert.deepEqual(await closing, { type: 'closing', reason: 'draining', retryAfter: 1 });
  await waiting;
  assert.ok((waits.at(-1) as number) >= 1_000, `waits ${waits.at(-1)} ms`);
});

test('A session without a key that recalls before it sent anything is told that it is not authenticated', async (t) => {
  const relay = await forTest(t, Relay.start());
  const nobody = await anonymous(t, relay);
  const refused = nextEvent(nobody, 'error');
  nobody.recall(newMessageId(), (await Identity.generate()).address);
  assert.equal((await refused).code, 'unauthenticated');
});

test('connect() rejects with the reason of its signal, and so does a send', async (t) => {
  const relay = await forTest(t, Relay.start());
  await relay.kill();
  const stop = new AbortController();
  const connecting = Lethe.connect(relay.url, { ...relay.trust, signal: stop.signal });
  stop.abort();
  await assert.rejects(connecting, { name: 'AbortError' });
  await assert.rejects(Lethe.connect(relay.url, { signal: AbortSignal.abort(new Error('no')) }), { message: 'no' });
  await assert.rejects(Lethe.connect(relay.url, { ...relay.trust, giveUp: 0 }), { code: 'gave_up' });

  const other = await forTest(t, Relay.start());
  const bob = await newDevice(t, other);
  const device = (await Identity.generate()).address;
  const away = nextEvent(bob, 'state', ({ state }) => state === 'waiting');
  await other.kill();
  await away;
  const giveUp = new AbortController();
  const sending = bob.sendText(device, 'never mind', { signal: giveUp.signal });
  const queued = new Promise<void>((resolve) => setImmediate(resolve));
  await queued;
  giveUp.abort(new Error('enough'));
  await assert.rejects(sending, { message: 'enough' });
  assert.equal(bob.client.outbox.messages, 0);
});

test('The end of a session ends its loop, and rejects what waits', async (t) => {
  const relay = await forTest(t, Relay.start());
  const stop = new AbortController();
  const ada = await newDevice(t, relay, { signal: stop.signal });
  const loop = (async () => {
    for await (const message of ada.messages()) assert.fail(message.text);
    return 'ended';
  })();
  const away = nextEvent(ada, 'state', ({ state }) => state === 'waiting');
  await relay.kill();
  await away;
  const waiting = ada.sendText(ada.address as string, 'to myself', { receipt: true });
  stop.abort();
  await assert.rejects(waiting, { code: 'stopped' });
  assert.equal(await loop, 'ended');
  assert.equal(ada.state, 'stopped');
});

test('A loop whose signal is aborted throws its reason, and the session goes on', async (t) => {
  const relay = await forTest(t, Relay.start());
  const ada = await newDevice(t, relay);
  const stop = new AbortController();
  const next = ada.messages({ signal: stop.signal }).next();
  stop.abort(new Error('enough'));
  await assert.rejects(next, { message: 'enough' });
  await ada.sendText(ada.address as string, 'to myself');
  assert.deepEqual(await nextTexts(ada, 1), ['to myself']);
});

test('Payloads of another format pass as they are', async (t) => {
  const relay = await forTest(t, Relay.start());
  const identity = await Identity.generate();
  const got: Promise<Uint8Array> = new Promise((resolve) => {
    const ada = new Client(relay.url, { identity, ...relay.trust, mailbox: { senders: 'anyone' } }, ({ payload }) => {
      resolve(payload.slice());
    });
    t.after(() => ada.close());
    void ada.connected().then(async () => {
      const bob = new Client(relay.url, { identity: await Identity.generate(), ...relay.trust });
      t.after(() => bob.close());
      const stranger = (await Identity.generate()).address;
      const to = [{ device: identity.address }, { device: stranger }];
      const result = await bob.send({ to, payload: Uint8Array.of(1, 2, 3) });
      assert.equal(result.accepted, 1);
      assert.deepEqual(result.refused, [{ device: stranger, code: 'not_invited' }]);
    });
  });
  assert.deepEqual(await got, Uint8Array.of(1, 2, 3));
});
