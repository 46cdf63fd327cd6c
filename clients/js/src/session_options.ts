// What one connection is made with: an application's options with every default filled in.
import { dial } from '#dial';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { dialWith } from './dial_browser.js';
import type { Identity } from './identity.js';
import { parseFingerprint } from './link.js';
import type { RelayReference } from './link.js';
import type { Encoding, Epoch, MailboxSettings } from './messages.js';
import type { ConnectionOptions } from './options.js';
import type { Dial, Trust } from './socket.js';

export interface SessionOptions {
  relay: RelayReference;
  trust: Trust;
  encoding: Encoding;
  identity: Identity | undefined;
  admission: string | undefined;
  bindToTls: boolean;
  mailbox: MailboxSettings;
  epoch: Epoch | undefined;
  connectTimeout: number;
  idle: number;
  clock: Clock;
  dial: Dial;
}

function trustOf(relay: RelayReference, options: ConnectionOptions): Trust {
  const given = typeof options.pin === 'string' ? parseFingerprint(options.pin) : options.pin;
  const pin = given ?? (options.ignorePin || options.ca !== undefined ? undefined : relay.pin);
  return {
    ...(pin ? { pin } : {}),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.allowTls12 ? { allowTls12: true } : {}),
  };
}

/** Throws `bad_link` where the pin is no fingerprint. */
export function sessionOptions(relay: RelayReference, options: ConnectionOptions): SessionOptions {
  const { webSocket } = options;
  const platform: Dial = webSocket ? (target, events) => dialWith(webSocket, target, events) : dial;
  return {
    relay,
    trust: trustOf(relay, options),
    encoding: options.encoding ?? 'binary',
    identity: options.identity,
    admission: options.admission,
    bindToTls: options.bindToTls ?? false,
    mailbox: { ...options.mailbox },
    epoch: options.epoch,
    connectTimeout: options.connectTimeout ?? 15_000,
    idle: options.idle ?? 90_000,
    clock: options.clock ?? systemClock,
    dial: platform,
  };
}
