// One device: its key, its session with the relay, whom it writes to, and what it has sent. It knows nothing of the page.
import { fromBase64url, Identity, Lethe, LetheError, parseLink, toBase64url } from 'lethe-client';
import type { Message, Recipient, SentContent } from 'lethe-client';
import type { Fates } from './fates.js';
import { NetworkSwitch } from './network_switch.js';
import { Outgoing } from './outgoing.js';
import type { Content } from './outgoing.js';
import { askWaiting } from './status_feed.js';
import type { Waiting } from './status_feed.js';

/** How long a received message is looked at before it is acknowledged, so that one can see it be there. */
export const readingTime = 1_200;
const day = 86_400;

export interface Received {
  sender: string | undefined;
  text?: string;
  file?: { name: string; blob: Blob };
  /** It is its sender's own invite. */
  invite?: true;
  /** Resolves when the relay has carried the acknowledgement out: its bytes are overwritten. */
  forgotten: Promise<void>;
}

export interface DeviceEvents {
  connection(): void;
  received(message: Received): void;
  sent(message: Outgoing): void;
  met(): void;
  /** For who can't see the page change. */
  said(sentence: string): void;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export class Device {
  readonly network = new NetworkSwitch();
  readonly outbox: Outgoing[] = [];
  contact: Recipient | undefined;
  events!: DeviceEvents;
  lethe!: Lethe;
  #invite: string | undefined;
  #everReady = false;

  private constructor(
    readonly name: string,
    readonly identity: Identity,
    readonly relayName: string,
    private readonly fates: Fates,
  ) {}

  /** A new key, that nobody else has and that is gone with the page. */
  static async make(name: string, relayName: string, fates: Fates): Promise<Device> {
    return new Device(name, await Identity.generate(), relayName, fates);
  }

  get address(): string {
    return this.identity.address;
  }
  get online(): boolean {
    return this.lethe.state === 'online';
  }

  /** Begins to connect; `events` hears of everything from then on. */
  start(events: DeviceEvents): void {
    this.events = events;
    const plain = location.protocol === 'http:' ? 'ws://' : '';
    this.lethe = new Lethe(`${plain}${location.host}?name=${this.relayName}`, {
      identity: this.identity,
      webSocket: this.network.open,
      connectTimeout: day * 1_000,
      backoff: { first: 150, longest: 1_500 },
    });
    this.lethe.on('state', () => this.events.connection());
    this.lethe.on('ready', ({ continuous }) => this.#ready(continuous));
    this.lethe.on('recalled', ({ id, status }) => this.#recalled(id, status));
    this.lethe.onMessage((message) => this.#receive(message));
  }

  turnNetwork(on: boolean): void {
    this.network.turn(on);
    this.events.connection();
    this.events.said(`${this.name} ${on ? 'comes back online' : 'is offline'}.`);
  }

  /** An invite to this device's mailbox, the same one every time: as a link to this page, and for any other client. */
  async invite(): Promise<{ page: string; link: string }> {
    this.#invite ??= (await this.lethe.makeInvite({ expiresIn: day, thisEpochOnly: false })).link;
    const { invite } = parseLink(this.#invite);
    const page = `${location.origin}/#to=${this.address}.${toBase64url(invite as Uint8Array)}`;
    return { page, link: this.#invite };
  }

  /** Takes somebody's invite: a `lethe://` link, or one to this page. False where it is neither. */
  meet(text: string): boolean {
    const contact = recipientIn(text);
    if (!contact || contact.device === this.address) return false;
    this.contact = contact;
    this.events.met();
    this.events.said(`${this.name} can write to somebody now.`);
    return true;
  }

  /** Sends its own invite, so that the other can answer. */
  async introduce(): Promise<void> {
    await this.lethe.client.connected();
    const { link } = await this.invite();
    if (this.contact) await this.lethe.sendText(this.contact, link, { ttl: day });
  }

  send(content: Content, ttl: number): void {
    if (!this.contact) return;
    const outgoing = new Outgoing(content, this.contact.device, ttl, this.lethe.client.limits.payload);
    this.outbox.push(outgoing);
    this.events.sent(outgoing);
    void this.#send(outgoing, this.contact);
  }

  /** Asks the relay to forget it before it arrives. */
  recall(outgoing: Outgoing): void {
    outgoing.recalling = true;
    outgoing.changed();
    try {
      for (const id of outgoing.ids) this.lethe.recall(id, outgoing.to);
    } catch {
      outgoing.recalling = false;   // not connected just now
      outgoing.note = 'This device is offline: it can’t ask the relay now.';
      outgoing.changed();
    }
  }

  /** How much waits for this device, by the relay's own count. */
  waiting(): Promise<Waiting | undefined> {
    return askWaiting(this.identity, this.relayName, this.lethe.client.relayTime());
  }

  async #send(outgoing: Outgoing, to: Recipient): Promise<void> {
    outgoing.advance('sealed', this.online ? '' : 'Sealed. It waits on this device until there is a connection.');
    const options = { ttl: outgoing.ttl, receipt: true };
    const progress = { onProgress: (accepted: number) => this.#accepted(outgoing, accepted) };
    const { text, file } = outgoing.content;
    try {
      const sent = file ? await this.lethe.sendFile(to, file.name, file, { ...options, ...progress })
        : await this.lethe.sendText(to, text ?? '', options);
      this.#held(outgoing, sent);
      await this.#settle(outgoing, sent);
    } catch (error) {
      const code = error instanceof LetheError ? error.code : 'unknown';
      outgoing.end('refused', `The relay did not take it: ${code}.`);
      this.events.said('The relay refused a message.');
    }
  }

  #accepted(outgoing: Outgoing, accepted: number): void {
    outgoing.accepted = accepted;
    outgoing.changed();
  }

  #held(outgoing: Outgoing, sent: SentContent): void {
    outgoing.ids = sent.ids;
    outgoing.transfer = sent.transfer;
    outgoing.forgottenAt = performance.now() + sent.ttl * 1_000;
    outgoing.advance('held');
    this.fates.follow(outgoing);
    this.events.said(`The relay holds a message of ${this.name} in memory.`);
  }

  async #settle(outgoing: Outgoing, sent: SentContent): Promise<void> {
    const status = await sent.delivered;
    if (status === 'delivered') {
      outgoing.advance('acknowledged');
      await pause(700);   // the receipt tells of both; one after the other they can be seen
      outgoing.end('delivered');
      this.events.said(`A message of ${this.name} was delivered and overwritten.`);
    } else if (status === 'lost') {
      outgoing.end('lost', 'The relay restarted, and refused it when it was sent again.');
    } else {
      outgoing.end('expired', status === 'expired' ? '' : `The relay dropped it: ${status}.`);
      this.events.said(`A message of ${this.name} expired and was overwritten.`);
    }
  }

  // A relay that came back with an empty memory: the client has begun to send what has no receipt again.
  #ready(continuous: boolean): void {
    const lost = this.#everReady && !continuous;
    this.#everReady = true;
    this.events.connection();
    if (!lost) return;
    this.events.said('The relay restarted and had forgotten everything. What was undelivered is sent again.');
    const again = this.outbox.filter((one) => one.inMemory);
    for (const one of again) one.backOnDevice('The relay restarted with an empty memory. This device sends it again.');
    void this.#heldAgain(again);
  }

  async #heldAgain(messages: Outgoing[]): Promise<void> {
    await pause(0);   // the session comes online first
    await this.lethe.ping().catch(() => undefined);
    for (const one of messages) {
      one.forgottenAt = performance.now() + one.ttl * 1_000;
      one.advance('held', 'Held again, after the relay’s restart.');
    }
  }

  #recalled(id: string, status: string): void {
    const outgoing = this.outbox.find((one) => one.ids.includes(id));
    if (!outgoing || outgoing.over) return;
    outgoing.recalling = false;
    if (status === 'wiped') {
      outgoing.end('recalled');
      this.events.said(`${this.name} recalled a message; the relay overwrote it undelivered.`);
      return;
    }
    outgoing.note = status === 'in_flight' ? 'Too late to recall: it is on its way.' : 'Nothing left to recall.';
    outgoing.changed();
  }

  async #receive(message: Message): Promise<void> {
    const invite = message.kind === 'text' && isInviteOfSender(message);
    if (invite && !this.contact && this.meet(message.text)) return;
    this.fates.arrived(message.transfer);
    const handled = pause(readingTime);
    const received: Received = { sender: message.sender, forgotten: handled.then(() => this.#forgotten()) };
    if (invite) received.invite = true;
    if (message.kind === 'text') received.text = message.text;
    else received.file = { name: message.name, blob: new Blob([message.bytes.slice()]) };
    this.events.received(received);
    this.events.said(`${this.name} received a message.`);
    await handled;
  }

  async #forgotten(): Promise<void> {
    await pause(0);   // the acknowledgement is given when the handler has returned
    await this.lethe.ping().catch(() => undefined);
  }
}

// Whoever has our invite may send us theirs. The first one becomes the contact, as nobody else is there yet.
function isInviteOfSender(message: Message): boolean {
  return message.sender !== undefined && recipientIn(message.text)?.device === message.sender;
}

function recipientIn(text: string): Recipient | undefined {
  const trimmed = text.trim();
  try {
    if (trimmed.startsWith('lethe://')) {
      const { address, invite } = parseLink(trimmed);
      return { device: address, ...(invite ? { invite } : {}) };
    }
    const [, device, invite] = /#to=([\w-]{43})\.([\w-]{123})$/.exec(trimmed) ?? [];
    const bytes = invite === undefined ? undefined : fromBase64url(invite, 92);
    return device !== undefined && bytes ? { device, invite: bytes } : undefined;
  } catch {
    return undefined;
  }
}
