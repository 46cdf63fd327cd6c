// Promises for the receipts of sends that asked for one.
import type { Client } from './client.js';
import { deferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { LetheError } from './error.js';
import type { Address, MessageId, ReceiptStatus } from './messages.js';

/** What became of a text or file: `delivered` when the recipient acknowledged all of it, else the first other fate of a part. */
export type Delivered = ReceiptStatus;

export class Receipts {
  readonly #expected = new Map<MessageId, { device: Address; status: Deferred<ReceiptStatus> }>();

  constructor(client: Client) {
    client.on('receipt', ({ id, device, status }) => {
      const expected = this.#expected.get(id);
      if (expected?.device !== device) return;
      this.#expected.delete(id);
      expected.status.resolve(status);
    });
    client.on('state', ({ state }) => {
      if (state !== 'stopped') return;
      for (const { status } of this.#expected.values()) status.reject(new LetheError('stopped'));
      this.#expected.clear();
    });
  }

  /** To be called before the send: a receipt can overtake its verdict. */
  expect(id: MessageId, device: Address): Promise<ReceiptStatus> {
    const status = deferred<ReceiptStatus>();
    this.#expected.set(id, { device, status });
    return status.promise;
  }

  /** Nobody waits for it any more. */
  forget(id: MessageId): void {
    this.#expected.delete(id);
  }

  /** Its rejection is no unhandled one. */
  all(statuses: Promise<ReceiptStatus>[]): Promise<Delivered> {
    const whole = Promise.all(statuses).then((found) => found.find((status) => status !== 'delivered') ?? 'delivered');
    whole.catch(() => undefined);
    return whole;
  }
}
