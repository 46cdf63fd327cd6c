// Puts arriving files together, so that each is given out whole, and once, although parts come in any order and at least once.
import { equalBytes, wipe } from './bytes.js';
import type { ErrorCode } from './error.js';
import type { Part } from './sealed.js';
import { Sodium } from './sodium.js';
import type { TransferStore, UnfinishedTransfer } from './transfers.js';

const mostUnfinished = 64;

/**
 * - `stored`: the part is kept, others are missing
 * - `duplicate`: was here before
 * - `rejected`: can't be used, and will never be
 * - `whole`: the content is complete and has the hash that the sender gave; it stays in the store until finish()
 */
export type Accepted =
  | { status: 'stored' | 'duplicate' }
  | { status: 'rejected'; reason: ErrorCode }
  | { status: 'whole'; content: Uint8Array };

function belongs(part: Part, known: UnfinishedTransfer): boolean {
  const same = part.count === known.count && part.total === known.total && part.name === known.name;
  return same && part.sender === known.sender && equalBytes(part.hash, known.hash);
}

export class Inbox {
  readonly #store: TransferStore;
  readonly #largest: number;

  /** @param largest - bytes of one file; larger ones are rejected. */
  constructor(store: TransferStore, largest: number) {
    this.#store = store;
    this.#largest = largest;
  }

  isFinished(transfer: string): Promise<boolean> {
    return this.#store.isFinished(transfer);
  }
  finish(transfer: string): Promise<void> {
    return this.#store.finish(transfer);
  }

  /** A part of a file. A rejected promise means that the store failed: do not acknowledge. */
  async accept(part: Part): Promise<Accepted> {
    if (part.total > this.#largest) return { status: 'rejected', reason: 'too_large' };
    if (part.bytes.length === 0 && part.total > 0) return { status: 'rejected', reason: 'bad_contents' };
    const known = await this.#store.get(part.transfer);
    if (!known && (await this.#store.count()) >= mostUnfinished) return { status: 'rejected', reason: 'too_large' };
    if (known && !belongs(part, known)) return { status: 'rejected', reason: 'bad_contents' };
    const duplicate = known?.parts.has(part.index) ?? false;
    const arrived = (known?.parts.size ?? 0) + (duplicate ? 0 : 1);
    if (!duplicate) {
      // Parts that overlap would let a stranger fill the store.
      if ((known?.bytes ?? 0) + part.bytes.length > part.total) return { status: 'rejected', reason: 'bad_contents' };
      await this.#store.add(part);
    }
    if (arrived < part.count) return { status: duplicate ? 'duplicate' : 'stored' };
    return this.#assemble(part);
  }

  async #assemble(part: Part): Promise<Accepted> {
    const content = new Uint8Array(part.total);
    for (let index = 0; index < part.count; ++index) {
      const { offset, bytes } = await this.#store.read(part.transfer, index);
      content.set(bytes, offset);
      wipe(bytes);
    }
    const hash = (await Sodium.ready()).sha256();
    hash.update(content);
    if (equalBytes(hash.final(), part.hash)) return { status: 'whole', content };
    wipe(content);
    await this.#store.discard(part.transfer);
    return { status: 'rejected', reason: 'bad_contents' };
  }
}
