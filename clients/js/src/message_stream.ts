// Hands messages to the application, one at a time: to a loop, or to a callback.
import { deferred, unlessAborted } from './deferred.js';
import type { Deferred } from './deferred.js';
import type { LetheError } from './error.js';
import type { Message } from './message.js';

interface Offered {
  message: Message;
  done: Deferred<void>;
  settled: boolean;
}

export class MessageStream {
  #offered: Offered | undefined;
  #change = deferred<void>();
  #consumed = false;
  #end: { error: LetheError | undefined } | undefined;

  /**
   * Resolves when the application is done with it, rejects when its callback failed. Not to be called again before. `make` gets
   * what acknowledges the message.
   */
  offer(make: (acknowledge: () => void) => Message): Promise<void> {
    const done = deferred<void>();
    const offered: Offered = { message: make(() => this.#settle(offered)), done, settled: false };
    this.#offered = offered;
    this.#wake();
    return done.promise;
  }

  /** No message comes any more; a loop ends, with that error if there is one. */
  end(error: LetheError | undefined): void {
    this.#end = { error };
    this.#wake();
  }

  /**
   * Asking for the next message acknowledges the one before. One that was given out when the loop was left is the first of the
   * next loop. One consumer at a time.
   */
  async *iterate(signal?: AbortSignal): AsyncGenerator<Message, void, undefined> {
    this.#begin();
    try {
      for (let offered = await this.#next(signal); offered; offered = await this.#next(signal)) {
        yield offered.message;
        this.#settle(offered);
      }
      if (this.#end?.error) throw this.#end.error;
    } finally {
      this.#consumed = false;
    }
  }

  /** Calls back for every message from now on, until what it returns is called. */
  handle(callback: (message: Message) => void | Promise<void>): () => void {
    this.#begin();
    const stopped = new AbortController();
    void this.#callBack(callback, stopped.signal);
    return () => stopped.abort();
  }

  async #callBack(callback: (message: Message) => void | Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      for (let offered = await this.#next(signal); offered; offered = await this.#next(signal)) {
        try {
          await callback(offered.message);
          this.#settle(offered);
        } catch (error) {
          this.#settle(offered, { error });
        }
      }
    } catch {
      // The callback was taken off.
    } finally {
      this.#consumed = false;
    }
  }

  #begin(): void {
    if (this.#consumed) throw new Error('messages have one consumer at a time');
    this.#consumed = true;
  }

  async #next(signal: AbortSignal | undefined): Promise<Offered | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#end) return undefined; // what was not given out comes again in another session
      if (this.#offered) return this.#offered;
      await unlessAborted(this.#change.promise, signal);
    }
  }

  #settle(offered: Offered, failure?: { error: unknown }): void {
    if (offered.settled) return;
    offered.settled = true;
    if (this.#offered === offered) this.#offered = undefined;
    if (failure) offered.done.reject(failure.error);
    else offered.done.resolve();
  }

  #wake(): void {
    const change = this.#change;
    this.#change = deferred<void>();
    change.resolve();
  }
}
