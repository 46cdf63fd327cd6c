import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newMessageId, toBase64url } from 'lethe-client';
import { Acknowledgements } from '../dist/acknowledgements.js';
import { Backoff } from '../dist/backoff.js';
import { Batch } from '../dist/batch.js';
import type { ErrorReply, Refusal, Send, Sent } from '../dist/messages.js';
import { Outbox } from '../dist/outbox.js';
import { SeenIds } from '../dist/seen_ids.js';

const device = (number: number): string => toBase64url(new Uint8Array(32).fill(number));
const backoff = { first: 1_000, longest: 8_000 };

function send(changes: Partial<Send> = {}): Send {
  return {
    id: newMessageId(), to: [{ device: device(1) }], payload: Uint8Array.of(1, 2, 3), ttl: 60, urgency: 'normal', topic: '',
    receipt: false, ...changes,
  };
}
function answer(id: string, refused: Refusal[] = []): Sent {
  return { type: 'sent', id, ttl: 60, accepted: 1, refused };
}
function limited(retryAfter?: number): ErrorReply {
  return { type: 'error', code: 'rate_limited', detail: '', ...(retryAfter === undefined ? {} : { retryAfter }) };
}

test('Acknowledgements are one number as long as nothing below is unhandled', () => {
  const acks = new Acknowledgements();
  for (const seq of [1, 2, 3, 4, 5]) acks.delivered(seq);
  assert.equal(acks.take(), undefined);
  for (const seq of [2, 1, 4]) acks.handled(seq);
  assert.deepEqual(acks.take(), { upTo: 2, seqs: [4] });
  acks.handled(3);
  acks.handled(99); // never delivered
  assert.deepEqual(acks.take(), { upTo: 3, seqs: [] });
  acks.handled(5);
  assert.deepEqual(acks.take(), { upTo: 5, seqs: [] });
});

test('Acknowledgements name single messages where order can not be trusted', () => {
  const late = new Acknowledgements();
  for (const seq of [5, 3]) late.delivered(seq);
  late.handled(5);
  assert.deepEqual(late.take(), { upTo: 0, seqs: [5] });
  const forbidden = new Acknowledgements();
  forbidden.forbidCumulative();
  forbidden.delivered(1);
  forbidden.handled(1);
  assert.deepEqual(forbidden.take(), { upTo: 0, seqs: [1] });
});

test('Waits grow, lie in the upper half, and are never shorter than the relay asks', () => {
  const waits = new Backoff(backoff);
  assert.deepEqual([0, 0, 0.5, 0, 0.999].map((chance) => Math.round(waits.next(chance))), [500, 1_000, 3_000, 4_000, 7_996]);
  assert.equal(waits.next(0, 30), 30_000);
  waits.reset();
  assert.equal(waits.next(0), 500);
});

test('The oldest finished id is forgotten first', () => {
  const seen = new SeenIds(2);
  for (const id of ['a', 'b', 'a', 'c']) seen.add(id);
  assert.deepEqual(['a', 'b', 'c'].map((id) => seen.has(id)), [false, true, true]);
});

test('Records are gathered into messages of at most 64 KiB, in order', () => {
  const written: number[] = [];
  const batch = new Batch((message) => written.push(message.length));
  for (const size of [10, 20, 65_506, 1, 70_000, 5]) batch.add(new Uint8Array(size).fill(1));
  batch.end();
  batch.end();
  assert.deepEqual(written, [65_536, 1, 70_000, 5]);
});

test('A send stays until its answer, is sent again after a connection, and its payload is overwritten in the end', () => {
  const outbox = new Outbox(2, backoff);
  const sends = [send(), send(), send()];
  for (const one of sends) assert.equal(outbox.add(one, 0), true);
  assert.equal(outbox.add(sends[0] as Send, 0), false);
  const ids = sends.map(({ id }) => id);
  assert.equal(outbox.next(0)?.id, ids[0]);
  assert.equal(outbox.next(0)?.id, ids[1]);
  assert.equal(outbox.next(0), undefined); // two are in flight
  outbox.disconnected();
  assert.equal(outbox.next(0)?.id, ids[0]);
  const { result } = outbox.sent(answer(ids[0] as string), 0, 0);
  assert.deepEqual(result, { id: ids[0], ttl: 60, accepted: 1, refused: [] });
  assert.deepEqual((sends[0] as Send).payload, new Uint8Array(3));
  assert.deepEqual(outbox.sent(answer(ids[0] as string), 0, 0), { lost: [] }); // told once
  assert.equal(outbox.size, 2);
  assert.equal(outbox.bytes, 6);
  assert.deepEqual(outbox.abandon(), [ids[1], ids[2]]);
  assert.equal(outbox.size, 0);
});

test('A send with receipts is sent again when the relay forgot it, to those without a receipt, once', () => {
  const outbox = new Outbox(8, backoff);
  const one = send({ receipt: true, to: [{ device: device(1) }, { device: device(2) }] });
  outbox.add(one, 0);
  outbox.next(0);
  assert.equal(outbox.sent({ ...answer(one.id), accepted: 2 }, 0, 0).result?.accepted, 2);
  outbox.receipt({ type: 'receipt', seq: 1, id: one.id, device: device(1), status: 'delivered' });
  outbox.forgotten();
  outbox.forgotten();
  assert.deepEqual(outbox.next(0)?.to, [{ device: device(2) }]);
  assert.equal(outbox.next(0), undefined);
  const refused = [{ device: device(2), code: 'not_invited' as const }];
  assert.deepEqual(outbox.sent(answer(one.id, refused), 0, 0), { lost: [device(2)] });
  assert.equal(outbox.size, 0);
});

test('A receipt that overtakes the answer is not forgotten', () => {
  const outbox = new Outbox(8, backoff);
  const one = send({ receipt: true });
  outbox.add(one, 0);
  outbox.next(0);
  outbox.receipt({ type: 'receipt', seq: 1, id: one.id, device: device(1), status: 'delivered' });
  assert.equal(outbox.size, 1);
  assert.equal(outbox.sent(answer(one.id), 0, 0).result?.accepted, 1);
  assert.equal(outbox.size, 0);
});

test('Passing refusals are tried again, not before the relay says, until patience ends', () => {
  const outbox = new Outbox(8, backoff);
  const one = send();
  outbox.add(one, 10_000);
  outbox.next(0);
  const full = [{ device: device(1), code: 'mailbox_full' as const, retryAfter: 5 }];
  assert.deepEqual(outbox.sent(answer(one.id, full), 0, 0), { lost: [] });
  assert.equal(outbox.nextDue(), 5_000);
  assert.equal(outbox.next(4_999), undefined);
  assert.equal(outbox.next(5_000)?.id, one.id);
  assert.deepEqual(outbox.failed(one.id, limited(), 5_000, 0), { lost: [] });
  assert.equal(outbox.nextDue(), 6_000);
  assert.equal(outbox.next(10_000)?.id, one.id);
  assert.deepEqual(outbox.sent(answer(one.id, full), 10_000, 0).result?.refused, full);
  const other = send();
  outbox.add(other, 0);
  outbox.next(0);
  assert.deepEqual(outbox.failed(other.id, limited(3), 0, 0), { error: { code: 'rate_limited', retryAfter: 3 }, lost: [] });
});
