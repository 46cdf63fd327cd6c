// Sends texts and files: seals them part by part, and keeps a bounded number of parts under way.
import { wipe } from './bytes.js';
import type { Client } from './client.js';
import { LetheError } from './error.js';
import type { Identity } from './identity.js';
import type { MessageId, Recipient } from './messages.js';
import { Outgoing } from './outgoing.js';
import type { FileContent } from './outgoing.js';
import { newMessageId } from './outgoing_message.js';
import type { SendOptions } from './outgoing_message.js';
import { Receipts } from './receipts.js';
import type { Delivered } from './receipts.js';

const usualPatience = 30_000;
const mostUnderWay = 32; // parts without a verdict

/** How one text or file is sent. */
export interface ContentOptions extends SendOptions {
  /** Whether the identity signs it, visible to the recipient only; true if not given, where there is one. */
  sign?: boolean;
  /** Gives the send up. What the relay took already is delivered all the same. */
  signal?: AbortSignal;
}

/** How a file is sent. */
export interface FileOptions extends ContentOptions {
  /** Called when the relay has accepted a part. */
  onProgress?(accepted: number, parts: number): void;
}

/** What the relay accepted. */
export interface SentContent {
  /** Names the text or file at the recipient. */
  transfer: string;
  /** Ids of its messages, in order: for {@link Lethe.recall}. */
  ids: MessageId[];
  /** Seconds until the relay forgets it. */
  ttl: number;
  /** With `receipt`: what became of it at the recipient. Rejects with `stopped` when the session ends before. */
  delivered?: Promise<Delivered>;
}

export class Sending {
  readonly #client: Client;
  readonly #receipts: Receipts;
  readonly #identity: Identity | undefined;
  #lastText: Promise<unknown> = Promise.resolve();

  constructor(client: Client, identity: Identity | undefined) {
    this.#client = client;
    this.#receipts = new Receipts(client);
    this.#identity = identity;
  }

  /** Texts leave in the order of these calls, although sealing takes its time. */
  async text(to: Recipient, bytes: Uint8Array, options: ContentOptions): Promise<SentContent> {
    const sender = this.#sender(options);
    const before = this.#lastText;
    const sealed = (async () => {
      const outgoing = await Outgoing.of(bytes, undefined, this.#client.limits.payload);
      const payload = await outgoing.next(to.device, sender);
      await before;
      return { outgoing, payload };
    })();
    this.#lastText = sealed.catch(() => undefined);
    const { outgoing, payload } = await sealed;
    return this.#send(to, outgoing, [payload], options);
  }

  async file(to: Recipient, name: string, content: FileContent, options: FileOptions): Promise<SentContent> {
    const sender = this.#sender(options);
    const outgoing = await Outgoing.of(content, name, this.#client.limits.payload);
    return this.#send(to, outgoing, sealedParts(outgoing, to, sender), options);
  }

  #sender({ sign }: ContentOptions): Identity | undefined {
    return sign === false ? undefined : this.#identity;
  }

  async #send(
    to: Recipient,
    outgoing: Outgoing,
    payloads: Iterable<Uint8Array | undefined> | AsyncIterable<Uint8Array>,
    options: FileOptions,
  ): Promise<SentContent> {
    const { signal, onProgress, sign: _, ...rest } = options;
    const sent: SentContent = { transfer: outgoing.transfer, ids: [], ttl: Infinity };
    const fates: Promise<Delivered>[] = [];
    const underWay = new Map<MessageId, Promise<void>>();
    let failure: { reason: unknown } | undefined;
    const fail = (reason: unknown): void => {
      if (failure) return;
      failure = { reason };
      for (const id of underWay.keys()) this.#client.cancel(id, reason);
    };
    const giveUp = (): void => fail(signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    let accepted = 0;
    const sendPart = async (id: MessageId, payload: Uint8Array): Promise<void> => {
      try {
        const verdict = this.#client.send({ patience: usualPatience, ...rest, to: [to], payload, id });
        wipe(payload); // the client has a copy of its own
        const { ttl, refused } = await verdict;
        if (refused[0]) throw new LetheError(refused[0].code, refused[0].retryAfter);
        sent.ttl = Math.min(sent.ttl, ttl);
        onProgress?.(++accepted, outgoing.count);
      } catch (error) {
        fail(error);
      } finally {
        underWay.delete(id);
      }
    };
    try {
      for await (const payload of payloads) {
        if (failure) break;
        const id = newMessageId();
        sent.ids.push(id);
        if (rest.receipt) fates.push(this.#receipts.expect(id, to.device));
        underWay.set(id, sendPart(id, payload as Uint8Array));
        if (underWay.size >= mostUnderWay) await Promise.race(underWay.values());
      }
      await Promise.all(underWay.values());
    } catch (error) {
      fail(error);
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
    const failed = failure as { reason: unknown } | undefined; // set by the callbacks meanwhile
    if (failed) {
      for (const id of sent.ids) this.#receipts.forget(id);
      throw failed.reason;
    }
    if (rest.receipt) sent.delivered = this.#receipts.all(fates);
    return sent;
  }
}

async function* sealedParts(outgoing: Outgoing, to: Recipient, sender: Identity | undefined): AsyncGenerator<Uint8Array> {
  for (let payload = await outgoing.next(to.device, sender); payload; payload = await outgoing.next(to.device, sender)) yield payload;
}
