/**
 * Client of Lethe, a WebSocket relay for end-to-end encrypted messages that forgets them. Begin with {@link Lethe}.
 * @module lethe-client
 */
export { fromBase64url, toBase64url, wipe } from './bytes.js';
export type { BackoffOptions } from './backoff.js';
export { Client } from './client.js';
export type { Clock } from './clock.js';
export { systemClock } from './clock.js';
export type { HandleDelivery } from './deliveries.js';
export { LetheError } from './error.js';
export type { ClientCode, ErrorCode, ProtocolCode, RefusalCode } from './error.js';
export type { ClientEvents, FailedHandling, State, StateChange } from './events.js';
export { Identity, verifySignature } from './identity.js';
export { IdentityStore } from './identity_store.js';
export { IndexedDbTransfers } from './indexed_db_transfers.js';
export { isInviteOf, mintInvite, readInvite } from './invite.js';
export type { InviteTerms } from './invite.js';
export { Lethe } from './lethe.js';
export type { DroppedMessage, LetheEvents, LetheOptions, NewInvite, NewInviteTerms } from './lethe.js';
export { formatLink, parseFingerprint, parseLink, parseRelay } from './link.js';
export type { Link, RelayReference } from './link.js';
export type { Unsubscribe } from './listeners.js';
export { Message } from './message.js';
export type {
  Address, Closing, Delivery, Encoding, Epoch, ErrorReply, Hello, MailboxSettings, MessageId, Missed, Ready, Recalled, Receipt,
  ReceiptStatus, RecallStatus, Recipient, Refusal, RelayLimits, Urgency,
} from './messages.js';
export type { ConnectionOptions } from './options.js';
export type { OutboxLoad, SendResult } from './outbox.js';
export type { FileContent } from './outgoing.js';
export { newMessageId } from './outgoing_message.js';
export type { OutgoingMessage, SendOptions } from './outgoing_message.js';
export type { Delivered } from './receipts.js';
export type { To } from './recipients.js';
export { openSealed, partCapacity, seal, sealedSizes } from './sealed.js';
export type { Part } from './sealed.js';
export type { ContentOptions, FileOptions, SentContent } from './sending.js';
export type { WebSocketFactory } from './socket.js';
export { MemoryTransfers } from './transfers.js';
export type { StoredPart, TransferStore, UnfinishedTransfer } from './transfers.js';
