// One connection with a relay, from dialling to its end: greeting, authentication, batches, acknowledgements, pings.
import { Acknowledgements } from './acknowledgements.js';
import { Batch } from './batch.js';
import { wipe } from './bytes.js';
import { deferred } from './deferred.js';
import type { Deferred } from './deferred.js';
import { LetheError } from './error.js';
import { authBytes } from './identity.js';
import type { Identity } from './identity.js';
import { formatEndpoint, isNameOf } from './link.js';
import type { Address, Delivery, FromRelay, Hello, MailboxSettings, MessageId, Send } from './messages.js';
import type { SessionOptions } from './session_options.js';
import type { Socket, SocketEnd } from './socket.js';
import { decodeRecords, encodeAck, encodeSend } from './wire_binary.js';
import { ackText, authText, mailboxText, pingText, recallText, sendText } from './wire_json_write.js';
import { decodeText } from './wire_json_read.js';

const closePatience = 3_000;

export interface SessionEnd {
  error: LetheError;
  /** Seconds: no new connection before. */
  retryAfter: number;
}

/** Called one after the other. After `ended`, which comes once, none comes any more. */
export interface SessionEvents {
  authenticating(): void;
  /** Ready to send: `ready` came, or `hello` in an anonymous session. */
  online(): void;
  /** What the relay said, deliveries and pongs excepted; `ready` comes before `online`. */
  said(message: Exclude<FromRelay, Delivery>): void;
  delivered(delivery: Delivery, acknowledge: () => void): void;
  /** The next send to go out now, if any. */
  nextSend(): Send | undefined;
  ended(end: SessionEnd): void;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #events: SessionEvents;
  readonly #acknowledgements = new Acknowledgements();
  readonly #pongs: Deferred<void>[] = [];
  readonly #socket: Socket;
  #state: 'connecting' | 'greeted' | 'online' | 'over' = 'connecting';
  #closing = false;
  #flushing = false;
  #heard: number;
  #timer: unknown;
  #retryAfter = 0;
  #fatal: LetheError | undefined;

  /** Starts dialling. Throws a LetheError where the platform can't connect so. */
  constructor(options: SessionOptions, events: SessionEvents) {
    this.#options = options;
    this.#events = events;
    this.#heard = options.clock.monotonic();
    if (options.mailbox.minUrgency !== undefined) this.#acknowledgements.forbidCumulative();
    const subprotocol = options.encoding === 'json' ? 'lethe.v1.json' : 'lethe.v1.binary';
    const url = `${options.relay.plain ? 'ws' : 'wss'}://${formatEndpoint(options.relay)}/v1`;
    const { host, port } = options.relay;
    this.#socket = options.dial({ host, port, url, subprotocol, trust: options.trust }, {
      opened: (chosen) => this.#opened(chosen === subprotocol),
      frame: (content) => this.#frame(content),
      ended: (end) => this.#ended(end),
    });
    this.#timer = options.clock.after(options.connectTimeout, () => this.#fail(new LetheError('connection_lost')));
  }

  get isOnline(): boolean {
    return this.#state === 'online' && !this.#closing;
  }

  /** Something may be ready to go out; it does before the program waits again. */
  wake(): void {
    if (this.#flushing || !this.isOnline) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      if (this.isOnline) this.#flush();
    });
  }

  recall(id: MessageId, device: Address): void {
    this.#socket.send(recallText(id, device));
  }

  changeMailbox(changes: MailboxSettings): void {
    if (changes.minUrgency !== undefined) this.#acknowledgements.forbidCumulative();
    if (this.isOnline && this.#options.identity) this.#socket.send(mailboxText(changes));
  }

  /** Resolves when the relay has carried out every acknowledgement given so far; rejects when the connection ends before. */
  ping(): Promise<void> {
    this.#flush();
    const pong = deferred<void>();
    this.#pongs.push(pong);
    this.#socket.send(pingText());
    return pong.promise;
  }

  /** Writes acknowledgements that are due, and closes politely; a relay that answers nothing is cut off after a while. */
  close(): void {
    if (this.#state === 'over' || this.#closing) return;
    if (this.#state !== 'online') return this.#fail(new LetheError('stopped'));
    const batch = new Batch((bytes) => this.#socket.send(bytes));
    this.#writeAcknowledgements(batch);
    batch.end();
    this.#closing = true;
    this.#socket.close();
    this.#restartTimer(closePatience, () => this.#fail(new LetheError('stopped')));
  }

  #opened(agreed: boolean): void {
    if (!agreed) return this.#fail(new LetheError('wrong_subprotocol'));
    this.#heard = this.#options.clock.monotonic();
    this.#restartTimer(this.#options.idle / 2, () => this.#lookForLife());
  }

  // Pings when it was silent for long, and gives up when it stays so. Browsers hide WebSocket's own pings from us.
  #lookForLife(): void {
    const silent = this.#options.clock.monotonic() - this.#heard;
    if (silent >= this.#options.idle) return this.#fail(new LetheError('connection_lost'));
    if (silent >= this.#options.idle / 2 && this.isOnline) void this.ping().catch(() => undefined);
    this.#restartTimer(this.#options.idle / 4, () => this.#lookForLife());
  }

  #restartTimer(milliseconds: number, call: () => void): void {
    this.#options.clock.cancel(this.#timer);
    this.#timer = this.#options.clock.after(milliseconds, call);
  }

  #frame(content: string | Uint8Array): void {
    if (this.#state === 'over') return;
    this.#heard = this.#options.clock.monotonic();
    try {
      for (const message of typeof content === 'string' ? [decodeText(content)] : decodeRecords(content)) {
        if (this.#isOver()) return;
        this.#take(message);
      }
    } catch (error) {
      if (!(error instanceof LetheError)) throw error;
      this.#fail(error);
    } finally {
      if (typeof content !== 'string') wipe(content);
    }
    this.wake();
  }

  // A method, since the state changes during calls and the compiler would remember it otherwise.
  #isOver(): boolean {
    return this.#state === 'over';
  }

  #take(message: FromRelay): void {
    const greeted = this.#state !== 'connecting';
    const anytime = message.type === 'closing' || message.type === 'error';
    if (!anytime && greeted === (message.type === 'hello')) throw new LetheError('malformed');
    if (message.type === 'deliver') return this.#deliver(message);
    if (message.type === 'pong') return this.#pongs.shift()?.resolve();
    if (message.type === 'hello') return this.#greet(message);
    if (message.type === 'ready') return this.#ready(message);
    if (message.type === 'closing' || message.type === 'error') this.#heed(message);
    if (message.type !== 'receipt') return this.#events.said(message);
    this.#acknowledgements.delivered(message.seq);
    this.#events.said(message);
    this.#acknowledgements.handled(message.seq);
  }

  #deliver(delivery: Delivery): void {
    if (this.#closing) return wipe(delivery.payload); // it would be acknowledged or not by chance
    this.#acknowledgements.delivered(delivery.seq);
    this.#events.delivered(delivery, () => {
      this.#acknowledgements.handled(delivery.seq);
      this.wake();
    });
  }

  #greet(hello: Hello): void {
    if (!isNameOf(this.#options.relay, hello.relay)) throw new LetheError('wrong_relay');
    this.#state = 'greeted';
    this.#events.said(hello);
    if (this.#isOver()) return;
    if (this.#options.identity) void this.#authenticate(hello, this.#options.identity);
    else this.#nowOnline();
  }

  async #authenticate(hello: Hello, identity: Identity): Promise<void> {
    this.#events.authenticating();
    const { admission, bindToTls, mailbox, epoch } = this.#options;
    const exporter = bindToTls ? this.#socket.exporter() : undefined;
    let signature: Uint8Array;
    try {
      signature = await identity.sign(authBytes(hello.relay, hello.nonce, exporter));
    } catch {
      return this.#fail(new LetheError('bad_key'));
    }
    if (this.#isOver()) return;
    this.#socket.send(authText({
      device: identity.address, signature, mailbox, bound: exporter !== undefined,
      ...(admission === undefined ? {} : { admission }), ...(epoch === undefined ? {} : { epoch }),
    }));
  }

  #ready(ready: Extract<FromRelay, { type: 'ready' }>): void {
    if (this.#state !== 'greeted' || !this.#options.identity) throw new LetheError('malformed');
    this.#events.said(ready);
    if (!this.#isOver()) this.#nowOnline();
  }

  #nowOnline(): void {
    this.#state = 'online';
    this.#events.online();
    this.wake();
  }

  #heed(message: Extract<FromRelay, { type: 'closing' | 'error' }>): void {
    const word = message.type === 'closing' ? message.reason : message.code;
    if (word === 'unauthenticated' || (word === 'replaced' && message.type === 'closing')) this.#fatal = new LetheError(word);
    const ofASend = message.type === 'error' && message.id !== undefined;
    if (message.retryAfter !== undefined && !ofASend) this.#retryAfter = message.retryAfter;
  }

  // Everything that is ready goes into as few WebSocket messages as possible: acknowledgements first.
  #flush(): void {
    const batch = new Batch((bytes) => this.#socket.send(bytes));
    this.#writeAcknowledgements(batch);
    for (let send = this.#events.nextSend(); send; send = this.#events.nextSend()) {
      if (this.#options.encoding === 'json') this.#socket.send(sendText(send));
      else batch.add(encodeSend(send));
    }
    batch.end();
  }

  #writeAcknowledgements(batch: Batch): void {
    for (let ack = this.#acknowledgements.take(); ack; ack = this.#acknowledgements.take()) {
      if (this.#options.encoding === 'json') this.#socket.send(ackText(ack));
      else batch.add(encodeAck(ack));
    }
  }

  #fail(error: LetheError): void {
    if (this.#state === 'over') return;
    this.#socket.abandon();
    this.#ended({ error, closeCode: 0 });
  }

  #ended({ error, closeCode }: SocketEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#options.clock.cancel(this.#timer);
    const byCode = closeCode === 4001 ? 'unauthenticated' : closeCode === 4002 ? 'replaced' : undefined;
    const reason = this.#fatal ?? (byCode ? new LetheError(byCode) : error);
    for (const pong of this.#pongs.splice(0)) pong.reject(new LetheError('connection_lost'));
    this.#events.ended({ error: reason, retryAfter: error.retryAfter ?? this.#retryAfter });
  }
}
