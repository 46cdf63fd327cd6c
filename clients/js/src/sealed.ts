// End-to-end sealing: what is inside a payload (docs/sealed-format.md, byte by byte).
import { concat, copyOf, fromBase64url, toBase64url, utf8, wipe } from './bytes.js';
import { ByteReader, ByteWriter } from './byte_cursor.js';
import { LetheError } from './error.js';
import type { Identity } from './identity.js';
import { verifySignature } from './identity.js';
import type { Address } from './messages.js';
import { Sodium } from './sodium.js';

// 0        1     2      3          4         20     24     28      36     44    76          80      112        176
// version  kind  flags  name size  transfer  index  count  offset  total  hash  bytes size  sender  signature  name, bytes, 0…
const version = 1;
const signedFlag = 1;
const signatureAt = 112;
const headerSize = 176;
const boxOverhead = 48;
const longestName = 255;

/** The lengths that a payload can have, so that it tells the relay little. */
export const sealedSizes: readonly number[] = [256, 1_024, 4_096, 16_384, 65_536];

/** One message of a transfer. A text is always one part; a file is `count` parts, in any order. */
export interface Part {
  /** A text, or a part of a file. */
  kind: 'text' | 'file';
  /** 16 random bytes as base64url, the same in all parts. */
  transfer: string;
  /** 0 … count-1. */
  index: number;
  /** Parts of the whole, at least 1. */
  count: number;
  /** Of `bytes` in the whole content. */
  offset: number;
  /** Size of the whole content. */
  total: number;
  /** SHA-256 of the whole content. */
  hash: Uint8Array;
  /** Of the file, at most 255 bytes of UTF-8; never a path to be trusted. */
  name: string;
  /** Content of this part. */
  bytes: Uint8Array;
  /** Who signed it; only {@link openSealed} sets it. */
  sender?: Address;
}

/** The most content bytes that fit in one payload of at most `limit` bytes beside a name of that length; 0 if none. */
export function partCapacity(limit: number, nameSize: number): number {
  const largest = sealedSizes.filter((size) => size <= limit).at(-1) ?? 0;
  return Math.max(0, largest - boxOverhead - headerSize - nameSize);
}

// What the sender signs: everything but the signature itself and the padding, for this recipient only.
function signedBytes(recipient: Address, plain: Uint8Array, contentSize: number): Uint8Array {
  const address = fromBase64url(recipient, 32);
  if (address === undefined) throw new LetheError('bad_key');
  const content = plain.subarray(headerSize, headerSize + contentSize);
  return concat(utf8('lethe/v1/sealed\0'), address, plain.subarray(0, signatureAt), content);
}

function fillPlain(plain: Uint8Array, part: Part, name: Uint8Array, sender: Identity | undefined): void {
  const out = new ByteWriter(plain).u8(version).u8(part.kind === 'text' ? 1 : 2).u8(sender ? signedFlag : 0).u8(name.length);
  const transfer = fromBase64url(part.transfer, 16);
  if (transfer === undefined) throw new LetheError('bad_contents');
  out.raw(transfer).u32(part.index).u32(part.count).u64(part.offset).u64(part.total).raw(part.hash).u32(part.bytes.length);
  out.raw(sender ? (fromBase64url(sender.address) as Uint8Array) : new Uint8Array(32)).raw(new Uint8Array(64));
  out.raw(name).raw(part.bytes);
}

/**
 * Seals for `recipient`, padded to the smallest size that holds it, signed when there is a sender.
 * @throws {@link LetheError} `too_large` when no size up to `limit` holds it; `bad_key` when the address is no usable key.
 */
export async function seal(part: Part, recipient: Address, sender?: Identity, limit = 65_536): Promise<Uint8Array> {
  const name = utf8(part.name);
  const needed = boxOverhead + headerSize + name.length + part.bytes.length;
  const size = sealedSizes.find((one) => one >= needed);
  if (size === undefined || size > limit || name.length > longestName) throw new LetheError('too_large');
  const sodium = await Sodium.ready();
  const address = fromBase64url(recipient, 32);
  const boxKey = address && sodium.boxKey(address);
  if (boxKey === undefined) throw new LetheError('bad_key');
  const plain = new Uint8Array(size - boxOverhead);
  let message: Uint8Array | undefined;
  try {
    fillPlain(plain, part, name, sender);
    if (sender) {
      message = signedBytes(recipient, plain, name.length + part.bytes.length);
      plain.set(await sender.sign(message), signatureAt);
    }
    return sodium.seal(plain, boxKey);
  } finally {
    wipe(plain, message);
  }
}

// Whether the parts of a whole can look like this.
function isSound(part: Part): boolean {
  if (part.count === 0 || part.index >= part.count || (part.kind === 'text' && part.count !== 1)) return false;
  if (part.offset > part.total || part.bytes.length > part.total - part.offset) return false;
  return part.count > 1 || part.bytes.length === part.total;
}

function readPlain(plain: Uint8Array): { part: Part; sender: Uint8Array; signature: Uint8Array; signed: boolean; size: number } {
  const from = new ByteReader(plain);
  const [foundVersion, kind, flags, nameSize] = [from.u8(), from.u8(), from.u8(), from.u8()];
  const transfer = toBase64url(from.take(16));
  const [index, count, offset, total] = [from.u32(), from.u32(), from.u64(), from.u64()];
  const hash = copyOf(from.take(32));
  const size = from.u32();
  const [sender, signature] = [from.take(32), from.take(64)];
  // What is not UTF-8 becomes U+FFFD: such a name is shown, and never trusted.
  const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(from.take(nameSize));
  const bytes = from.take(size);
  const known = foundVersion === version && (kind === 1 || kind === 2) && (flags & ~signedFlag) === 0;
  if (!from.ok || !known || from.rest.some((byte) => byte !== 0)) throw new LetheError('bad_contents');
  const part: Part = { kind: kind === 1 ? 'text' : 'file', transfer, index, count, offset, total, hash, name, bytes };
  if (!isSound(part)) throw new LetheError('bad_contents');
  return { part, sender, signature, signed: (flags & signedFlag) !== 0, size: nameSize + size };
}

/**
 * Opens a payload. `bytes` of the part is the caller's to overwrite.
 * @throws {@link LetheError} `not_sealed_for_us`, `bad_contents` or `bad_signature`. A part without a sender came from anyone.
 */
export async function openSealed(payload: Uint8Array, recipient: Identity): Promise<Part> {
  const plain = sealedSizes.includes(payload.length) ? await recipient.openBox(payload) : undefined;
  if (plain === undefined) throw new LetheError('not_sealed_for_us');
  let message: Uint8Array | undefined;
  try {
    const { part, sender, signature, signed, size } = readPlain(plain);
    if (signed) {
      message = signedBytes(recipient.address, plain, size);
      part.sender = toBase64url(sender);
      if (!(await verifySignature(part.sender, message, signature))) throw new LetheError('bad_signature');
    }
    return { ...part, bytes: copyOf(part.bytes) };
  } finally {
    wipe(plain, message);
  }
}
