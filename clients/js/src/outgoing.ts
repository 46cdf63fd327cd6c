// A text or a file on its way out, cut into sealed payloads.
import { copyOf, utf8, wipe } from './bytes.js';
import { LetheError } from './error.js';
import type { Identity } from './identity.js';
import type { Address } from './messages.js';
import { newMessageId } from './outgoing_message.js';
import { partCapacity, seal } from './sealed.js';
import type { Part } from './sealed.js';
import { Sodium } from './sodium.js';

/** What can be sent as a file: bytes, or a `Blob` (a `File` is one), which is read piece by piece. */
export type FileContent = Uint8Array | Blob;

const longestName = 255;
const blockSize = 262_144;
const mostParts = 0xffff_ffff;

/** The last step of the path, cut to what fits the name field, at a character. */
export function nameInPart(path: string): string {
  let name = '';
  let size = 0;
  for (const character of path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)) {
    size += utf8(character).length;
    if (size > longestName) break;
    name += character;
  }
  return name;
}

// Not by instanceof: content may come from another realm, such as a frame.
function isBlob(content: FileContent): content is Blob {
  return 'arrayBuffer' in content;
}

async function read(content: FileContent, offset: number, size: number): Promise<Uint8Array> {
  if (!isBlob(content)) return copyOf(content, offset, offset + size);
  return new Uint8Array(await content.slice(offset, offset + size).arrayBuffer());
}

async function hashOf(content: FileContent, total: number): Promise<Uint8Array> {
  const hash = (await Sodium.ready()).sha256();
  try {
    for (let at = 0; at < total; at += blockSize) {
      const block = await read(content, at, blockSize);
      hash.update(block);
      wipe(block);
    }
    return hash.final();
  } catch (error) {
    hash.drop();
    throw error;
  }
}

export class Outgoing {
  readonly #content: FileContent;
  readonly #common: Omit<Part, 'index' | 'offset' | 'bytes'>;
  readonly #capacity: number;
  readonly #limit: number;
  #taken = 0;

  private constructor(content: FileContent, common: Omit<Part, 'index' | 'offset' | 'bytes'>, capacity: number, limit: number) {
    this.#content = content;
    this.#common = common;
    this.#capacity = capacity;
    this.#limit = limit;
  }

  /**
   * Reads the content once, for its hash; `next` reads it again.
   * @param name - of the file; nothing for a text, which must fit one part.
   * @param limit - of a payload, as the relay says; it decides how many parts it takes.
   */
  static async of(content: FileContent, name: string | undefined, limit: number): Promise<Outgoing> {
    const shown = name === undefined ? '' : nameInPart(name);
    const capacity = partCapacity(limit, utf8(shown).length);
    const total = isBlob(content) ? content.size : content.length;
    const count = Math.max(1, Math.ceil(total / capacity));
    if (capacity === 0 || count > mostParts || (name === undefined && count > 1)) throw new LetheError('too_large');
    const hash = await hashOf(content, total);
    const kind = name === undefined ? 'text' : 'file';
    return new Outgoing(content, { kind, transfer: newMessageId(), count, total, hash, name: shown }, capacity, limit);
  }

  get transfer(): string {
    return this.#common.transfer;
  }
  get count(): number {
    return this.#common.count;
  }

  /** Seals the next part; nothing after the last. Throws `bad_contents` when the content changed meanwhile. */
  async next(recipient: Address, sender: Identity | undefined): Promise<Uint8Array | undefined> {
    if (this.#taken === this.count) return undefined;
    const index = this.#taken++;
    const offset = index * this.#capacity;
    const size = Math.min(this.#capacity, this.#common.total - offset);
    const bytes = await read(this.#content, offset, size);
    try {
      if (bytes.length !== size) throw new LetheError('bad_contents');
      return await seal({ ...this.#common, index, offset, bytes }, recipient, sender, this.#limit);
    } finally {
      wipe(bytes);
    }
  }
}
