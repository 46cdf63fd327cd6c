// The package's face: sealed texts and files over a session that outlives its connections.
import { utf8, wipe } from './bytes.js';
import { Client } from './client.js';
import { unlessAborted } from './deferred.js';
import type { HandleDelivery } from './deliveries.js';
import { LetheError } from './error.js';
import type { ClientEvents, State } from './events.js';
import type { Identity } from './identity.js';
import { mintInvite, readInvite } from './invite.js';
import type { InviteTerms } from './invite.js';
import { formatLink, parseFingerprint } from './link.js';
import type { RelayReference } from './link.js';
import { Listeners } from './listeners.js';
import type { Unsubscribe } from './listeners.js';
import type { Message } from './message.js';
import { MessageStream } from './message_stream.js';
import type { Address, Epoch, MailboxSettings, MessageId, Ready, Recipient } from './messages.js';
import type { ConnectionOptions } from './options.js';
import type { FileContent } from './outgoing.js';
import { Receiving } from './receiving.js';
import { recipientOf } from './recipients.js';
import type { To } from './recipients.js';
import { Sending } from './sending.js';
import type { ContentOptions, FileOptions, SentContent } from './sending.js';
import { MemoryTransfers } from './transfers.js';
import type { TransferStore } from './transfers.js';

const usualLargestFile = 268_435_456;

/** How {@link Lethe.connect} connects and behaves. */
export interface LetheOptions extends ConnectionOptions {
  /** Does not tell the relay who sends, although there is an identity, which then only signs what is sent. */
  anonymous?: boolean;
  /** Where unfinished files are kept; memory if not given. */
  transfers?: TransferStore;
  /** The largest file to take, bytes; 256 MiB if not given. Larger ones are dropped. */
  largestFile?: number;
}

/** An invite that was just made. */
export interface NewInvite {
  /** The `lethe://` link to give to a sender. */
  link: string;
  /** 92 bytes. */
  invite: Uint8Array;
  /** To revoke it: see {@link MailboxSettings.revoked}. */
  label: string;
}

/** {@link InviteTerms} without the time of expiry, which is `expiresIn` seconds from now by the relay's clock. */
export interface NewInviteTerms extends Omit<InviteTerms, 'expires'> {
  /** Seconds from now. */
  expiresIn: number;
}

/** A message that was of no use. */
export interface DroppedMessage {
  /** Of the message. */
  id: MessageId;
  /** Why. */
  error: LetheError;
}

/** The events of {@link Lethe.on}. */
export interface LetheEvents extends ClientEvents {
  /** A message that can't be used, and was acknowledged so that it does not come for ever. */
  dropped: DroppedMessage;
}

/**
 * A device at a relay.
 *
 * @example
 * ```ts
 * const identity = await Identity.generate();
 * const lethe = await Lethe.connect('relay.example', { identity });
 * const { link } = await lethe.makeInvite({ expiresIn: 86_400, anonymous: true });
 * for await (const message of lethe.messages()) {
 *   await store(message.sender, message.text);
 * }
 * ```
 */
export class Lethe {
  /** The session below: payloads as they are. */
  readonly client: Client;
  readonly #identity: Identity | undefined;
  readonly #pin: Uint8Array | undefined;
  readonly #listeners = new Listeners<LetheEvents>();
  readonly #stream = new MessageStream();
  readonly #receiving: Receiving | undefined;
  readonly #sending: Sending;
  readonly #ready: Promise<void>;
  #relayName = '';

  /** Begins to connect at once. {@link Lethe.connect} also waits until that is done. */
  constructor(relay: string | RelayReference, options: LetheOptions = {}) {
    const { anonymous, transfers, largestFile, identity, ...rest } = options;
    this.#identity = identity;
    const named = anonymous ? undefined : identity;
    const receiving = named && new Receiving(
      named, transfers ?? new MemoryTransfers(), largestFile ?? usualLargestFile, this.#stream,
      (id, error) => this.#listeners.emit('dropped', { id, error }),
    );
    this.#receiving = receiving;
    const receive: HandleDelivery | undefined = receiving && ((...delivered) => receiving.receive(...delivered));
    this.client = new Client(relay, named ? { ...rest, identity: named } : rest, receive);
    const pin = typeof options.pin === 'string' ? parseFingerprint(options.pin) : options.pin;
    this.#pin = pin ?? this.client.relay.pin;
    this.#sending = new Sending(this.client, identity);
    this.client.on('hello', ({ relay: name }) => (this.#relayName = name));
    this.client.on('state', ({ state, error }) => {
      if (state === 'stopped') this.#stream.end(error?.code === 'stopped' ? undefined : error);
    });
    this.#ready = this.client.connected();
    this.#ready.catch(() => undefined);
  }

  /**
   * Connects to a relay and, with an identity, opens its mailbox. A lost connection is made again until {@link Lethe.close}.
   * @param relay - `relay.example`, `host:port`, `wss://host:port`, or a `lethe://` link.
   * @throws {@link LetheError} when the relay can't be trusted or refuses the identity, or after `giveUp`; the reason of an
   * aborted `signal`. Without either of them it waits for as long as the relay is away.
   */
  static async connect(relay: string | RelayReference, options: LetheOptions = {}): Promise<Lethe> {
    options.signal?.throwIfAborted();
    const lethe = new Lethe(relay, options);
    await lethe.#ready;
    return lethe;
  }

  /** The key that this device was given. */
  get identity(): Identity | undefined {
    return this.#identity;
  }
  /** The address of the identity, if there is one. */
  get address(): Address | undefined {
    return this.#identity?.address;
  }
  /** Whether it is connected, and what it does about it. */
  get state(): State {
    return this.client.state;
  }
  /** The relay's epoch: keep it, and give it to the next process's options. */
  get epoch(): Epoch | undefined {
    return this.client.epoch;
  }

  /** What the relay said when the present or last session began; nothing in anonymous ones. */
  get lastReady(): Ready | undefined {
    return this.client.lastReady;
  }

  /** Adds a listener; call what it returns to take it off again. */
  on<Name extends keyof LetheEvents>(name: Name, listener: (event: LetheEvents[Name]) => void): Unsubscribe {
    if (name === 'dropped') return this.#listeners.on(name, listener);
    return this.client.on(name as keyof ClientEvents, listener as never);
  }

  /**
   * What arrives, to be looped over. Asking for the next message acknowledges the one before; the relay then forgets it. A loop
   * that is left by `break` or an exception does not acknowledge its last message (call {@link Message.ack} first if it is
   * done): the next loop begins with it, or the next session. Ends with {@link Lethe.close}; throws when the session ended for
   * another reason, or `signal` was aborted. One loop or callback at a time.
   */
  messages(options: { signal?: AbortSignal } = {}): AsyncGenerator<Message, void, undefined> {
    return this.#stream.iterate(options.signal);
  }

  /**
   * What arrives, to a callback, one after the other; each is acknowledged when its promise resolved. When it rejects, the message
   * stays with the relay until the next session, and the event `failed` tells. Call what is returned to stop.
   */
  onMessage(callback: (message: Message) => void | Promise<void>): Unsubscribe {
    return this.#stream.handle(callback);
  }

  /**
   * Seals a text for its recipient and sends it; resolves when the relay holds it. Texts leave in the order of the calls.
   * @throws {@link LetheError} the relay's reason when it refused (after `patience`, 30 s if not given, where waiting may help);
   * `too_large` for more than one message holds: send it as a file then.
   */
  async sendText(to: To, text: string, options: ContentOptions = {}): Promise<SentContent> {
    const recipient = await this.#recipient(to, options);
    const bytes = utf8(text);
    try {
      return await this.#sending.text(recipient, bytes, options);
    } finally {
      wipe(bytes);
    }
  }

  /** Seals a file, part by part, and sends it; resolves when the relay holds all of it. Throws like {@link Lethe.sendText}. */
  async sendFile(to: To, name: string, content: FileContent, options: FileOptions = {}): Promise<SentContent> {
    return this.#sending.file(await this.#recipient(to, options), name, content, options);
  }

  /** Takes a message back that its recipient does not have yet; the answer is the event `recalled`. */
  recall(id: MessageId, device: Address): void {
    this.client.recall(id, device);
  }

  /** Makes an invite to this device's mailbox, and the link to give away. */
  async makeInvite(terms: NewInviteTerms): Promise<NewInvite> {
    if (!this.#identity) throw new LetheError('anonymous');
    const { expiresIn, ...rest } = terms;
    const expires = Math.floor(this.client.relayTime() / 1_000) + expiresIn;
    const invite = await mintInvite(this.#identity, { ...rest, expires });
    const { host, port, relayName } = this.client.relay;
    const where = { host, port, ...(relayName ? { relayName } : {}), ...(this.#pin ? { pin: this.#pin } : {}) };
    return { link: formatLink({ ...where, address: this.#identity.address, invite }), invite, label: readInvite(invite).label };
  }

  /** Changes the given settings of this device's mailbox now, and with every later session. */
  updateMailbox(changes: MailboxSettings): void {
    this.client.updateMailbox(changes);
  }

  /** Resolves when the relay has carried out every acknowledgement given so far. */
  ping(): Promise<void> {
    return this.client.ping();
  }

  /** Acknowledges what was handled, closes politely and ends. */
  async close(): Promise<void> {
    await this.#receiving?.settled();
    await this.client.close();
  }

  // The relay says its name, and its limits, which decide how content is cut.
  async #recipient(to: To, { signal }: ContentOptions): Promise<Recipient> {
    await unlessAborted(this.#ready, signal);
    return recipientOf(to, this.#relayName);
  }
}
