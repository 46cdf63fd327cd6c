// A message in the list of its device: what it says, and for one that was sent, how far it has come.
import type { Device, Received } from './device.js';
import { button, h } from './dom.js';
import { bytes, timeLeft } from './format.js';
import type { Content, Outgoing } from './outgoing.js';
import { everyTick } from './ticker.js';
import { track } from './track.js';

// By its first bytes: neither its name nor what its sender calls it is to be trusted. Nothing for what is no picture; SVG is none
// here, because it can hold scripts.
async function pictureType(blob: Blob): Promise<string | undefined> {
  const start = String.fromCharCode(...new Uint8Array(await blob.slice(0, 12).arrayBuffer()));
  if (start.startsWith('\x89PNG\r\n')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (start.startsWith('GIF8')) return 'image/gif';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'image/webp';
  if (start.slice(4) === 'ftypavif') return 'image/avif';
  return undefined;
}

async function show(file: Blob, name: string, into: HTMLElement): Promise<void> {
  const type = await pictureType(file);
  const url = URL.createObjectURL(file.slice(0, file.size, type ?? 'application/octet-stream'));
  const label = `${name || 'A file'}, ${bytes(file.size)}`;
  if (type) into.replaceChildren(h('img', { src: url, alt: `Picture: ${label}` }), h('span', { class: 'file-name' }, label));
  else into.replaceChildren(h('a', { href: url, download: name || 'file' }, `Save ${label}`));
}

function contentOf({ text, file }: Content): HTMLElement {
  if (file === undefined) return h('p', { class: 'text' }, text ?? '');
  const figure = h('div', { class: 'file' }, file.name);
  void show(file, file.name, figure);
  return figure;
}

// Of somebody who has this device's invite, and is not yet whom it writes to.
function inviteOf(device: Device, invite: string): HTMLElement {
  return h('div', { class: 'file' }, h('p', {}, 'Has your invite, and sends you theirs.'),
    button('Write to them', () => device.meet(invite)));
}

function stateOf(message: Outgoing): string {
  if (message.note) return message.note;
  if (message.stage === 'sealing') return 'Sealing on this device';
  if (message.stage === 'sealed') {
    return message.parts > 1 ? `Sealed in ${message.parts} parts; the relay has ${message.accepted}` : 'Sealed on this device, on its way';
  }
  if (message.stage === 'held') return 'Held in the relay’s memory';
  if (message.stage === 'delivered') return 'Delivered; still held, until it is acknowledged';
  if (message.stage === 'acknowledged') return 'Acknowledged by the recipient';
  if (message.fate === 'recalled') return 'Recalled in time: overwritten, never delivered';
  if (message.fate === 'expired') return 'Its time was over: overwritten, never delivered';
  return 'Overwritten. The relay has nothing of it any more';
}

/** One that this device sent. */
export function sentView(device: Device, message: Outgoing): HTMLElement {
  const way = h('div', { class: 'way' });
  const state = h('span', { class: 'state' });
  const left = h('span', { class: 'left' });
  const recall = button('Recall', () => device.recall(message), { class: 'quiet' });
  const element = h('article', { class: 'message sent', id: message.key, 'aria-label': `Sent by ${device.name}` },
    h('div', { class: 'bubble' }, contentOf(message.content)),
    way, h('div', { class: 'standing' }, state, left, recall));
  const tick = (): void => {
    left.textContent = message.inMemory ? `${timeLeft((message.forgottenAt - performance.now()) / 1_000)} left` : '';
  };
  const stop = everyTick(tick);
  const draw = (): void => {
    way.replaceChildren(track(message));
    state.textContent = stateOf(message);
    recall.hidden = message.stage !== 'held' || message.ids.length === 0;
    recall.disabled = message.recalling;
    element.dataset['stage'] = message.stage;
    element.dataset['fate'] = message.fate;
    tick();
    if (message.over) stop();
  };
  const before = message.changed;
  message.changed = () => {
    before();
    draw();
  };
  draw();
  return element;
}

/** One that it received. */
export function receivedView(device: Device, message: Received, from: string): HTMLElement {
  const content: Content = message.text === undefined ? {} : { text: message.text };
  const { text } = message;
  const shown = message.file ? h('div', { class: 'file' }, message.file.name)
    : message.invite && text !== undefined ? inviteOf(device, text) : contentOf(content);
  if (message.file) void show(message.file.blob, message.file.name, shown);
  const state = h('span', { class: 'state' }, 'Opened on this device; the relay still holds it');
  const element = h('article', { class: 'message received', 'aria-label': `Received by ${device.name}` },
    h('p', { class: 'from' }, from), h('div', { class: 'bubble' }, shown), h('div', { class: 'standing' }, state));
  void message.forgotten.then(() => {
    element.dataset['stage'] = 'gone';
    state.textContent = 'Acknowledged. Now only this device has it';
  });
  return element;
}
