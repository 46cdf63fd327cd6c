// Gathers binary records into WebSocket messages of at most 64 KiB, or one record (docs/protocol.md).
import { concat, wipe } from './bytes.js';

const mostBytes = 65_536;

/** Add records, then call end. Each is overwritten when it went into a larger message. */
export class Batch {
  readonly #write: (message: Uint8Array) => void;
  #records: Uint8Array[] = [];
  #size = 0;

  constructor(write: (message: Uint8Array) => void) {
    this.#write = write;
  }

  add(record: Uint8Array): void {
    if (this.#size > 0 && this.#size + record.length > mostBytes) this.end();
    this.#records.push(record);
    this.#size += record.length;
  }

  end(): void {
    const records = this.#records;
    this.#records = [];
    this.#size = 0;
    if (records.length === 1) return this.#write(records[0] as Uint8Array);
    if (records.length === 0) return;
    const message = concat(...records);
    wipe(...records);
    this.#write(message);
  }
}
