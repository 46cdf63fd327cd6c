// The demo page in a browser, and what must be true of it whatever is done: nothing on the console, no request to anywhere else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Debian's chromium. The relay's certificate is its own; a sandbox can't be had as root. */
export function launch() {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--ignore-certificate-errors', ...asRoot] });
}

/** One device as a user meets it. */
class Device {
  constructor(page, name) {
    this.page = page;
    this.name = name;
    this.element = page.getByRole('region', { name, exact: true });
    this.sent = this.element.locator('.message.sent');
    this.received = this.element.locator('.message.received');
  }

  async write(text, lifetime) {
    if (lifetime) await this.element.getByLabel('Forget after').selectOption(lifetime);
    await this.element.getByLabel(`Message from ${this.name}`).fill(text);
    await this.element.getByRole('button', { name: 'Send' }).click();
  }

  async show(file) {
    await this.element.locator('input[type=file]').setInputFiles(file);
  }

  async turnNetwork(state) {
    await this.element.getByRole('switch').click();
    await this.is(state);
  }

  is(state) {
    return this.element.locator('.connection', { hasText: state }).waitFor();
  }

  /** Waits until what it sent last stands there. */
  lastSent(stage, fate = 'delivered') {
    return this.sent.last().and(this.page.locator(`[data-stage=${stage}][data-fate=${fate}]`)).waitFor();
  }

  hasReceived(text) {
    return this.received.filter({ hasText: text }).waitFor();
  }

  /** The link of its invite that opens this page, or the one for other clients. */
  async invite(which = 'Opens this page') {
    await this.element.getByRole('button', { name: 'Invite' }).click();
    const link = await this.page.getByLabel(which).inputValue();
    await this.page.keyboard.press('Escape');
    return link;
  }

  async use(invite) {
    await this.element.getByRole('button', { name: 'Invite' }).click();
    await this.page.getByLabel('Somebody else’s invite').fill(invite);
    await this.page.getByRole('button', { name: 'Use' }).click();
    await this.page.getByText('Taken.', { exact: true }).waitFor();
    await this.page.keyboard.press('Escape');
  }
}

export class DemoPage {
  #complaints = [];
  #strays = [];

  constructor(page, origin) {
    this.page = page;
    page.on('console', (message) => this.#complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#complaints.push(String(error)));
    const places = [origin, `blob:${origin}`, origin.replace('https:', 'wss:')];
    const look = (url) => places.some((place) => url.startsWith(`${place}/`)) || this.#strays.push(url);
    page.on('request', (request) => look(request.url()));
    page.on('websocket', (socket) => look(socket.url()));
  }

  /** `path` may be a whole address of the relay. */
  static async open(browser, relay, path = '/', settings = {}) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...settings });
    const page = new DemoPage(await context.newPage(), relay.origin);
    await page.page.goto(new URL(path, relay.origin).href);
    return page;
  }

  device(name) {
    return new Device(this.page, name);
  }

  /** Both devices of the page, online and acquainted. */
  async pair() {
    const devices = [this.device('Anna'), this.device('Ben')];
    for (const device of devices) {
      await device.is('Online');
      await this.page.getByText(`Nothing here yet. Write to ${device.name}.`).waitFor();
    }
    return devices;
  }

  /** Waits until the relay counts so much in a mailbox, by the page's live numbers. */
  holds(owner, messages, bytes) {
    const mailbox = this.page.getByRole('region', { name: `${owner} mailbox` });
    return mailbox.and(this.page.locator(`[data-messages="${messages}"]${bytes === undefined ? '' : `[data-bytes="${bytes}"]`}`)).waitFor();
  }

  /** What axe finds that is serious or worse. */
  async barriers() {
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => globalThis.axe.run());
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }

  /** To be called at the end. Lines that `expected` matches are the browser's own about a lost connection. */
  async close(expected = /^$/) {
    await this.page.context().close();
    assert.deepEqual(this.#complaints.filter((line) => !expected.test(line)), []);
    assert.deepEqual(this.#strays, []);
  }
}
