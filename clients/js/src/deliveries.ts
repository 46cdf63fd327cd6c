// Gives messages to the application one after the other, in the order of the mailbox, and acknowledges each afterwards.
import { wipe } from './bytes.js';
import { deferred } from './deferred.js';
import type { Delivery } from './messages.js';
import type { SeenIds } from './seen_ids.js';

/**
 * What the application does with a message; it is acknowledged when the promise resolved. `acknowledged` resolves after that, with
 * false when the handling failed.
 */
export type HandleDelivery = (delivery: Delivery, acknowledged: Promise<boolean>) => void | Promise<void>;

/**
 * Each message is handled once per Deliveries. When handling fails, the message stays with the relay and comes again in the next
 * session. Payloads are overwritten afterwards.
 */
export class Deliveries {
  readonly #seen: SeenIds;
  readonly #handle: HandleDelivery;
  readonly #failed: (delivery: Delivery, error: unknown) => void;
  #queue: { delivery: Delivery; acknowledge: () => void }[] = [];
  #running = false;

  constructor(seen: SeenIds, handle: HandleDelivery, failed: (delivery: Delivery, error: unknown) => void) {
    this.#seen = seen;
    this.#handle = handle;
    this.#failed = failed;
  }

  /** `acknowledge` belongs to the session that the delivery came from, and does nothing after its end. */
  push(delivery: Delivery, acknowledge: () => void): void {
    this.#queue.push({ delivery, acknowledge });
    if (!this.#running) void this.#run();
  }

  /** The session is over: what was not begun comes again in the next one. */
  clear(): void {
    for (const { delivery } of this.#queue) wipe(delivery.payload);
    this.#queue = [];
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { delivery, acknowledge } = next;
      // While a message is being handled its session may end, and the next one bring it again: looked at when its turn comes.
      const acknowledged = deferred<boolean>();
      const done = this.#seen.has(delivery.id) || (await this.#succeeds(delivery, acknowledged.promise));
      if (done) acknowledge();
      acknowledged.resolve(done);
      wipe(delivery.payload);
    }
    this.#running = false;
  }

  async #succeeds(delivery: Delivery, acknowledged: Promise<boolean>): Promise<boolean> {
    try {
      await this.#handle(delivery, acknowledged);
      this.#seen.add(delivery.id);
      return true;
    } catch (error) {
      this.#failed(delivery, error);
      return false;
    }
  }
}
