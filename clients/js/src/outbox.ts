// What was given to send and is not settled yet: pure bookkeeping, time is a parameter (milliseconds, monotonic).
import { Backoff } from './backoff.js';
import type { BackoffOptions } from './backoff.js';
import { wipe } from './bytes.js';
import type { ErrorCode } from './error.js';
import type { Address, ErrorReply, MessageId, Recalled, Receipt, Recipient, Refusal, Send, Sent } from './messages.js';
import { OrderedNumbers } from './ordered_numbers.js';

/** The relay's verdict on one send, given once. */
export interface SendResult {
  /** Of the message. */
  id: MessageId;
  /** Seconds granted. */
  ttl: number;
  /** Recipients. */
  accepted: number;
  /** The others, each with its reason. */
  refused: Refusal[];
}

/** How much is not settled yet. */
export interface OutboxLoad {
  /** Sends. */
  messages: number;
  /** Of their payloads. */
  bytes: number;
}

/** What an answer settled. */
export interface Outcome {
  /** The verdict, once per send. */
  result?: SendResult;
  /** Instead of it: nothing was accepted. */
  error?: { code: ErrorCode; retryAfter?: number };
  /** Were accepted, lost in a restart of the relay, and refused when sent again. */
  lost: Address[];
}

type Fate = 'undecided' | 'accepted' | 'refused' | 'settled';

interface Entry {
  order: number;
  send: Send; // `to`: the undecided recipients, as they go out next
  patience: number;
  everyone: Recipient[];
  fates: Map<Address, Fate>;
  result: SendResult;
  refusedSince?: number;
  due?: number;
  attempts: number;
  inFlight: boolean;
  reported: boolean;
}

const passing: readonly string[] = ['rate_limited', 'relay_full', 'mailbox_full'];

/**
 * A send is waiting (never sent in this session, or to be sent again), in flight (no answer yet) or kept for its receipts.
 * Payloads are overwritten when their send leaves. Order: sends go out in the order in which they were added.
 */
export class Outbox {
  readonly #limit: number;
  readonly #backoff: BackoffOptions;
  readonly #entries = new Map<MessageId, Entry>();
  readonly #orders = new Map<number, Entry>();
  readonly #waiting = new OrderedNumbers();
  readonly #delayed = new Set<Entry>();
  #last = 0;
  #inFlight = 0;
  #bytes = 0;

  constructor(inFlightLimit: number, backoff: BackoffOptions) {
    this.#limit = inFlightLimit;
    this.#backoff = backoff;
  }

  get size(): number {
    return this.#entries.size;
  }
  get bytes(): number {
    return this.#bytes;
  }
  has(id: MessageId): boolean {
    return this.#entries.has(id);
  }

  /**
   * False when a send of that id is already here. `patience` (milliseconds from the first one): how long passing refusals are
   * tried again; 0: they are final.
   */
  add(send: Send, patience: number): boolean {
    if (this.#entries.has(send.id)) return false;
    const entry: Entry = {
      order: ++this.#last, send: { ...send }, patience, everyone: send.to, attempts: 0, inFlight: false, reported: false,
      fates: new Map(send.to.map((one) => [one.device, 'undecided'])),
      result: { id: send.id, ttl: 0, accepted: 0, refused: [] },
    };
    this.#entries.set(send.id, entry);
    this.#orders.set(entry.order, entry);
    this.#waiting.add(entry.order);
    this.#bytes += send.payload.length;
    return true;
  }

  /** The next send to go out now, for the recipients that are still undecided; it is in flight from then on. */
  next(now: number): Send | undefined {
    for (const entry of this.#delayed) {
      if ((entry.due as number) <= now) this.#wait(entry);
    }
    if (this.#inFlight >= this.#limit) return undefined;
    const order = this.#waiting.takeFirst();
    if (order === undefined) return undefined;
    const entry = this.#orders.get(order) as Entry;
    entry.inFlight = true;
    ++entry.attempts;
    ++this.#inFlight;
    entry.send.to = entry.everyone.filter((one) => entry.fates.get(one.device) === 'undecided');
    // Every receipt came, but the verdict was lost with its connection: asking again is answered and stores nothing.
    if (entry.send.to.length === 0) entry.send.to = entry.everyone;
    return entry.send;
  }

  /** When next() will have something that it does not have now; nothing if only an answer can change that. */
  nextDue(): number | undefined {
    let due: number | undefined;
    for (const entry of this.#delayed) due = Math.min(due ?? Infinity, entry.due as number);
    return due;
  }

  /** The relay's answer. `chance` in [0, 1) jitters the wait of what is tried again. */
  sent(answer: Sent, now: number, chance: number): Outcome {
    const entry = this.#entries.get(answer.id);
    const outcome: Outcome = { lost: [] };
    if (!entry?.inFlight) return outcome;
    this.#land(entry);
    entry.result.ttl = answer.ttl;
    // The one that is refused as a duplicate is named twice in `to`; its first mention was decided by itself.
    const refusals = answer.refused.filter((one) => one.code !== 'duplicate_recipient');
    const refused = new Map(refusals.map((one) => [one.device, one]));
    const retry = this.#mayRetry(entry, now);
    let retryAfter = 0;
    for (const [device, fate] of entry.fates) {
      if (fate !== 'undecided') continue;
      const refusal = refused.get(device);
      if (refusal === undefined) {
        entry.fates.set(device, 'accepted');
      } else if (retry && passing.includes(refusal.code)) {
        entry.refusedSince ??= now;
        retryAfter = Math.max(retryAfter, refusal.retryAfter ?? 0);
      } else {
        entry.fates.set(device, 'refused');
        if (entry.reported) outcome.lost.push(device);
        else entry.result.refused.push(refusal);
      }
    }
    return this.#decide(entry, now, chance, retryAfter, outcome);
  }

  /** The relay's `error` in place of an answer, or one of our own. */
  failed(id: MessageId, error: ErrorReply, now: number, chance: number): Outcome {
    const entry = this.#entries.get(id);
    const outcome: Outcome = { lost: [] };
    if (!entry?.inFlight) return outcome;
    this.#land(entry);
    if (error.code === 'rate_limited' && this.#mayRetry(entry, now)) {
      entry.refusedSince ??= now;
      return this.#decide(entry, now, chance, error.retryAfter ?? 0, outcome);
    }
    if (entry.reported) {
      for (const [device, fate] of entry.fates) if (fate === 'undecided') outcome.lost.push(device);
    } else {
      outcome.error = { code: error.code, ...(error.retryAfter !== undefined ? { retryAfter: error.retryAfter } : {}) };
    }
    this.#erase(entry);
    return outcome;
  }

  /** A receipt, or a recall in time, after which none comes: that recipient is not sent it again. */
  receipt(receipt: Receipt | Recalled): void {
    const entry = this.#entries.get(receipt.id);
    if (!entry?.fates.has(receipt.device)) return;
    entry.fates.set(receipt.device, 'settled');
    const open = [...entry.fates.values()].some((fate) => fate === 'undecided' || fate === 'accepted');
    // A receipt can overtake the answer; the verdict is still owed then.
    if (!open && entry.reported) this.#erase(entry);
  }

  /** Nobody waits for it any more. What is in flight may arrive all the same. */
  drop(id: MessageId): void {
    const entry = this.#entries.get(id);
    if (entry) this.#erase(entry);
  }

  /** The connection is gone: what was in flight waits again, first. */
  disconnected(): void {
    for (const entry of this.#entries.values()) {
      if (!entry.inFlight) continue;
      this.#land(entry);
      this.#waiting.add(entry.order);
    }
  }

  /** The relay forgot everything: what is kept for receipts waits again, for those that have none. */
  forgotten(): void {
    for (const entry of this.#entries.values()) {
      let again = false;
      for (const [device, fate] of entry.fates) {
        if (fate !== 'accepted' || !entry.send.receipt) continue;
        entry.fates.set(device, 'undecided');
        again = true;
      }
      if (!again || entry.inFlight || entry.due !== undefined) continue;
      delete entry.refusedSince;
      entry.attempts = 0;
      this.#waiting.add(entry.order);
    }
  }

  /** Ids of everything without a verdict; afterwards the outbox is empty. */
  abandon(): MessageId[] {
    const entries = [...this.#entries.values()];
    for (const entry of entries) this.#erase(entry);
    return entries.filter((entry) => !entry.reported).map((entry) => entry.send.id);
  }

  // All fates are known: report and keep or drop. Some are not: wait and try again.
  #decide(entry: Entry, now: number, chance: number, retryAfter: number, outcome: Outcome): Outcome {
    const count = (fate: Fate) => [...entry.fates.values()].filter((one) => one === fate).length;
    if (count('undecided') > 0) {
      const backoff = new Backoff(this.#backoff);
      for (let i = 1; i < entry.attempts; ++i) backoff.next(0);
      entry.due = now + backoff.next(chance, retryAfter);
      this.#delayed.add(entry);
      return outcome;
    }
    if (!entry.reported) {
      entry.result.accepted = count('accepted') + count('settled');
      entry.reported = true;
      outcome.result = { ...entry.result };
    }
    if (!entry.send.receipt || count('accepted') === 0) this.#erase(entry);
    return outcome;
  }

  #mayRetry(entry: Entry, now: number): boolean {
    return entry.patience > 0 && (entry.refusedSince === undefined || now - entry.refusedSince < entry.patience);
  }

  #wait(entry: Entry): void {
    this.#delayed.delete(entry);
    delete entry.due;
    this.#waiting.add(entry.order);
  }

  #land(entry: Entry): void {
    entry.inFlight = false;
    --this.#inFlight;
  }

  #erase(entry: Entry): void {
    if (entry.inFlight) this.#land(entry);
    this.#bytes -= entry.send.payload.length;
    wipe(entry.send.payload);
    this.#entries.delete(entry.send.id);
    this.#orders.delete(entry.order);
    this.#waiting.delete(entry.order);
    this.#delayed.delete(entry);
  }
}
