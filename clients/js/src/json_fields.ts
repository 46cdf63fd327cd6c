// Typed fields of one JSON object of the relay. A field that is missing or of another kind throws `malformed`.
import { fromBase64url } from './bytes.js';
import { LetheError } from './error.js';

const longestWait = 86_400;

export class JsonFields {
  readonly #object: Record<string, unknown>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LetheError('malformed');
    this.#object = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name) && this.#object[name] !== null;
  }
  value(name: string): unknown {
    return this.has(name) ? this.#object[name] : undefined;
  }
  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== 'string') throw new LetheError('malformed');
    return value;
  }
  number(name: string, otherwise?: number): number {
    if (otherwise !== undefined && !this.has(name)) return otherwise;
    const value = this.value(name);
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw new LetheError('malformed');
    return value as number;
  }
  flag(name: string, otherwise?: boolean): boolean {
    if (otherwise !== undefined && !this.has(name)) return otherwise;
    const value = this.value(name);
    if (typeof value !== 'boolean') throw new LetheError('malformed');
    return value;
  }
  bytes(name: string, size?: number): Uint8Array {
    const bytes = fromBase64url(this.text(name), size);
    if (bytes === undefined) throw new LetheError('malformed');
    return bytes;
  }
  /** The text of a binary value of that size. */
  fixed(name: string, size: number): string {
    this.bytes(name, size);
    return this.text(name);
  }
  epoch(name: string): string {
    const digits = this.text(name);
    if (!/^[0-9a-f]{16}$/i.test(digits)) throw new LetheError('malformed');
    return digits;
  }
  /** Negative and fractional waits of a confused relay are no reason to hang up. */
  retryAfter(): { retryAfter?: number } {
    const value = this.value('retry_after');
    if (!Number.isSafeInteger(value) || (value as number) < 0) return {};
    return { retryAfter: Math.min(value as number, longestWait) };
  }
}
