// One device as the page shows it.
import type { Device, Received } from './device.js';
import { button, h, icon, rise } from './dom.js';
import { shortAddress } from './format.js';
import { InviteView } from './invite_view.js';
import { receivedView, sentView } from './message_view.js';
import type { Outgoing } from './outgoing.js';

const largestFile = 4_000_000;
const lifetimes: readonly [number, string][] = [[15, '15 seconds'], [60, '1 minute'], [600, '10 minutes'], [86_400, '1 day']];

export class DeviceView {
  readonly element: HTMLElement;
  readonly #device: Device;
  readonly #other: Device | undefined;
  readonly #invites: InviteView;
  readonly #state = h('span', { class: 'connection' });
  readonly #switch: HTMLButtonElement;
  readonly #contact = h('p', { class: 'contact' });
  readonly #messages: HTMLElement;
  readonly #text: HTMLTextAreaElement;
  readonly #controls: (HTMLButtonElement | HTMLInputElement | HTMLTextAreaElement)[];
  readonly #complaint = h('p', { class: 'complaint', role: 'alert' });

  constructor(device: Device, other: Device | undefined) {
    const id = device.name.toLowerCase();
    this.#device = device;
    this.#other = other;
    this.#invites = new InviteView(device);
    this.#switch = button(h('span', { class: 'knob' }), () => device.turnNetwork(!device.network.on),
      { role: 'switch', class: 'switch', 'aria-label': `${device.name}’s network` });
    this.#messages = h('div', { class: 'messages', role: 'log', tabindex: 0, 'aria-label': `Messages of ${device.name}` });
    this.#text = h('textarea', { id: `text-${id}`, rows: 1, placeholder: 'Write something', 'aria-label': `Message from ${device.name}` });
    // A picture grows when it is decoded; `load` does not bubble.
    this.#messages.addEventListener('load', () => this.#scrollDown(), true);
    const lifetime = h('select', { id: `lifetime-${id}` },
      ...lifetimes.map(([seconds, label]) => h('option', { value: seconds, selected: seconds === 600 }, label)));
    const file = h('input', { type: 'file', accept: 'image/*', hidden: true, tabindex: -1, 'aria-label': `Picture from ${device.name}` });
    const picture = button([icon('picture'), h('span', {}, 'Picture')], () => file.click(), { class: 'quiet' });
    const send = h('button', { type: 'submit', class: 'primary' }, icon('send'), h('span', {}, 'Send'));
    this.#controls = [this.#text, picture, send];
    const form = h('form', { class: 'composer' }, this.#text, h('div', { class: 'actions' },
      h('label', { for: `lifetime-${id}`, class: 'lifetime' }, h('span', {}, 'Forget after'), lifetime), picture, file, send), this.#complaint);
    const ttl = (): number => Number(lifetime.value);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#sendText(ttl());
    });
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#sendText(ttl());
    });
    file.addEventListener('change', () => {
      if (file.files?.[0]) this.#sendFile(file.files[0], ttl());
      file.value = '';
    });
    const invite = button([icon('invite'), h('span', {}, 'Invite')], () => void this.#invites.open(), { class: 'quiet' });
    this.element = h('section', { class: 'device', 'aria-labelledby': `name-${id}` },
      h('header', {}, h('span', { class: 'avatar', 'aria-hidden': 'true' }, device.name.charAt(0)),
        h('div', { class: 'who' }, h('h2', { id: `name-${id}` }, device.name),
          h('code', { title: 'The beginning and end of its address, a public key' }, shortAddress(device.address))),
        h('div', { class: 'network' }, this.#state, this.#switch)),
      h('div', { class: 'to' }, this.#contact, invite), this.#messages, form, this.#invites.element);
  }

  showConnection(): void {
    const { network, lethe } = this.#device;
    const state = !network.on ? 'Offline' : lethe.state === 'online' ? 'Online' : lethe.state === 'stopped' ? 'Ended' : 'Connecting…';
    this.#state.textContent = state;
    this.#switch.setAttribute('aria-checked', String(network.on));
    this.element.dataset['connection'] = !network.on ? 'off' : lethe.state === 'online' ? 'online' : 'connecting';
  }

  showContact(): void {
    const { contact } = this.#device;
    for (const control of this.#controls) control.disabled = !contact;
    if (contact) {
      const other = this.#nameOf(contact.device);
      this.#contact.replaceChildren('Writes to ', h('strong', {}, other), ', by invite');
      if (this.#messages.querySelector('.empty') || !this.#messages.hasChildNodes()) this.#showEmpty(`Nothing here yet. Write to ${other}.`);
      return;
    }
    this.#contact.textContent = 'Has nobody’s invite yet';
    if (!this.#other) this.#showEmpty('Give somebody your invite, or paste theirs: the button above has both.');
  }

  send(message: Outgoing): void {
    this.#append(sentView(this.#device, message));
  }

  receive(message: Received): void {
    const from = message.sender === undefined ? 'Somebody with the invite, unsigned' : this.#nameOf(message.sender);
    this.#append(receivedView(this.#device, message, from));
  }

  #nameOf(address: string): string {
    return address === this.#other?.address ? this.#other.name : shortAddress(address);
  }

  #showEmpty(sentence: string): void {
    this.#messages.replaceChildren(h('p', { class: 'empty' }, sentence));
  }

  #append(message: HTMLElement): void {
    this.#messages.querySelector('.empty')?.remove();
    this.#messages.append(message);
    rise(message);
    this.#scrollDown();
  }

  #scrollDown(): void {
    this.#messages.scrollTop = this.#messages.scrollHeight;
  }

  #sendText(ttl: number): void {
    const text = this.#text.value.trim();
    this.#complaint.textContent = '';
    if (text === '' || !this.#device.contact) return;
    if (new TextEncoder().encode(text).length > 60_000) return void (this.#complaint.textContent = 'That is too long for one message.');
    this.#device.send({ text }, ttl);
    this.#text.value = '';
  }

  #sendFile(file: File, ttl: number): void {
    this.#complaint.textContent = file.size > largestFile ? 'This page sends pictures of up to 4 MB.' : '';
    if (file.size <= largestFile) this.#device.send({ file }, ttl);
  }
}
