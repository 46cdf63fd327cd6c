// How a client connects and behaves. Every field has a default.
import type { BackoffOptions } from './backoff.js';
import type { Clock } from './clock.js';
import type { Identity } from './identity.js';
import type { Encoding, Epoch, MailboxSettings } from './messages.js';
import type { WebSocketFactory } from './socket.js';

/** Durations are milliseconds. */
export interface ConnectionOptions {
  /** None: an anonymous session, which may only send, to anonymous invites. */
  identity?: Identity;
  /** What the relay must call itself; the host if not given, in the link or here. */
  relayName?: string;
  /** PEM text of the CAs to trust instead of the platform's. Node only. */
  ca?: string;
  /** SHA-256 of the one certificate to trust: bytes, 64 hex digits or base64url. Node only. A link may bring it along. */
  pin?: string | Uint8Array;
  /**
   * Leaves it to the platform to judge the certificate although the link has a pin. Browsers can't check one, so that connecting
   * fails there with `pin_unsupported` unless this is set.
   */
  ignorePin?: boolean;
  /** Accept TLS 1.2 too; 1.3 only otherwise. Node only. */
  allowTls12?: boolean;
  /** Signs the TLS connection too (RFC 9266). Node only, and not behind a proxy that ends TLS. */
  bindToTls?: boolean;
  /** On the wire; `binary` if not given. */
  encoding?: Encoding;
  /** A JWT, where the relay asks for one. */
  admission?: string;
  /** Announced with every session. */
  mailbox?: MailboxSettings;
  /** The last one seen by an earlier process: the relay then says whether it lost anything since. */
  epoch?: Epoch;
  /** Closes the session when aborted, before or after it is connected. */
  signal?: AbortSignal;
  /** Whether a lost connection is made again; true if not given. */
  reconnect?: boolean;
  /** Waits between attempts. */
  backoff?: BackoffOptions;
  /** Ends the session when disconnected for so long, also at the start; never if not given. */
  giveUp?: number;
  /** For a connection to be made; 15,000 if not given. */
  connectTimeout?: number;
  /** Without a sign of life of the relay the connection is dropped; 90,000 if not given. */
  idle?: number;
  /** Sends without an answer at a time, the rest waits in the outbox; 64 if not given. */
  inFlight?: number;
  /** Received ids kept against duplicates, more than any window; 8,192 if not given. */
  rememberedIds?: number;
  /** Time, for tests. */
  clock?: Clock;
  /** Makes the WebSocket instead of the platform's own way; `ca` and `pin` can't be used then. */
  webSocket?: WebSocketFactory;
}
