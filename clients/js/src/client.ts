// A device's session with a relay that outlives its connections: payloads as they are. Lethe (lethe.ts) seals them.
import { Backoff, usualBackoff } from './backoff.js';
import { deferred, unlessAborted } from './deferred.js';
import type { Deferred } from './deferred.js';
import { Deliveries } from './deliveries.js';
import type { HandleDelivery } from './deliveries.js';
import { LetheError } from './error.js';
import type { ClientEvents, State } from './events.js';
import { Listeners } from './listeners.js';
import type { Unsubscribe } from './listeners.js';
import { parseRelay } from './link.js';
import type { RelayReference } from './link.js';
import type { Address, Delivery, Epoch, FromRelay, Hello, MailboxSettings, MessageId, Ready, RelayLimits, Send } from './messages.js';
import type { ConnectionOptions } from './options.js';
import { Outbox } from './outbox.js';
import type { Outcome, OutboxLoad, SendResult } from './outbox.js';
import { completeSend } from './outgoing_message.js';
import type { OutgoingMessage } from './outgoing_message.js';
import { SeenIds } from './seen_ids.js';
import { Session } from './session.js';
import type { SessionEnd } from './session.js';
import { sessionOptions } from './session_options.js';
import type { SessionOptions } from './session_options.js';

const longEnough = 5_000; // a session that lasted so long starts the backoff anew
const strangers: readonly string[] = ['wrong_relay', 'untrusted_certificate', 'pin_mismatch', 'wrong_subprotocol'];

/**
 * Sends and receives payloads as they are, for applications with a format of their own. {@link Lethe} is the same with sealed
 * texts and files.
 *
 * Sending: a message stays in the outbox until the relay answered for every recipient, over as many connections as that takes,
 * always with the same id, so that the relay stores it once. With `receipt` it stays until each recipient's receipt came, and is
 * sent again when the relay lost its memory meanwhile (`continuous` of {@link Ready} is false).
 *
 * Receiving: each message is given to the handler once per Client, one after the other in the order of the mailbox, and
 * acknowledged after its promise resolved. When that rejects, the message stays with the relay and comes again in the next
 * session. A new process may see a message again whose acknowledgement was lost: remember what you finished.
 */
export class Client {
  /** Where it connects to. */
  readonly relay: RelayReference;
  readonly #options: SessionOptions;
  readonly #given: ConnectionOptions;
  readonly #listeners = new Listeners<ClientEvents>();
  readonly #outbox: Outbox;
  readonly #deliveries: Deliveries;
  readonly #backoff: Backoff;
  readonly #verdicts = new Map<MessageId, Deferred<SendResult>>();
  readonly #connected = deferred<void>();
  readonly #closed = deferred<void>();
  #session: Session | undefined;
  #state: State = 'connecting';
  #hello: Hello | undefined;
  #helloAt = 0;
  #ready: Ready | undefined;
  #reconnect: unknown;
  #retry: unknown;
  #offlineSince: number;
  #onlineSince = 0;
  #everOnline = false;
  #stopping = false;

  /**
   * Begins to connect at once.
   * @param relay - `host:port`, `wss://host:port` or a `lethe://` link; see {@link parseRelay}.
   * @param handle - gets what arrives; without it an authenticated session leaves everything with the relay.
   * @throws {@link LetheError} `bad_link`, or `pin_unsupported` where the platform can't check a pin.
   */
  constructor(relay: string | RelayReference, options: ConnectionOptions = {}, handle?: HandleDelivery) {
    const found = typeof relay === 'string' ? parseRelay(relay) : relay;
    this.relay = options.relayName === undefined ? found : { ...found, relayName: options.relayName };
    const { backoff = usualBackoff } = options;
    this.#given = options;
    this.#options = sessionOptions(this.relay, options);
    this.#outbox = new Outbox(options.inFlight ?? 64, backoff);
    this.#backoff = new Backoff(backoff);
    const failed = (delivery: Delivery, error: unknown): void => this.#listeners.emit('failed', { id: delivery.id, error });
    const refuse: HandleDelivery = () => Promise.reject(new LetheError('unsupported'));
    this.#deliveries = new Deliveries(new SeenIds(options.rememberedIds ?? 8_192), handle ?? refuse, failed);
    this.#offlineSince = this.#now();
    this.#watchSignal(options.signal);
    if (!this.#stopping) this.#dial();
  }

  /** Resolves when online for the first time; rejects when the session ends before. */
  connected(): Promise<void> {
    return unlessAborted(this.#connected.promise, this.#given.signal);
  }

  /** Adds a listener; call what it returns to take it off again. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): Unsubscribe {
    return this.#listeners.on(name, listener);
  }

  /** Whether it is connected, and what it does about it. */
  get state(): State {
    return this.#state;
  }
  /** What the relay takes, as of its last greeting. */
  get limits(): RelayLimits {
    return this.#hello?.limits ?? { payload: 65_536, recipients: 1_024, ttl: 1_209_600, window: 256 };
  }
  /** The last one seen: give it to the next process's options. */
  get epoch(): Epoch | undefined {
    return this.#options.epoch;
  }
  /** What the relay said when the present or last session began; nothing in anonymous ones. */
  get lastReady(): Ready | undefined {
    return this.#ready;
  }
  /** What is not settled yet. */
  get outbox(): OutboxLoad {
    return { messages: this.#outbox.size, bytes: this.#outbox.bytes };
  }
  /** The relay's clock, Unix milliseconds; this device's own until the relay's first greeting. */
  relayTime(): number {
    const { clock } = this.#options;
    return this.#hello ? this.#hello.time + (clock.monotonic() - this.#helloAt) : clock.now();
  }

  /**
   * May be called in any state; goes out when online. The payload is copied, and the copy overwritten when it is settled.
   * @returns the relay's verdict; recipients that were refused are in it.
   * @throws {@link LetheError} where nothing was accepted at all: the protocol's code, `stopped` or `duplicate_id`. With an
   * aborted signal its reason; the relay may have the message already then ({@link Client.recall}).
   */
  async send(message: OutgoingMessage, signal?: AbortSignal): Promise<SendResult> {
    signal?.throwIfAborted();
    if (this.#stopping) throw new LetheError('stopped');
    const send = completeSend(message, this.#options.identity !== undefined);
    if (!this.#outbox.add(send, message.patience ?? 0)) throw new LetheError('duplicate_id');
    const verdict = deferred<SendResult>();
    this.#verdicts.set(send.id, verdict);
    this.#session?.wake();
    const giveUp = (): void => void this.cancel(send.id, signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      return await verdict.promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /**
   * Takes a send out of the outbox; its promise rejects with the reason. False when it has its verdict already. The relay may have
   * the message all the same: see {@link Client.recall}.
   */
  cancel(id: MessageId, reason: unknown = new LetheError('stopped')): boolean {
    const verdict = this.#verdicts.get(id);
    if (!verdict) return false;
    this.#verdicts.delete(id);
    this.#outbox.drop(id);
    verdict.reject(reason);
    return true;
  }

  /**
   * Takes a message back that its recipient does not have yet; the answer is the event `recalled`.
   * @throws {@link LetheError} `offline_now` while not online.
   */
  recall(id: MessageId, device: Address): void {
    this.#needSession().recall(id, device);
  }

  /** Changes the given fields now (if online) and with every later session. */
  updateMailbox(changes: MailboxSettings): void {
    Object.assign(this.#options.mailbox, changes);
    this.#session?.changeMailbox(changes);
  }

  /**
   * Resolves when the relay has carried out every acknowledgement given so far.
   * @throws {@link LetheError} `offline_now`, or `connection_lost` when that happens meanwhile.
   */
  async ping(): Promise<void> {
    await this.#needSession().ping();
  }

  /** Acknowledges what was handled, closes politely and ends. Sends without a verdict get the error `stopped`. */
  async close(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      if (this.#session) this.#session.close();
      else this.#finish(new LetheError('stopped'));
    }
    await this.#closed.promise;
  }

  #needSession(): Session {
    if (!this.#session?.isOnline) throw new LetheError('offline_now');
    return this.#session;
  }

  #watchSignal(signal: AbortSignal | undefined): void {
    const close = (): void => void this.close();
    if (signal?.aborted) return close();
    signal?.addEventListener('abort', close, { once: true });
    void this.#closed.promise.finally(() => signal?.removeEventListener('abort', close));
  }

  #setState(state: State, error?: LetheError): void {
    this.#state = state;
    this.#listeners.emit('state', error ? { state, error } : { state });
  }

  #dial(): void {
    this.#session = new Session({ ...this.#options }, {
      authenticating: () => this.#setState('authenticating'),
      online: () => this.#online(),
      said: (message) => this.#said(message),
      delivered: (delivery, acknowledge) => this.#deliveries.push(delivery, acknowledge),
      nextSend: () => this.#nextSend(),
      ended: (end) => this.#ended(end),
    });
    this.#setState('connecting');
  }

  #online(): void {
    this.#onlineSince = this.#options.clock.monotonic();
    this.#everOnline = true;
    this.#setState('online');
    this.#connected.resolve();
  }

  #said(message: Exclude<FromRelay, Delivery>): void {
    const emit = this.#listeners;
    if (message.type === 'sent') return this.#settle(message.id, this.#outbox.sent(message, this.#now(), Math.random()));
    if (message.type === 'error' && message.id !== undefined && this.#outbox.has(message.id)) {
      return this.#settle(message.id, this.#outbox.failed(message.id, message, this.#now(), Math.random()));
    }
    if (message.type === 'hello') {
      this.#hello = message;
      this.#helloAt = this.#now();
      emit.emit('hello', message);
    } else if (message.type === 'ready') {
      this.#ready = message;
      this.#options.epoch = message.epoch;
      if (!message.continuous) this.#outbox.forgotten();
      emit.emit('ready', message);
    } else if (message.type === 'receipt') {
      this.#outbox.receipt(message);
      emit.emit('receipt', message);
    } else if (message.type === 'caught_up') emit.emit('caughtUp', undefined);
    else if (message.type === 'recalled') {
      if (message.status === 'wiped') this.#outbox.receipt(message);
      emit.emit('recalled', message);
    }
    else if (message.type === 'closing') emit.emit('closing', message);
    else if (message.type === 'error') emit.emit('error', message);
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  #nextSend(): Send | undefined {
    for (let send = this.#outbox.next(this.#now()); send; send = this.#outbox.next(this.#now())) {
      if (send.payload.length <= this.limits.payload) return send;
      const reply = { type: 'error', code: 'too_large', detail: '' } as const;
      this.#settle(send.id, this.#outbox.failed(send.id, reply, this.#now(), Math.random()));
    }
    this.#armRetry();
    return undefined;
  }

  #armRetry(): void {
    const due = this.#outbox.nextDue();
    this.#options.clock.cancel(this.#retry);
    if (due !== undefined) this.#retry = this.#options.clock.after(due - this.#now(), () => this.#session?.wake());
  }

  #settle(id: MessageId, outcome: Outcome): void {
    const verdict = this.#verdicts.get(id);
    if (outcome.result || outcome.error) this.#verdicts.delete(id);
    if (outcome.result) verdict?.resolve(outcome.result);
    if (outcome.error) verdict?.reject(new LetheError(outcome.error.code, outcome.error.retryAfter));
    for (const device of outcome.lost) this.#listeners.emit('receipt', { type: 'receipt', seq: 0, id, device, status: 'lost' });
  }

  #ended({ error, retryAfter }: SessionEnd): void {
    this.#session = undefined;
    this.#deliveries.clear();
    this.#options.clock.cancel(this.#retry);
    this.#outbox.disconnected();
    if (this.#state === 'online') {
      this.#offlineSince = this.#now();
      if (this.#offlineSince - this.#onlineSince >= longEnough) this.#backoff.reset();
    }
    if (this.#stopping) return this.#finish(new LetheError('stopped'));
    if (this.#isFinal(error)) return this.#finish(error);
    const wait = this.#backoff.next(Math.random(), retryAfter);
    const { giveUp } = this.#given;
    if (giveUp !== undefined && this.#now() + wait - this.#offlineSince > giveUp) return this.#finish(new LetheError('gave_up'));
    this.#reconnect = this.#options.clock.after(wait, () => this.#dial());
    this.#setState('waiting', error);
  }

  #isFinal(error: LetheError): boolean {
    if (error.code === 'unauthenticated' || error.code === 'replaced' || error.code === 'bad_key') return true;
    // A portal between us and a relay that was fine before is no reason to give up; a first contact with a stranger is.
    return this.#given.reconnect === false || (strangers.includes(error.code) && !this.#everOnline);
  }

  #finish(error: LetheError): void {
    this.#stopping = true;
    this.#options.clock.cancel(this.#reconnect);
    this.#options.clock.cancel(this.#retry);
    for (const id of this.#outbox.abandon()) this.#verdicts.get(id)?.reject(new LetheError('stopped'));
    this.#verdicts.clear();
    this.#connected.reject(error);
    this.#setState('stopped', error);
    this.#closed.resolve();
  }
}
