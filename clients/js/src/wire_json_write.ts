// The JSON messages that a client sends: all of them in a lethe.v1.json session, the control messages in every session.
import { toBase64url } from './bytes.js';
import type { Ack, Address, Auth, MailboxSettings, MessageId, Send } from './messages.js';

function mailboxFields(settings: MailboxSettings): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (settings.senders !== undefined) fields['senders'] = settings.senders;
  if (settings.generation !== undefined) fields['generation'] = settings.generation;
  if (settings.revoked !== undefined) fields['revoked'] = settings.revoked;
  if (settings.window !== undefined) fields['window'] = settings.window;
  if (settings.minUrgency !== undefined) fields['min_urgency'] = settings.minUrgency;
  return fields;
}

export function authText(auth: Auth): string {
  const mailbox = mailboxFields(auth.mailbox);
  return JSON.stringify({
    type: 'auth',
    device: auth.device,
    signature: toBase64url(auth.signature),
    ...(auth.admission ? { admission: auth.admission } : {}),
    ...(auth.bound ? { binding: 'tls-exporter' } : {}),
    ...(Object.keys(mailbox).length > 0 ? { mailbox } : {}),
    ...(auth.epoch !== undefined ? { epoch: auth.epoch } : {}),
  });
}

export function mailboxText(changes: MailboxSettings): string {
  return JSON.stringify({ type: 'mailbox', ...mailboxFields(changes) });
}

export function sendText(send: Send): string {
  return JSON.stringify({
    type: 'send',
    id: send.id,
    to: send.to.map((one) => ({ device: one.device, ...(one.invite ? { invite: toBase64url(one.invite) } : {}) })),
    payload: toBase64url(send.payload),
    ttl: send.ttl,
    urgency: send.urgency,
    receipt: send.receipt,
    ...(send.topic !== '' ? { topic: send.topic } : {}),
  });
}

export function ackText(ack: Ack): string {
  return JSON.stringify({
    type: 'ack',
    ...(ack.upTo > 0 ? { up_to: ack.upTo } : {}),
    ...(ack.seqs.length > 0 ? { seqs: ack.seqs } : {}),
  });
}

export function recallText(id: MessageId, device: Address): string {
  return JSON.stringify({ type: 'recall', id, device });
}

export function pingText(): string {
  return JSON.stringify({ type: 'ping' });
}
