// What happens to a delivered payload: opened, put together with the other parts of its file, handed to the application.
import { wipe } from './bytes.js';
import { LetheError } from './error.js';
import type { Identity } from './identity.js';
import { Inbox } from './inbox.js';
import { Message } from './message.js';
import type { MessageStream } from './message_stream.js';
import type { Delivery, MessageId } from './messages.js';
import { openSealed } from './sealed.js';
import type { Part } from './sealed.js';
import type { TransferStore } from './transfers.js';

export class Receiving {
  readonly #identity: Identity;
  readonly #inbox: Inbox;
  readonly #stream: MessageStream;
  readonly #dropped: (id: MessageId, error: LetheError) => void;
  #settling: Promise<unknown> | undefined;

  constructor(
    identity: Identity,
    store: TransferStore,
    largestFile: number,
    stream: MessageStream,
    dropped: (id: MessageId, error: LetheError) => void,
  ) {
    this.#identity = identity;
    this.#inbox = new Inbox(store, largestFile);
    this.#stream = stream;
    this.#dropped = dropped;
  }

  /** Resolves when the last message that Message.ack() was called for is acknowledged. */
  async settled(): Promise<void> {
    await this.#settling;
  }

  /** Resolves when the message may be acknowledged: done with, kept, or of no use. */
  async receive(delivery: Delivery, acknowledged: Promise<boolean>): Promise<void> {
    const part = await this.#open(delivery);
    if (!part) return;
    try {
      if (await this.#inbox.isFinished(part.transfer)) return;
      if (part.kind === 'text') return await this.#give(part, part.bytes, delivery, acknowledged);
      const accepted = await this.#inbox.accept(part);
      if (accepted.status === 'whole') await this.#give(part, accepted.content, delivery, acknowledged);
      if (accepted.status === 'rejected') this.#dropped(delivery.id, new LetheError(accepted.reason));
    } finally {
      wipe(part.bytes);
    }
  }

  async #open(delivery: Delivery): Promise<Part | undefined> {
    try {
      return await openSealed(delivery.payload, this.#identity);
    } catch (error) {
      if (!(error instanceof LetheError)) throw error;
      this.#dropped(delivery.id, error);
      return undefined;
    }
  }

  async #give(part: Part, content: Uint8Array, delivery: Delivery, acknowledged: Promise<boolean>): Promise<void> {
    let message: Message | undefined;
    try {
      await this.#stream.offer((settle) => {
        const acknowledge = async (): Promise<void> => {
          this.#settling = acknowledged;
          settle();
          await acknowledged;
        };
        return (message = new Message(part, content, delivery, acknowledge));
      });
      await this.#inbox.finish(part.transfer);
    } finally {
      message?.wipe();
    }
  }
}
