// A device's Ed25519 key (RFC 8032). Its public half is the device's address.
import { concat, copyOf, fromBase64url, fromHex, toBase64url, utf8, wipe } from './bytes.js';
import { LetheError } from './error.js';
import type { Address } from './messages.js';
import { randomBytes, Sodium } from './sodium.js';

const heading = 'lethe-key-1 ';
// RFC 8410: a PKCS #8 Ed25519 private key is this and the seed.
const pkcs8Prefix = fromHex('302e020100300506032b657004220420') as Uint8Array;

type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/** WebCrypto's Ed25519, where the platform has it; nothing otherwise. */
async function webSigner(seed: Uint8Array, subtle: SubtleCrypto | undefined): Promise<Sign | undefined> {
  const encoded = concat(pkcs8Prefix, seed);
  try {
    const key = await subtle?.importKey('pkcs8', encoded as BufferSource, 'Ed25519', false, ['sign']);
    if (subtle === undefined || key === undefined) return undefined;
    return async (message) => new Uint8Array(await subtle.sign('Ed25519', key, message as BufferSource));
  } catch {
    return undefined;
  } finally {
    wipe(encoded);
  }
}

/**
 * The key of a device. Who has it is the device: it opens what is sealed for it and speaks for it. The application keeps it:
 * {@link Identity.export} gives it as text, {@link Identity.import} takes that back, and `lethe-cli --key FILE` reads the same
 * text. Browsers can use {@link IdentityStore}.
 */
export class Identity {
  /** The public key as base64url. */
  readonly address: Address;
  readonly #seed: Uint8Array;
  readonly #sign: Sign;

  private constructor(address: Address, seed: Uint8Array, sign: Sign) {
    this.address = address;
    this.#seed = seed;
    this.#sign = sign;
  }

  /** A new random key. */
  static async generate(): Promise<Identity> {
    const seed = randomBytes(32);
    try {
      return await Identity.fromSeed(seed);
    } finally {
      wipe(seed);
    }
  }

  /**
   * From the 32-byte seed (RFC 8032's «private key»), which is copied.
   * @param subtle - signs where it knows Ed25519; libsodium does otherwise.
   * @throws {@link LetheError} `bad_key` for another length.
   */
  static async fromSeed(seed: Uint8Array, subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle): Promise<Identity> {
    if (seed.length !== 32) throw new LetheError('bad_key');
    const own = copyOf(seed);
    const sodium = await Sodium.ready();
    const web = await webSigner(own, subtle);
    const sign = web ?? ((message: Uint8Array) => Promise.resolve(sodium.sign(message, own)));
    return new Identity(toBase64url(sodium.publicKey(own)), own, sign);
  }

  /**
   * From what {@link Identity.export} gave, or the key file of lethe-cli.
   * @throws {@link LetheError} `bad_key`.
   */
  static async import(text: string): Promise<Identity> {
    const line = text.replace(/[\r\n ]+$/, '');
    const seed = line.startsWith(heading) ? fromBase64url(line.slice(heading.length), 32) : undefined;
    if (seed === undefined) throw new LetheError('bad_key');
    try {
      return await Identity.fromSeed(seed);
    } finally {
      wipe(seed);
    }
  }

  /** The private key as one line of text. Whoever reads it is this device. */
  export(): string {
    return `${heading}${toBase64url(this.#seed)}\n`;
  }

  /** A copy of the seed; overwrite it after use. */
  seed(): Uint8Array {
    return copyOf(this.#seed);
  }

  /** An Ed25519 signature, 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array> {
    return this.#sign(message);
  }

  /** Opens a libsodium sealed box for this key; nothing when it does not open. */
  async openBox(sealed: Uint8Array): Promise<Uint8Array | undefined> {
    return (await Sodium.ready()).openSeal(sealed, this.#seed);
  }

  /** Overwrites the key in this object, which is of no use afterwards. */
  wipe(): void {
    wipe(this.#seed);
  }
}

/** Whether `signer` signed `message`. Strict about keys of small order and signatures of more than one form. */
export async function verifySignature(signer: Address, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const key = fromBase64url(signer, 32);
  return key !== undefined && (await Sodium.ready()).verify(key, message, signature);
}

/**
 * The bytes that `auth` signs: `lethe/v1/auth` 0 relay 0 nonce, then the 32 bytes of the TLS exporter where the session is
 * bound to its TLS connection.
 */
export function authBytes(relay: string, nonce: Uint8Array, exporter: Uint8Array = new Uint8Array(0)): Uint8Array {
  return concat(utf8('lethe/v1/auth\0'), utf8(relay), new Uint8Array(1), nonce, exporter);
}
