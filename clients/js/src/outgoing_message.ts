// What an application gives to send, and its defaults.
import { copyOf, fromBase64url, toBase64url, utf8 } from './bytes.js';
import { LetheError } from './error.js';
import type { MessageId, Recipient, Send, Urgency } from './messages.js';
import { randomBytes } from './sodium.js';

/** How a message is kept and treated. */
export interface SendOptions {
  /** Seconds until the relay forgets it; 7 days if not given; 0: deliver now or not at all. */
  ttl?: number;
  /** `normal` if not given. */
  urgency?: Urgency;
  /** 1–32 of `A–Z a–z 0–9 - _`: replaces a not yet delivered message of the same topic and sender. */
  topic?: string;
  /** Asks for the receipts of the recipients; ignored in anonymous sessions. */
  receipt?: boolean;
  /** Milliseconds from the first one that `rate_limited`, `relay_full` and `mailbox_full` are tried again; 0: they are final. */
  patience?: number;
}

/** A message of {@link Client.send}. */
export interface OutgoingMessage extends SendOptions {
  /** At least one. */
  to: Recipient[];
  /** Any bytes, up to the limit of the relay. */
  payload: Uint8Array;
  /** Random if not given. */
  id?: MessageId;
}

const usualTtl = 604_800;
const longestTtl = 0xffff_ffff;
const mostRecipients = 65_535;

/** A random id for a message. */
export function newMessageId(): MessageId {
  return toBase64url(randomBytes(16));
}

// What no relay takes, and no record can hold.
function isSendable(send: Send): boolean {
  const ttlFits = Number.isInteger(send.ttl) && send.ttl >= 0 && send.ttl <= longestTtl;
  const known = send.to.every((one) => fromBase64url(one.device, 32) && (one.invite?.length ?? 92) === 92);
  const topicFits = utf8(send.topic).length <= 32;
  const some = send.to.length > 0 && send.to.length <= mostRecipients;
  return ttlFits && known && topicFits && some && fromBase64url(send.id, 16) !== undefined;
}

/** With every field, and a payload of its own. Throws `malformed` where no relay would take it. */
export function completeSend(message: OutgoingMessage, authenticated: boolean): Send {
  const send: Send = {
    id: message.id ?? newMessageId(),
    to: message.to,
    payload: copyOf(message.payload),
    ttl: message.ttl ?? usualTtl,
    urgency: message.urgency ?? 'normal',
    topic: message.topic ?? '',
    receipt: (message.receipt ?? false) && authenticated,
  };
  if (!isSendable(send)) throw new LetheError('malformed');
  return send;
}
