// What can go wrong, as one error type with a code. Texts name no address, id, invite or payload.

/** Why the relay refused one recipient of a send. */
export type RefusalCode =
  | 'not_invited'
  | 'invite_expired'
  | 'mailbox_full'
  | 'relay_full'
  | 'offline'
  | 'rate_limited'
  | 'duplicate_recipient'
  | 'unknown';

/** The codes of the protocol's `error` message. */
export type ProtocolCode =
  | 'malformed'
  | 'unsupported'
  | 'unauthenticated'
  | 'forbidden'
  | 'too_large'
  | 'too_many_recipients'
  | 'rate_limited';

/** What the client itself finds wrong. */
export type ClientCode =
  /** The relay calls itself by another name than the one dialled. */
  | 'wrong_relay'
  /** The certificate's chain or name did not verify (Node only: a browser does not tell). */
  | 'untrusted_certificate'
  /** The certificate is not the pinned one. */
  | 'pin_mismatch'
  /** A pin was asked for where this platform can't check one, as in browsers. */
  | 'pin_unsupported'
  /** An HTTP answer other than 101: draining, too many connections, wrong origin (Node only). */
  | 'upgrade_refused'
  /** The relay chose an encoding that was not offered. */
  | 'wrong_subprotocol'
  /** The connection could not be made, or was lost. */
  | 'connection_lost'
  /** Another session of this key took the mailbox over. */
  | 'replaced'
  /** The session was closed by its owner. */
  | 'stopped'
  /** No connection within `giveUp`. */
  | 'gave_up'
  /** A send of that id is still in the outbox. */
  | 'duplicate_id'
  /** Only a session with a key can do that. */
  | 'anonymous'
  /** Not online, so that it can't be asked now. */
  | 'offline_now'
  | 'bad_link'
  | 'bad_invite'
  | 'bad_key'
  /** The payload does not open with this key. */
  | 'not_sealed_for_us'
  /** It opened, but what is in it breaks docs/sealed-format.md. */
  | 'bad_contents'
  /** It claims a sender whose signature is wrong. */
  | 'bad_signature'
  /** The bytes were overwritten already, because the message is acknowledged. */
  | 'gone'
  /** The relay restarted before delivery, and refused the message when it was sent again. */
  | 'lost'
  | 'expired'
  | 'displaced'
  | 'evicted';

/** Every code that a {@link LetheError} of this version can carry; later relays may add some. */
export type ErrorCode = RefusalCode | ProtocolCode | ClientCode | (string & {});

const texts: Readonly<Record<string, string>> = {
  malformed: 'the relay sent something that the protocol does not allow, or was sent such a thing',
  wrong_relay: 'the relay calls itself by another name than the one dialled',
  untrusted_certificate: "the relay's certificate is not trusted",
  pin_mismatch: "the relay's certificate is not the pinned one",
  pin_unsupported: 'this platform can not check a pinned certificate',
  upgrade_refused: 'the relay refuses connections for now',
  wrong_subprotocol: 'the relay does not speak lethe.v1',
  connection_lost: 'no connection with the relay',
  replaced: 'another session of this key took the mailbox over',
  unauthenticated: 'the relay refused the authentication',
  stopped: 'stopped',
  gave_up: 'the relay could not be reached',
  bad_link: 'not a lethe:// link',
  bad_invite: 'not an invite of version 1',
  bad_key: 'not a usable Ed25519 key',
  not_sealed_for_us: 'not sealed for this key',
  bad_contents: 'a message of unknown or broken form',
  bad_signature: "a message whose sender's signature is wrong",
  too_large: 'larger than allowed',
  gone: 'the message was acknowledged, and its bytes overwritten',
  lost: 'the relay restarted before delivery, and refused the message when it was sent again',
};

/**
 * The one error type of this package.
 *
 * @example
 * ```ts
 * try {
 *   await lethe.sendText(link, 'see you at eight');
 * } catch (error) {
 *   if (error instanceof LetheError && error.code === 'invite_expired') askForAnotherLink();
 * }
 * ```
 */
export class LetheError extends Error {
  /** `LetheError`. */
  override readonly name = 'LetheError';
  /** The protocol's code, or one of {@link ClientCode}. */
  readonly code: ErrorCode;
  /** Seconds to wait before it is worth another try, where the relay said so. */
  readonly retryAfter?: number;

  constructor(code: ErrorCode, retryAfter?: number) {
    super(texts[code] ?? code);
    this.code = code;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}
