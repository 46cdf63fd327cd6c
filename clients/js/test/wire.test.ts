import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBase64url, toBase64url } from '../dist/bytes.js';
import { receiptStatuses, refusalCodes } from '../dist/messages.js';
import type { Ack, Recipient, Send, Urgency } from '../dist/messages.js';
import { decodeRecords, encodeAck, encodeSend } from '../dist/wire_binary.js';
import { decodeText } from '../dist/wire_json_read.js';
import { ackText, authText, mailboxText, sendText } from '../dist/wire_json_write.js';
import { hex, unhex, vectors } from './support/vectors.js';

type Json = Record<string, unknown>;

function sendOf(message: Json): Send {
  const to = (message['to'] as { device: string; invite?: string }[]).map(({ device, invite }): Recipient => ({
    device, ...(invite === undefined ? {} : { invite: fromBase64url(invite) as Uint8Array }),
  }));
  return {
    id: message['id'] as string, to, payload: fromBase64url(message['payload'] as string) as Uint8Array,
    ttl: (message['ttl'] as number | undefined) ?? 604_800, urgency: (message['urgency'] as Urgency | undefined) ?? 'normal',
    topic: (message['topic'] as string | undefined) ?? '', receipt: (message['receipt'] as boolean | undefined) ?? false,
  };
}
function ackOf(message: Json): Ack {
  return { upTo: (message['up_to'] as number | undefined) ?? 0, seqs: (message['seqs'] as number[] | undefined) ?? [] };
}

for (const { name, from, record, message } of vectors.records) {
  if (from === 'client') {
    test(`The record of «${name}» is written as in the test vectors`, () => {
      const bytes = message.type === 'send' ? encodeSend(sendOf(message)) : encodeAck(ackOf(message));
      assert.equal(hex(bytes), record);
    });
    test(`The JSON of «${name}» says the same as the test vectors`, () => {
      const text = message.type === 'send' ? sendText(sendOf(message)) : ackText(ackOf(message));
      const written = JSON.parse(text) as Json;
      for (const [field, value] of Object.entries(message)) assert.deepEqual(written[field], value, field);
    });
  } else {
    test(`The record of «${name}» is read like its JSON`, () => {
      const [fromRecord] = decodeRecords(unhex(record));
      assert.deepEqual(fromRecord, decodeText(JSON.stringify(message)));
      assert.equal(fromRecord?.type, message.type);
    });
  }
}

test('A refusal of a later version is still a refusal', () => {
  const sent = decodeText(JSON.stringify({
    type: 'sent', id: 'oKGio6SlpqeoqaqrrK2urw', accepted: 0, ttl: 1,
    refused: [{ device: vectors.keys.bob.address, code: 'moon_phase', retry_after: -1 }],
  }));
  assert.deepEqual(sent.type === 'sent' && sent.refused, [{ device: vectors.keys.bob.address, code: 'unknown' }]);
});

test('Records that do not fit are malformed', () => {
  const delivered = vectors.records.find(({ name }) => name === 'deliver')?.record as string;
  const receipt = vectors.records.find(({ name }) => name === 'receipt, expired')?.record as string;
  for (const bytes of ['', '00000000', '000000', '0000000282', delivered.slice(0, -2), `${receipt}00`, '0000000281ff']) {
    assert.throws(() => decodeRecords(unhex(bytes)), { code: 'malformed' }, bytes);
  }
  assert.deepEqual(decodeRecords(unhex('00000001f0')), [{ type: 'unknown' }]);
  assert.equal(decodeRecords(unhex(delivered + receipt)).length, 2);
});

test('Texts that are no messages are malformed, unknown types and fields are not', () => {
  for (const text of ['', '[]', '7', '{"type":7}', '{}', '{"type":"ready","epoch":"x","continuous":true}', '{"type":"receipt"}',
    '{"type":"deliver","seq":-1,"id":"oKGio6SlpqeoqaqrrK2urw","payload":""}',
    '{"type":"deliver","seq":1,"id":"oKGio6SlpqeoqaqrrK2urw","payload":"YQ=="}',
    '{"type":"deliver","seq":1,"id":"short","payload":""}']) {
    assert.throws(() => decodeText(text), { code: 'malformed' }, text);
  }
  assert.deepEqual(decodeText('{"type":"weather","id":7}'), { type: 'unknown' });
  assert.deepEqual(decodeText('{"type":"toString"}'), { type: 'unknown' });
  assert.deepEqual(decodeText('{"type":"pong","time":5,"mood":"good"}'), { type: 'pong', time: 5 });
});

test('Settings and authentication are written as the protocol has them', () => {
  const mailbox = { senders: 'invited', generation: 7, revoked: ['AQIDBAUGBwg'], window: 64, minUrgency: 'low' } as const;
  const [, bound] = vectors.auth;
  assert.ok(bound);
  const text = authText({
    device: vectors.keys.alice.address, signature: unhex(bound.signature), bound: true, mailbox: { ...mailbox, revoked: ['AQIDBAUGBwg'] },
    epoch: '00112233445566aa',
  });
  assert.deepEqual(JSON.parse(text), bound.message);
  assert.equal(mailboxText({ minUrgency: 'high' }), '{"type":"mailbox","min_urgency":"high"}');
});

test('Numbers of refusals and receipts, and base64url, are those of the test vectors', () => {
  assert.ok(vectors.refusals.length > 0 && vectors.statuses.length > 0 && vectors.base64url.length > 0);
  for (const { code, number } of vectors.refusals) assert.equal(refusalCodes[number], code);
  for (const { status, number } of vectors.statuses) assert.equal(receiptStatuses[number], status);
  for (const { text, bytes } of vectors.base64url) {
    assert.deepEqual(fromBase64url(text), bytes === undefined ? undefined : unhex(bytes), text);
    if (bytes !== undefined) assert.equal(toBase64url(unhex(bytes)), text);
  }
});
