// The page: one device, or two, and the relay's memory between them.
import { Device } from './device.js';
import { DeviceView } from './device_view.js';
import { byId } from './dom.js';
import { Fates } from './fates.js';
import { MemoryView } from './memory_view.js';
import { askRelay, protectionsOf } from './relay_page.js';
import type { RelayAccount } from './relay_page.js';
import { h } from './dom.js';

const names = ['Anna', 'Ben'] as const;

// An invite or `#one` behind the address: this tab is one device. The invite is taken out of the address at once.
function asked(): { one: boolean; invite: string | undefined } {
  const { hash } = location;
  const invite = hash.startsWith('#to=') ? hash : undefined;
  if (invite) history.replaceState(null, '', '#one');
  return { one: invite !== undefined || hash === '#one', invite };
}

function announce(sentence: string): void {
  byId('announcements').textContent = sentence;
}

function showRelay(account: RelayAccount): void {
  byId('relay-name').textContent = location.host;
  byId('protections').replaceChildren(...protectionsOf(account).map(({ sentence, inForce }) =>
    h('li', { class: inForce ? 'in-force' : 'not-in-force' }, sentence, !inForce && h('span', {}, ' (not in force here)'))));
}

// On a phone one device is looked at at a time.
function offerTabs(devices: Device[]): void {
  const tabs = byId('tabs');
  tabs.hidden = devices.length < 2;
  const look = (index: number): void => {
    byId('stage').dataset['shown'] = String(index);
    [...tabs.children].forEach((tab, at) => tab.setAttribute('aria-pressed', String(at === index)));
  };
  tabs.replaceChildren(...devices.map((device, index) => {
    const tab = h('button', { type: 'button' }, device.name);
    tab.addEventListener('click', () => look(index));
    return tab;
  }));
  look(0);
}

async function introduceToEachOther([first, second]: Device[]): Promise<void> {
  if (!first || !second) return;
  await Promise.all([first.lethe.client.connected(), second.lethe.client.connected()]);
  first.meet((await second.invite()).link);
  second.meet((await first.invite()).link);
}

async function start(): Promise<void> {
  const { one, invite } = asked();
  const account = await askRelay();
  showRelay(account);
  const fates = new Fates();
  const mine = one ? ['You'] : [...names];
  const devices = await Promise.all(mine.map((name) => Device.make(name, account.relay, fates)));
  document.body.classList.toggle('one', one);
  const memory = new MemoryView(devices);
  const slots = [byId('device-0'), byId('device-1')];
  devices.forEach((device, index) => {
    const view = new DeviceView(device, devices.find((other) => other !== device));
    slots[index]?.replaceChildren(view.element);
    device.start({
      connection: () => view.showConnection(),
      received: (message) => view.receive(message),
      sent: (message) => {
        view.send(message);
        memory.follow(device, message);
      },
      met: () => view.showContact(),
      said: announce,
    });
    view.showConnection();
    view.showContact();
  });
  slots.slice(devices.length).forEach((slot) => slot.remove());
  offerTabs(devices);
  memory.start();
  if (!one) await introduceToEachOther(devices);
  if (invite && devices[0]?.meet(invite)) await devices[0].introduce();
}

// An invite that is opened in this tab later on makes it one device with that contact.
window.addEventListener('hashchange', () => location.reload());
start().catch(() => {
  byId('failure').hidden = false;
});
