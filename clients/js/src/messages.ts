// The messages of the wire as a client sees them (docs/protocol.md). Times are Unix milliseconds of the relay's clock, a ttl
// and a retryAfter are seconds.
import type { ErrorCode, RefusalCode } from './error.js';

/** An Ed25519 public key as base64url, 43 characters: where messages go. */
export type Address = string;
/** 16 random bytes as base64url, 22 characters, chosen by the sender. */
export type MessageId = string;
/** The relay's epoch, 16 hex digits: a new one means that undelivered messages may be lost. */
export type Epoch = string;
/** How messages are encoded on the wire. */
export type Encoding = 'binary' | 'json';
/** What is less urgent is refused first when the relay is short of memory. */
export type Urgency = 'very-low' | 'low' | 'normal' | 'high';
/** `lost` is not of the wire: the relay restarted before delivery, and refused the message when it was sent again. */
export type ReceiptStatus = 'delivered' | 'expired' | 'displaced' | 'evicted' | 'lost';
/** What became of a recall: overwritten, already on its way to the recipient, or nothing of ours was there. */
export type RecallStatus = 'wiped' | 'in_flight' | 'unknown';

export const urgencies: readonly Urgency[] = ['very-low', 'low', 'normal', 'high'];
export const receiptStatuses: readonly ReceiptStatus[] = ['lost', 'delivered', 'expired', 'displaced', 'evicted'];
export const refusalCodes: readonly RefusalCode[] = [
  'unknown', 'not_invited', 'invite_expired', 'mailbox_full', 'relay_full', 'offline', 'rate_limited', 'duplicate_recipient',
];

/** What the relay takes; said in its greeting. */
export interface RelayLimits {
  /** Bytes of one payload. */
  payload: number;
  /** Recipients of one send. */
  recipients: number;
  /** Longest lifetime, seconds. */
  ttl: number;
  /** Messages in flight to one session. */
  window: number;
}
/** The relay's greeting. */
export interface Hello {
  /** What kind of message it is. */
  type: 'hello';
  /** The relay's own name. */
  relay: string;
  /** What the authentication signs, 32 bytes. */
  nonce: Uint8Array;
  /** The relay's epoch. */
  epoch: Epoch;
  /** The relay's clock, Unix milliseconds. */
  time: number;
  /** What it takes. */
  limits: RelayLimits;
}
/** What left a mailbox without being acknowledged. */
export interface Missed {
  /** Its time was over. */
  expired: number;
  /** Replaced by a message of the same topic, or there was no room for a receipt. */
  displaced: number;
  /** Taken back by its sender. */
  recalled: number;
}
/** The answer to a successful authentication. */
export interface Ready {
  /** What kind of message it is. */
  type: 'ready';
  /** The relay's epoch. */
  epoch: Epoch;
  /** Messages and receipts that wait. */
  queued: number;
  /** Bytes of them. */
  queuedBytes: number;
  /** What left the mailbox unacknowledged since this device's previous session. */
  missed: Missed;
  /** False: the relay lost what was undelivered. What has no receipt is sent again by itself. */
  continuous: boolean;
}
export interface CaughtUp {
  type: 'caught_up';
  epoch: Epoch;
}
/** A message as it came from the mailbox. */
export interface Delivery {
  /** What kind of message it is. */
  type: 'deliver';
  /** Place in the mailbox: rises within an epoch. */
  seq: number;
  /** Chosen by the sender. */
  id: MessageId;
  /** When the relay accepted it. */
  received: number;
  /** Until when the relay keeps it. */
  expires: number;
  /** It was on its way in an earlier session already. */
  redelivered: boolean;
  /** Overwritten when it was acknowledged. */
  payload: Uint8Array;
}
/** The relay's refusal of one recipient. */
export interface Refusal {
  /** The recipient. */
  device: Address;
  /** Why. */
  code: RefusalCode;
  /** Seconds to wait before it is worth another try. */
  retryAfter?: number;
}
export interface Sent {
  type: 'sent';
  id: MessageId;
  ttl: number;
  accepted: number;
  refused: Refusal[];
}
/** What became of a message at one recipient. */
export interface Receipt {
  /** What kind of message it is. */
  type: 'receipt';
  /** Place in this device's own mailbox; 0 with `lost`. */
  seq: number;
  /** Of the message that it speaks of. */
  id: MessageId;
  /** The recipient. */
  device: Address;
  /** What became of it. */
  status: ReceiptStatus;
}
/** The answer to a recall. */
export interface Recalled {
  /** What kind of message it is. */
  type: 'recalled';
  /** Of the message. */
  id: MessageId;
  /** The recipient. */
  device: Address;
  /** What became of the recall. */
  status: RecallStatus;
}
/** An `error` of the relay. */
export interface ErrorReply {
  /** What kind of message it is. */
  type: 'error';
  /** The protocol's code. */
  code: ErrorCode;
  /** A sentence for people. */
  detail: string;
  /** Of the send that it answers. */
  id?: MessageId;
  /** Seconds to wait before another try. */
  retryAfter?: number;
}
/** Why the relay is about to close the connection. */
export interface Closing {
  /** What kind of message it is. */
  type: 'closing';
  /** One of docs/protocol.md, such as `draining` or `replaced`. */
  reason: string;
  /** Seconds: no new connection before. */
  retryAfter?: number;
}
export interface Pong {
  type: 'pong';
  time: number;
}
/** Of a later version: ignored. */
export interface Unknown {
  type: 'unknown';
}
export type FromRelay =
  Hello | Ready | CaughtUp | Delivery | Sent | Receipt | Recalled | ErrorReply | Closing | Pong | Unknown;

/** How this device's mailbox behaves; announced with every session, because the relay forgets. */
export interface MailboxSettings {
  /** `invited` (at first): only who has an invite may send; `anyone`: every authenticated device. */
  senders?: 'anyone' | 'invited';
  /** Raising it voids every invite of a lower one. */
  generation?: number;
  /** Labels of void invites, 11 characters each; replaces the list. */
  revoked?: string[];
  /** Messages in flight, capped by the relay's limit. */
  window?: number;
  /** What is less urgent waits at the relay. */
  minUrgency?: Urgency;
}
/** To whom a message goes, and the invite that allows it. */
export interface Recipient {
  /** Where it goes. */
  device: Address;
  /** 92 bytes. */
  invite?: Uint8Array;
}
export interface Send {
  id: MessageId;
  to: Recipient[];
  payload: Uint8Array;
  ttl: number;
  urgency: Urgency;
  topic: string;
  receipt: boolean;
}
export interface Ack {
  /** 0: none. */
  upTo: number;
  /** At most 65,535. */
  seqs: number[];
}
export interface Auth {
  device: Address;
  signature: Uint8Array;
  admission?: string;
  bound: boolean;
  mailbox: MailboxSettings;
  epoch?: Epoch;
}
