// The binary records of docs/protocol.md, from the client's side: encodes send and ack, decodes sent, deliver and receipt.
// A binary WebSocket message is a sequence of records, each with its length as u32 before it. Big-endian.
import { copyOf, fromBase64url, toBase64url, utf8 } from './bytes.js';
import { ByteReader, ByteWriter } from './byte_cursor.js';
import { LetheError } from './error.js';
import { receiptStatuses, refusalCodes, urgencies } from './messages.js';
import type { Ack, Delivery, FromRelay, Receipt, Refusal, Send, Sent } from './messages.js';

const lengthSize = 4;
const sendKind = 0x01;
const ackKind = 0x02;
const sentKind = 0x81;
const deliverKind = 0x82;
const receiptKind = 0x83;

function fixed(text: string, size: number): Uint8Array {
  const bytes = fromBase64url(text, size);
  if (bytes === undefined) throw new LetheError('malformed');
  return bytes;
}

function record(kind: number, size: number): ByteWriter {
  return new ByteWriter(new Uint8Array(lengthSize + size)).u32(size).u8(kind);
}

/** One `send`, with its length. */
export function encodeSend(send: Send): Uint8Array {
  const topic = utf8(send.topic);
  const recipients = send.to.reduce((size, one) => size + 33 + (one.invite?.length ?? 0), 0);
  const out = record(sendKind, 1 + 1 + 16 + 4 + 1 + topic.length + 2 + recipients + send.payload.length);
  out.u8((send.receipt ? 1 : 0) | (urgencies.indexOf(send.urgency) << 1)).raw(fixed(send.id, 16)).u32(send.ttl);
  out.u8(topic.length).raw(topic).u16(send.to.length);
  for (const one of send.to) {
    out.raw(fixed(one.device, 32)).u8(one.invite?.length ?? 0);
    if (one.invite) out.raw(one.invite);
  }
  return out.raw(send.payload).bytes;
}

/** One `ack`, with its length. */
export function encodeAck(ack: Ack): Uint8Array {
  const out = record(ackKind, 1 + 8 + 2 + 8 * ack.seqs.length).u64(ack.upTo).u16(ack.seqs.length);
  for (const seq of ack.seqs) out.u64(seq);
  return out.bytes;
}

function readSent(from: ByteReader): Sent {
  const sent: Sent = { type: 'sent', id: toBase64url(from.take(16)), ttl: from.u32(), accepted: from.u16(), refused: [] };
  const refused = from.u16();
  for (let i = 0; i < refused && from.ok; ++i) {
    const refusal: Refusal = { device: toBase64url(from.take(32)), code: refusalCodes[from.u8()] ?? 'unknown' };
    const retryAfter = from.u16();
    if (retryAfter !== 0) refusal.retryAfter = retryAfter;
    sent.refused.push(refusal);
  }
  if (!from.finished) throw new LetheError('malformed');
  return sent;
}

function readDelivery(from: ByteReader): Delivery {
  const redelivered = (from.u8() & 1) !== 0;
  const seq = from.u64();
  const id = toBase64url(from.take(16));
  const received = from.u64();
  const expires = from.u64();
  if (!from.ok) throw new LetheError('malformed');
  return { type: 'deliver', seq, id, received, expires, redelivered, payload: copyOf(from.rest) };
}

function readReceipt(from: ByteReader): Receipt {
  const seq = from.u64();
  const id = toBase64url(from.take(16));
  const device = toBase64url(from.take(32));
  const status = from.u8();
  const name = receiptStatuses[status];
  if (!from.finished || status === 0 || name === undefined) throw new LetheError('malformed');
  return { type: 'receipt', seq, id, device, status: name };
}

function readRecord(record: Uint8Array): FromRelay {
  const from = new ByteReader(record);
  const kind = from.u8();
  if (!from.ok) throw new LetheError('malformed');
  if (kind === sentKind) return readSent(from);
  if (kind === deliverKind) return readDelivery(from);
  if (kind === receiptKind) return readReceipt(from);
  return { type: 'unknown' };
}

/**
 * All records of one WebSocket message in order; payloads are copies. Throws `malformed` when a length or a layout is wrong,
 * or there is no record at all.
 */
export function decodeRecords(message: Uint8Array): FromRelay[] {
  const from = new ByteReader(message);
  const records: FromRelay[] = [];
  do {
    const bytes = from.take(from.u32());
    if (!from.ok) throw new LetheError('malformed');
    records.push(readRecord(bytes));
  } while (from.rest.length > 0);
  return records;
}
