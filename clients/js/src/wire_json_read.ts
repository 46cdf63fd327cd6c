// The JSON messages that a client gets (docs/protocol.md). A text can't be overwritten in JavaScript: where the payload
// matters (it is ciphertext), use binary sessions.
import { LetheError } from './error.js';
import { JsonFields } from './json_fields.js';
import { receiptStatuses, refusalCodes } from './messages.js';
import type { ErrorReply, FromRelay, RecallStatus, Ready, ReceiptStatus, Refusal } from './messages.js';

function readLimits(limits: JsonFields): { payload: number; recipients: number; ttl: number; window: number } {
  return {
    payload: limits.number('payload', 65_536),
    recipients: limits.number('recipients', 1_024),
    ttl: limits.number('ttl', 1_209_600),
    window: limits.number('window', 256),
  };
}

function readReady(from: JsonFields): Ready {
  const missed = new JsonFields(from.has('missed') ? from.value('missed') : {});
  return {
    type: 'ready',
    epoch: from.epoch('epoch'),
    queued: from.number('queued', 0),
    queuedBytes: from.number('queued_bytes', 0),
    missed: {
      expired: missed.number('expired', 0),
      displaced: missed.number('displaced', 0),
      recalled: missed.number('recalled', 0),
    },
    continuous: from.flag('continuous'),
  };
}

function readRefusals(value: unknown): Refusal[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new LetheError('malformed');
  return value.map((entry) => {
    const from = new JsonFields(entry);
    const name = from.text('code');
    // A code of a later version is still a refusal.
    const code = refusalCodes.find((known) => known === name) ?? 'unknown';
    return { device: from.fixed('device', 32), code, ...from.retryAfter() };
  });
}

function readReceiptStatus(name: string): ReceiptStatus {
  const status = receiptStatuses.find((known) => known === name);
  if (status === undefined || status === 'lost') throw new LetheError('malformed');
  return status;
}

function readRecallStatus(name: string): RecallStatus {
  return name === 'wiped' || name === 'in_flight' ? name : 'unknown';
}

function readError(from: JsonFields): ErrorReply {
  return {
    type: 'error',
    code: from.text('code'),
    detail: from.has('detail') ? from.text('detail') : '',
    ...(from.has('id') ? { id: from.fixed('id', 16) } : {}),
    ...from.retryAfter(),
  };
}

const readers: Readonly<Record<string, (from: JsonFields) => FromRelay>> = {
  hello: (from) => ({
    type: 'hello', relay: from.text('relay'), nonce: from.bytes('nonce', 32), epoch: from.epoch('epoch'),
    time: from.number('time', 0), limits: readLimits(new JsonFields(from.has('limits') ? from.value('limits') : {})),
  }),
  ready: readReady,
  caught_up: (from) => ({ type: 'caught_up', epoch: from.epoch('epoch') }),
  deliver: (from) => ({
    type: 'deliver', seq: from.number('seq'), id: from.fixed('id', 16), received: from.number('received', 0),
    expires: from.number('expires', 0), redelivered: from.flag('redelivered', false), payload: from.bytes('payload'),
  }),
  sent: (from) => ({
    type: 'sent', id: from.fixed('id', 16), accepted: from.number('accepted'), ttl: from.number('ttl', 0),
    refused: readRefusals(from.value('refused')),
  }),
  receipt: (from) => ({
    type: 'receipt', seq: from.number('seq'), id: from.fixed('id', 16), device: from.fixed('device', 32),
    status: readReceiptStatus(from.text('status')),
  }),
  recalled: (from) => ({
    type: 'recalled', id: from.fixed('id', 16), device: from.fixed('device', 32), status: readRecallStatus(from.text('status')),
  }),
  error: readError,
  closing: (from) => ({ type: 'closing', reason: from.text('reason'), ...from.retryAfter() }),
  pong: (from) => ({ type: 'pong', time: from.number('time', 0) }),
};

/**
 * `unknown` for a type that is not known. Throws `malformed` when the text is no JSON object with a type, or a field that its
 * type needs is missing or of another kind. Unknown fields are ignored.
 */
export function decodeText(text: string): FromRelay {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LetheError('malformed');
  }
  const from = new JsonFields(value);
  const type = from.text('type');
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  return read ? read(from) : { type: 'unknown' };
}
