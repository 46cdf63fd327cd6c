// A text or a file as the application gets it.
import { wipe } from './bytes.js';
import { LetheError } from './error.js';
import type { Address, Delivery } from './messages.js';
import type { Part } from './sealed.js';

/**
 * A received text or file. Its bytes are overwritten when it was acknowledged, that is: after the handler's promise resolved, when
 * the loop over {@link Lethe.messages} asks for the next one, or after {@link Message.ack}. Copy what you keep.
 */
export class Message {
  /** A text or a file. */
  readonly kind: 'text' | 'file';
  /** Who signed it; nothing: it may come from anyone who has the invite. */
  readonly sender?: Address;
  /** The same when the message comes again: remember what you finished. 22 characters. */
  readonly transfer: string;
  /** The name that the sender gave the file; not to be trusted, and never a path. Empty for a text. */
  readonly name: string;
  /** The content: of a text UTF-8. */
  readonly bytes: Uint8Array;
  /** When the relay accepted it, Unix milliseconds by its clock. */
  readonly received: number;
  /** Until when the relay would have kept it. */
  readonly expires: number;
  readonly #acknowledge: () => Promise<void>;
  #text: string | undefined;
  #gone = false;

  /** @internal */
  constructor(part: Part, content: Uint8Array, delivery: Delivery, acknowledge: () => Promise<void>) {
    this.kind = part.kind;
    if (part.sender !== undefined) this.sender = part.sender;
    this.transfer = part.transfer;
    this.name = part.name;
    this.bytes = content;
    this.received = delivery.received;
    this.expires = delivery.expires;
    this.#acknowledge = acknowledge;
  }

  /**
   * The bytes as text. Made when it is read for the first time, because a JavaScript string can't be overwritten.
   * @throws {@link LetheError} `gone` when that is too late.
   */
  get text(): string {
    if (this.#text === undefined && this.#gone) throw new LetheError('gone');
    this.#text ??= new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes);
    return this.#text;
  }

  /**
   * Acknowledges it now, before the loop asks for the next one or is left. Store what you need first. Resolves when the
   * acknowledgement is on its way.
   */
  ack(): Promise<void> {
    return this.#acknowledge();
  }

  /** @internal */
  wipe(): void {
    this.#gone = true;
    wipe(this.bytes);
  }
}
