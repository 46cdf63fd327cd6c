// Devices for tests: connected clients that are closed when the test ends, and events to wait for.
import type { TestContext } from 'node:test';
import { Identity, Lethe } from 'lethe-client';
import type { LetheEvents, LetheOptions, Message } from 'lethe-client';
import type { Relay } from './relay.js';

/** Quick reconnects, so that tests don't wait; nothing depends on how quick. */
export const quick = { backoff: { first: 20, longest: 200 } };

/** Starts what `start` does, and kills it when the test ends. */
export async function forTest<T extends { kill(): Promise<void> }>(test: TestContext, starting: Promise<T>): Promise<T> {
  const started = await starting;
  test.after(() => started.kill());
  return started;
}

/** A new device with a key, online. */
export async function newDevice(test: TestContext, relay: Relay, options: LetheOptions & { url?: string } = {}): Promise<Lethe> {
  const { url, ...rest } = options;
  const identity = await Identity.generate();
  const device = await Lethe.connect(url ?? relay.url, { identity, ...relay.trust, ...quick, ...rest });
  test.after(() => device.close());
  return device;
}

/** An online session without a key. */
export async function anonymous(test: TestContext, relay: Relay, options: LetheOptions = {}): Promise<Lethe> {
  const device = await Lethe.connect(relay.url, { ...relay.trust, ...quick, ...options });
  test.after(() => device.close());
  return device;
}

/** The next event of that name that `matches`. */
export function nextEvent<Name extends keyof LetheEvents>(
  device: Lethe,
  name: Name,
  matches: (event: LetheEvents[Name]) => boolean = () => true,
): Promise<LetheEvents[Name]> {
  return new Promise((resolve) => {
    const off = device.on(name, (event) => {
      if (!matches(event)) return;
      off();
      resolve(event);
    });
  });
}

/** Texts of the next messages, each acknowledged. */
export async function nextTexts(device: Lethe, count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const message of device.messages()) {
    texts.push(message.text);
    if (texts.length < count) continue;
    await message.ack();
    break;
  }
  return texts;
}

/** The next message, acknowledged; its bytes copied. */
export async function nextMessage(device: Lethe): Promise<Pick<Message, 'kind' | 'name' | 'sender' | 'bytes' | 'text'>> {
  for await (const { kind, name, sender, bytes, text, ack } of device.messages()) {
    void ack;
    const copy = { kind, name, bytes: bytes.slice(), text, ...(sender === undefined ? {} : { sender }) };
    return copy;
  }
  throw new Error('the session ended');
}
