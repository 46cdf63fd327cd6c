// Keys in a browser's IndexedDB, for applications that have no better place.
import { wipe } from './bytes.js';
import { Identity } from './identity.js';
import { committed, openDatabase, requested } from './indexed_db.js';

const store = 'identities';

/**
 * Keeps identities by name in IndexedDB, as they are: every script of the page's origin can read them, and so can whoever reads
 * the browser's profile on the disk.
 */
export class IdentityStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Opens the database, and creates it the first time. */
  static async open(name = 'lethe-identities'): Promise<IdentityStore> {
    return new IdentityStore(await openDatabase(name, (database) => database.createObjectStore(store)));
  }

  /** Resolves when it is on the disk; replaces one of that name. */
  async save(name: string, identity: Identity): Promise<void> {
    const seed = identity.seed();
    const transaction = this.#database.transaction(store, 'readwrite', { durability: 'strict' });
    transaction.objectStore(store).put(seed, name);
    wipe(seed); // put has made its copy
    await committed(transaction);
  }

  /** Nothing where there is none of that name. */
  async load(name: string): Promise<Identity | undefined> {
    const request = this.#database.transaction(store).objectStore(store).get(name) as IDBRequest<Uint8Array | undefined>;
    const seed = await requested(request);
    if (!seed) return undefined;
    try {
      return await Identity.fromSeed(seed);
    } finally {
      wipe(seed);
    }
  }

  /** The one of that name, made and saved if there is none. */
  async loadOrGenerate(name: string): Promise<Identity> {
    const known = await this.load(name);
    if (known) return known;
    const fresh = await Identity.generate();
    await this.save(name, fresh);
    return fresh;
  }

  /** Forgets the one of that name; the browser may leave its bytes on the disk for a while. */
  async remove(name: string): Promise<void> {
    const transaction = this.#database.transaction(store, 'readwrite', { durability: 'strict' });
    transaction.objectStore(store).delete(name);
    await committed(transaction);
  }

  /** Closes the database. */
  close(): void {
    this.#database.close();
  }
}
