// Unfinished files in a browser's IndexedDB, so that they outlive the page.
import { committed, openDatabase, requested } from './indexed_db.js';
import type { Part } from './sealed.js';
import type { StoredPart, TransferStore, UnfinishedTransfer } from './transfers.js';

// transfers: transfer -> Row. parts: [transfer, index] -> StoredPart. finished: rising number -> transfer, with an index on it.
type Row = Omit<UnfinishedTransfer, 'parts'> & { parts: number[] };
const stores = ['transfers', 'parts', 'finished'];
const remembered = 8_192;

function create(database: IDBDatabase): void {
  database.createObjectStore('transfers');
  database.createObjectStore('parts');
  database.createObjectStore('finished', { autoIncrement: true }).createIndex('transfer', 'transfer');
}

/**
 * Keeps parts as they are: every script of the page's origin can read them, and the browser may leave deleted ones on the disk
 * for a while.
 */
export class IndexedDbTransfers implements TransferStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Opens the database, and creates it the first time. One for each identity. */
  static async open(name = 'lethe-transfers'): Promise<IndexedDbTransfers> {
    return new IndexedDbTransfers(await openDatabase(name, create));
  }

  async isFinished(transfer: string): Promise<boolean> {
    const finished = this.#database.transaction('finished').objectStore('finished').index('transfer');
    return (await requested(finished.count(transfer))) > 0;
  }

  async get(transfer: string): Promise<UnfinishedTransfer | undefined> {
    const rows = this.#database.transaction('transfers').objectStore('transfers');
    const row = (await requested(rows.get(transfer))) as Row | undefined;
    return row && { ...row, parts: new Set(row.parts) };
  }

  count(): Promise<number> {
    return requested(this.#database.transaction('transfers').objectStore('transfers').count());
  }

  async add(part: Part): Promise<void> {
    const transaction = this.#write();
    const done = committed(transaction);
    const rows = transaction.objectStore('transfers');
    const { transfer, index, offset, bytes, count, total, hash, name, sender } = part;
    transaction.objectStore('parts').put({ offset, bytes } satisfies StoredPart, [transfer, index]);
    const known = (await requested(rows.get(transfer))) as Row | undefined;
    const row: Row = known ?? { count, total, hash, name, sender, parts: [], bytes: 0 };
    rows.put({ ...row, parts: [...row.parts, index], bytes: row.bytes + bytes.length }, transfer);
    await done;
  }

  read(transfer: string, index: number): Promise<StoredPart> {
    const parts = this.#database.transaction('parts').objectStore('parts');
    return requested(parts.get([transfer, index]) as IDBRequest<StoredPart>);
  }

  async finish(transfer: string): Promise<void> {
    const transaction = this.#write();
    const done = committed(transaction);
    this.#remove(transaction, transfer);
    const finished = transaction.objectStore('finished');
    const last = (await requested(finished.add({ transfer }))) as number;
    finished.delete(IDBKeyRange.upperBound(last - remembered));
    await done;
  }

  async discard(transfer: string): Promise<void> {
    const transaction = this.#write();
    this.#remove(transaction, transfer);
    await committed(transaction);
  }

  /** Closes the database. */
  close(): void {
    this.#database.close();
  }

  #write(): IDBTransaction {
    return this.#database.transaction(stores, 'readwrite', { durability: 'strict' });
  }

  #remove(transaction: IDBTransaction, transfer: string): void {
    transaction.objectStore('transfers').delete(transfer);
    transaction.objectStore('parts').delete(IDBKeyRange.bound([transfer, 0], [transfer, Infinity]));
  }
}
