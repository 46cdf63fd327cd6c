// What a client tells the application beside messages.
import type { LetheError } from './error.js';
import type { Closing, ErrorReply, Hello, MessageId, Ready, Recalled, Receipt } from './messages.js';

/**
 * - `connecting`: resolving, connecting, shaking hands
 * - `authenticating`: the signature is sent, the relay's answer not here yet
 * - `online`: ready to send and receive
 * - `waiting`: lost the connection; will try again
 * - `stopped`: for good; see the error that came with it
 */
export type State = 'connecting' | 'authenticating' | 'online' | 'waiting' | 'stopped';

/** Why the state is what it is: given with `waiting` and `stopped`. */
export interface StateChange {
  /** The new state. */
  state: State;
  /** Why it waits or stopped. */
  error?: LetheError;
}

/** What the handler of a message threw. */
export interface FailedHandling {
  /** Of the message, which stays with the relay. */
  id: MessageId;
  /** What was thrown. */
  error: unknown;
}

/** The events of {@link Client.on}. */
export interface ClientEvents {
  /** The state changed. */
  state: StateChange;
  /** The relay greeted. */
  hello: Hello;
  /** The mailbox is open. */
  ready: Ready;
  /** The backlog was delivered. */
  caughtUp: undefined;
  /** The relay is about to close the connection. */
  closing: Closing;
  /** At least once for each; acknowledged when the listeners returned. */
  receipt: Receipt;
  /** The answer to a recall. */
  recalled: Recalled;
  /** A reply that names no send of ours. */
  error: ErrorReply;
  /** The handler of a message threw or rejected: it stays with the relay. */
  failed: FailedHandling;
}
