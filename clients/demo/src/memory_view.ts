// The relay's memory: what it says that it holds for each device, and the messages that this page knows to be there.
import type { Device } from './device.js';
import { h, rise } from './dom.js';
import { bytes, messages, timeLeft } from './format.js';
import type { Outgoing } from './outgoing.js';
import type { Waiting } from './status_feed.js';
import { everyTick } from './ticker.js';

const often = 700;    // milliseconds between two questions while something happens
const seldom = 4_000;
const quietAfter = 8_000;

// One row of memory. The number of its cells grows with its size, not in proportion.
class Row {
  readonly element: HTMLElement;
  readonly #message: Outgoing;
  readonly #left = h('span', { class: 'left' });
  readonly #stop: () => void;

  constructor(message: Outgoing) {
    this.#message = message;
    const count = Math.min(60, Math.max(4, Math.round(Math.sqrt(message.bytes / 16))));
    const cells = Array.from({ length: count }, (_, at) => {
      const cell = h('i');
      cell.style.setProperty('--at', String(at / count));
      return cell;
    });
    this.element = h('li', { class: 'held-message' }, h('span', { class: 'cells', 'aria-hidden': 'true' }, ...cells),
      h('span', { class: 'size' }, bytes(message.bytes)), this.#left);
    this.#stop = everyTick(() => this.#tick());
    this.draw();
  }

  draw(): void {
    const { stage, over } = this.#message;
    this.element.dataset['stage'] = stage;
    this.#tick();
    if (!over && stage !== 'sealed') return;
    this.#stop();
    this.#left.textContent = stage === 'sealed' ? 'lost in the restart' : 'overwritten';
    setTimeout(() => this.element.remove(), 1_800);
  }

  #tick(): void {
    if (this.#message.inMemory) this.#left.textContent = timeLeft((this.#message.forgottenAt - performance.now()) / 1_000);
  }
}

// One mailbox. Its numbers are the relay's; only its own device can ask for them.
class Mailbox {
  readonly element: HTMLElement;
  readonly #count = h('strong', { class: 'count' }, '–');
  readonly #bytes = h('span', { class: 'bytes' });
  readonly #rows = h('ul', { class: 'rows' });
  last = '';

  constructor(title: string, hint: string) {
    const id = `mailbox-${title.toLowerCase().replace(/\W+/g, '-')}`;
    this.element = h('section', { class: 'mailbox', 'aria-labelledby': id },
      h('h3', { id }, title), h('p', { class: 'numbers' }, this.#count, this.#bytes), h('p', { class: 'hint' }, hint), this.#rows);
  }

  show(waiting: Waiting | undefined): void {
    this.#count.textContent = waiting === undefined ? 'No answer' : waiting.messages === 0 ? 'Empty' : messages(waiting.messages);
    this.#bytes.textContent = waiting ? bytes(waiting.bytes) : '';
    this.element.dataset['messages'] = String(waiting?.messages ?? '');
    this.element.dataset['bytes'] = String(waiting?.bytes ?? '');
    this.element.classList.toggle('empty', waiting?.messages === 0);
    this.last = JSON.stringify(waiting);
  }

  unknown(): void {
    this.#count.textContent = 'Not yours to see';
  }

  add(row: HTMLElement): void {
    this.#rows.append(row);
    rise(row);
  }
}

export class MemoryView {
  readonly #devices: Device[];
  readonly #mailboxes = new Map<Device, Mailbox>();
  readonly #elsewhere = new Mailbox('Your contact’s mailbox', 'How much waits there only its owner can ask. What you sent is drawn here.');
  #busyUntil = 0;

  constructor(devices: Device[]) {
    this.#devices = devices;
    for (const device of devices) {
      const title = device.name === 'You' ? 'Your mailbox' : `${device.name}’s mailbox`;
      this.#mailboxes.set(device, new Mailbox(title, 'As the relay counts'));
    }
    const elements = [...this.#mailboxes.values()].map(({ element }) => element);
    if (devices.length === 1) {
      this.#elsewhere.unknown();
      elements.push(this.#elsewhere.element);
    }
    document.getElementById('mailboxes')?.replaceChildren(...elements);
  }

  /** Asks the relay from now on, while the page is looked at. */
  start(): void {
    void this.#ask();
  }

  /** Draws it while the relay holds it. */
  follow(sender: Device, message: Outgoing): void {
    const owner = this.#devices.find((device) => device !== sender && device.address === message.to);
    const mailbox = (owner && this.#mailboxes.get(owner)) ?? this.#elsewhere;
    let row: Row | undefined;
    const before = message.changed;
    message.changed = () => {
      before();
      this.#busyUntil = performance.now() + quietAfter;
      if (row) {
        row.draw();
        if (!message.inMemory) row = undefined;
      } else if (message.inMemory) {
        row = new Row(message);
        mailbox.add(row.element);
      }
    };
  }

  async #ask(): Promise<void> {
    if (!document.hidden) await Promise.all(this.#devices.map((device) => this.#askOne(device)));
    const busy = performance.now() < this.#busyUntil || this.#devices.some((one) => one.outbox.some(({ inMemory }) => inMemory));
    setTimeout(() => void this.#ask(), busy ? often : seldom);
  }

  async #askOne(device: Device): Promise<void> {
    const mailbox = this.#mailboxes.get(device);
    const before = mailbox?.last;
    mailbox?.show(await device.waiting());
    if (mailbox?.last !== before) this.#busyUntil = performance.now() + quietAfter;
  }
}
