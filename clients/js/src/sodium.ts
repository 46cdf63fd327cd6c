// The few functions of libsodium that this package needs, called on its WebAssembly memory directly: the wrappers leave what
// they copied there as it is, and here keys and plaintext are overwritten after every call.
import wrappers from 'libsodium-wrappers-sumo';

/** The exports of the WebAssembly module that are used here. Lengths of 64 bits are two numbers, the lower first. */
interface Exports {
  HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _crypto_box_seal(out: number, text: number, low: number, high: number, key: number): number;
  _crypto_box_seal_open(out: number, box: number, low: number, high: number, key: number, secret: number): number;
  _crypto_sign_seed_keypair(key: number, secret: number, seed: number): number;
  _crypto_sign_detached(out: number, size: null, text: number, low: number, high: number, secret: number): number;
  _crypto_sign_verify_detached(signature: number, text: number, low: number, high: number, key: number): number;
  _crypto_sign_ed25519_pk_to_curve25519(out: number, key: number): number;
  _crypto_sign_ed25519_sk_to_curve25519(out: number, secret: number): number;
  _crypto_hash_sha256_statebytes(): number;
  _crypto_hash_sha256_init(state: number): number;
  _crypto_hash_sha256_update(state: number, text: number, low: number, high: number): number;
  _crypto_hash_sha256_final(state: number, out: number): number;
}

const sealOverhead = 48;
const chunk = 262_144;

/** One call's memory in WebAssembly; overwritten and given back by `end`. */
class Scratch {
  readonly #blocks: { pointer: number; size: number }[] = [];
  constructor(readonly lib: Exports) {}

  take(size: number): number {
    const pointer = this.lib._malloc(Math.max(size, 1));
    if (pointer === 0) throw new RangeError('libsodium is out of memory');
    this.#blocks.push({ pointer, size });
    return pointer;
  }
  put(bytes: Uint8Array): number {
    const pointer = this.take(bytes.length);
    this.lib.HEAPU8.set(bytes, pointer);
    return pointer;
  }
  get(pointer: number, size: number): Uint8Array {
    return this.lib.HEAPU8.slice(pointer, pointer + size);
  }
  end(): void {
    for (const { pointer, size } of this.#blocks) {
      this.lib.HEAPU8.fill(0, pointer, pointer + size);
      this.lib._free(pointer);
    }
  }
}

/** SHA-256 of what comes in pieces. Call `final` or `drop` in the end. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  final(): Uint8Array;
  drop(): void;
}

export class Sodium {
  static #ready: Promise<Sodium> | undefined;
  readonly #lib: Exports;

  private constructor(lib: Exports) {
    this.#lib = lib;
  }

  /** Waits for the WebAssembly module; the same instance every time. */
  static ready(): Promise<Sodium> {
    this.#ready ??= wrappers.ready.then(
      () => new Sodium((wrappers as unknown as { libsodium: Exports }).libsodium),
    );
    return this.#ready;
  }

  #with<T>(body: (scratch: Scratch, lib: Exports) => T): T {
    const scratch = new Scratch(this.#lib);
    try {
      return body(scratch, this.#lib);
    } finally {
      scratch.end();
    }
  }

  /** The X25519 key of an Ed25519 one; nothing for a key of small order or off the curve. */
  boxKey(address: Uint8Array): Uint8Array | undefined {
    return this.#with((scratch, lib) => {
      const out = scratch.take(32);
      return lib._crypto_sign_ed25519_pk_to_curve25519(out, scratch.put(address)) === 0 ? scratch.get(out, 32) : undefined;
    });
  }

  /** `crypto_box_seal`. */
  seal(plain: Uint8Array, boxKey: Uint8Array): Uint8Array {
    return this.#with((scratch, lib) => {
      const size = plain.length + sealOverhead;
      const out = scratch.take(size);
      lib._crypto_box_seal(out, scratch.put(plain), plain.length, 0, scratch.put(boxKey));
      return scratch.get(out, size);
    });
  }

  /** `crypto_box_seal_open` with the Ed25519 seed of the recipient; nothing when it does not open. */
  openSeal(sealed: Uint8Array, seed: Uint8Array): Uint8Array | undefined {
    if (sealed.length < sealOverhead) return undefined;
    return this.#with((scratch, lib) => {
      const [key, secret, boxKey, boxSecret] = [32, 64, 32, 32].map((size) => scratch.take(size)) as [number, number, number, number];
      lib._crypto_sign_seed_keypair(key, secret, scratch.put(seed));
      if (lib._crypto_sign_ed25519_pk_to_curve25519(boxKey, key) !== 0) return undefined;
      if (lib._crypto_sign_ed25519_sk_to_curve25519(boxSecret, secret) !== 0) return undefined;
      const size = sealed.length - sealOverhead;
      const out = scratch.take(size);
      const failed = lib._crypto_box_seal_open(out, scratch.put(sealed), sealed.length, 0, boxKey, boxSecret);
      return failed === 0 ? scratch.get(out, size) : undefined;
    });
  }

  /** The Ed25519 public key of a seed. */
  publicKey(seed: Uint8Array): Uint8Array {
    return this.#with((scratch, lib) => {
      const key = scratch.take(32);
      lib._crypto_sign_seed_keypair(key, scratch.take(64), scratch.put(seed));
      return scratch.get(key, 32);
    });
  }

  sign(message: Uint8Array, seed: Uint8Array): Uint8Array {
    return this.#with((scratch, lib) => {
      const [secret, out] = [scratch.take(64), scratch.take(64)];
      lib._crypto_sign_seed_keypair(scratch.take(32), secret, scratch.put(seed));
      lib._crypto_sign_detached(out, null, scratch.put(message), message.length, 0, secret);
      return scratch.get(out, 64);
    });
  }

  /** Strict: also refuses a non-canonical S and keys of small order, under which one signature fits any message. */
  verify(signer: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    if (signer.length !== 32 || signature.length !== 64) return false;
    return this.#with((scratch, lib) => {
      const text = scratch.put(message);
      return lib._crypto_sign_verify_detached(scratch.put(signature), text, message.length, 0, scratch.put(signer)) === 0;
    });
  }

  sha256(): Sha256 {
    const lib = this.#lib;
    const held = new Scratch(lib);
    const state = held.take(lib._crypto_hash_sha256_statebytes());
    lib._crypto_hash_sha256_init(state);
    return {
      update: (bytes) => {
        for (let at = 0; at < bytes.length; at += chunk) {
          const piece = bytes.subarray(at, at + chunk);
          this.#with((scratch) => lib._crypto_hash_sha256_update(state, scratch.put(piece), piece.length, 0));
        }
      },
      final: () => {
        const out = held.take(32);
        lib._crypto_hash_sha256_final(state, out);
        const hash = held.get(out, 32);
        held.end();
        return hash;
      },
      drop: () => held.end(),
    };
  }
}

/** Cryptographically random bytes. */
export function randomBytes(size: number): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(size));
}
