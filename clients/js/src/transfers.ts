// Where parts of arriving files wait until all are there, and what was finished: in memory, or in what an application provides.
import { copyOf, wipe } from './bytes.js';
import type { Part } from './sealed.js';
import { SeenIds } from './seen_ids.js';

/** What all parts of one transfer agree on, and which of them are here. */
export interface UnfinishedTransfer {
  /** Parts of the whole. */
  count: number;
  /** Bytes of the whole. */
  total: number;
  /** SHA-256 of the whole. */
  hash: Uint8Array;
  /** Of the file; not to be trusted. */
  name: string;
  /** Who signed all parts. */
  sender: string | undefined;
  /** Indices of the parts that are here. */
  parts: ReadonlySet<number>;
  /** Bytes of them. */
  bytes: number;
}

/** The bytes of one part, and where they belong. */
export interface StoredPart {
  /** In the whole. */
  offset: number;
  /** A copy, the caller's to overwrite. */
  bytes: Uint8Array;
}

/**
 * Keeps unfinished transfers and remembers finished ones. What `add` and `finish` took must still be there after whatever may
 * happen to the application, because it is acknowledged then. A promise that rejects leaves the message with the relay.
 */
export interface TransferStore {
  /** Whether it was finished before: it is acknowledged and nothing more. */
  isFinished(transfer: string): Promise<boolean>;
  /** What is known of it; nothing where no part is here. */
  get(transfer: string): Promise<UnfinishedTransfer | undefined>;
  /** How many are unfinished. */
  count(): Promise<number>;
  /** Keeps a copy of a part that was not there. */
  add(part: Part): Promise<void>;
  /** The bytes of a part that is there: a copy. */
  read(transfer: string, index: number): Promise<StoredPart>;
  /** Remembers that it was finished, and forgets its parts. */
  finish(transfer: string): Promise<void>;
  /** Forgets its parts. */
  discard(transfer: string): Promise<void>;
}

interface Held {
  about: Part;
  parts: Map<number, StoredPart>;
  bytes: number;
}

/**
 * In memory: an unfinished file is lost with the program, although its parts were acknowledged. Parts are overwritten when their
 * transfer ended. {@link IndexedDbTransfers} keeps them in a browser.
 */
export class MemoryTransfers implements TransferStore {
  readonly #held = new Map<string, Held>();
  readonly #finished: SeenIds;

  /** @param remembered - finished transfers, beyond which the oldest is forgotten. */
  constructor(remembered = 8_192) {
    this.#finished = new SeenIds(remembered);
  }

  isFinished(transfer: string): Promise<boolean> {
    return Promise.resolve(this.#finished.has(transfer));
  }
  get(transfer: string): Promise<UnfinishedTransfer | undefined> {
    const held = this.#held.get(transfer);
    if (!held) return Promise.resolve(undefined);
    const { count, total, hash, name, sender } = held.about;
    return Promise.resolve({ count, total, hash, name, sender, parts: new Set(held.parts.keys()), bytes: held.bytes });
  }
  count(): Promise<number> {
    return Promise.resolve(this.#held.size);
  }
  add(part: Part): Promise<void> {
    const held = this.#held.get(part.transfer) ?? { about: { ...part, bytes: new Uint8Array(0) }, parts: new Map(), bytes: 0 };
    this.#held.set(part.transfer, held);
    held.parts.set(part.index, { offset: part.offset, bytes: copyOf(part.bytes) });
    held.bytes += part.bytes.length;
    return Promise.resolve();
  }
  read(transfer: string, index: number): Promise<StoredPart> {
    const part = this.#held.get(transfer)?.parts.get(index);
    if (!part) return Promise.reject(new RangeError('no such part'));
    return Promise.resolve({ offset: part.offset, bytes: copyOf(part.bytes) });
  }
  finish(transfer: string): Promise<void> {
    this.#finished.add(transfer);
    return this.discard(transfer);
  }
  discard(transfer: string): Promise<void> {
    for (const { bytes } of this.#held.get(transfer)?.parts.values() ?? []) wipe(bytes);
    this.#held.delete(transfer);
    return Promise.resolve();
  }
}
