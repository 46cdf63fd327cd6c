// Big-endian integers and fixed byte fields, read and written in order.

/**
 * Reads from the front of a buffer. After a read past the end every read gives zeros and `ok` is false, so that a decoder
 * checks once. 64-bit numbers beyond 2^53 are refused as well: no relay that follows the protocol has such.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  ok = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#step(1, (at) => this.#view.getUint8(at));
  }
  u16(): number {
    return this.#step(2, (at) => this.#view.getUint16(at));
  }
  u32(): number {
    return this.#step(4, (at) => this.#view.getUint32(at));
  }
  u64(): number {
    const value = this.#step(8, (at) => this.#view.getUint32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4));
    if (Number.isSafeInteger(value)) return value;
    this.ok = false;
    return 0;
  }
  /** A view, not a copy; empty after a failure. */
  take(size: number): Uint8Array {
    if (!this.ok || this.#bytes.length - this.#at < size) this.ok = false;
    if (!this.ok) return new Uint8Array(0);
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }
  /** What was not read yet: a view. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
  /** Everything was there, and nothing is left. */
  get finished(): boolean {
    return this.ok && this.#at === this.#bytes.length;
  }

  #step(size: number, read: (at: number) => number): number {
    const at = this.#at;
    this.take(size);
    return this.ok ? read(at) : 0;
  }
}

/** Fills a buffer of known size from the front. Writing beyond it throws a RangeError: a bug. */
export class ByteWriter {
  readonly #view: DataView;
  #at = 0;

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#advance(1), value);
    return this;
  }
  u16(value: number): this {
    this.#view.setUint16(this.#advance(2), value);
    return this;
  }
  u32(value: number): this {
    this.#view.setUint32(this.#advance(4), value);
    return this;
  }
  u64(value: number): this {
    return this.u32(Math.floor(value / 0x1_0000_0000)).u32(value % 0x1_0000_0000);
  }
  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#advance(bytes.length));
    return this;
  }

  #advance(size: number): number {
    this.#at += size;
    return this.#at - size;
  }
}
