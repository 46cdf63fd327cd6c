// The shareable link: where a mailbox is and the invite to it.
//   lethe://host:port/<address>[?pin=<fingerprint>][&name=<relay name>]#<invite>
// Address, fingerprint (SHA-256 of the DER certificate) and invite are base64url.
import { fromBase64url, fromHex, toBase64url } from './bytes.js';
import { LetheError } from './error.js';
import { readInvite } from './invite.js';
import type { Address } from './messages.js';

const scheme = 'lethe://';
const defaultPort = 443;

/** Where a relay is. */
export interface RelayReference {
  /** Name or IP address; one of IPv6 without brackets. */
  host: string;
  /** 443 where a text names none. */
  port: number;
  /** SHA-256 of the relay's certificate, 32 bytes: trust this one only. */
  pin?: Uint8Array;
  /** The relay's own name, where it is not the host. */
  relayName?: string;
  /** No TLS (`ws://`): for tests on one machine. */
  plain?: boolean;
}

/** A mailbox: its relay, its address, and the invite to it. Whoever holds the link may send. */
export interface Link extends RelayReference {
  /** Whose mailbox. */
  address: Address;
  /** 92 bytes; it stands behind the `#`, which programs do not send to servers. */
  invite?: Uint8Array;
}

function bad(): never {
  throw new LetheError('bad_link');
}

/** The text before the first separator, and what follows it. */
function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function isHost(host: string): boolean {
  return /^[a-zA-Z0-9.:_-]{1,255}$/.test(host);
}

function parseEndpoint(text: string): RelayReference {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (!match || !isHost(host) || port < 1 || port > 65_535) bad();
  return { host, port };
}

// Parameters other than these are ignored, so that later versions can add some.
function parseParameters(query: string): { pin?: Uint8Array; relayName?: string } {
  const found: { pin?: Uint8Array; relayName?: string } = {};
  for (const parameter of query === '' ? [] : query.split('&')) {
    const [name, value] = cut(parameter, '=');
    if (name === 'pin') found.pin = fromBase64url(value, 32) ?? bad();
    if (name === 'name') found.relayName = isHost(value) ? value : bad();
  }
  return found;
}

/**
 * Reads a `lethe://` link with an address.
 * @throws {@link LetheError} `bad_link`.
 */
export function parseLink(text: string): Link {
  if (!text.startsWith(scheme)) bad();
  const [beforeInvite, inviteText] = cut(text.slice(scheme.length), '#');
  const [place, query] = cut(beforeInvite, '?');
  const [endpoint, address] = cut(place, '/');
  if (fromBase64url(address, 32) === undefined) bad();
  const link: Link = { ...parseEndpoint(endpoint), address, ...parseParameters(query) };
  if (inviteText === '') return link;
  const invite = fromBase64url(inviteText) ?? bad();
  try {
    readInvite(invite);
  } catch {
    bad();
  }
  return { ...link, invite };
}

/** `host:port` as one dials it. */
export function formatEndpoint(relay: RelayReference): string {
  return `${relay.host.includes(':') ? `[${relay.host}]` : relay.host}:${relay.port}`;
}

/** The link as text; {@link parseLink} reads it back. */
export function formatLink(link: Link): string {
  const parameters = [
    ...(link.pin ? [`pin=${toBase64url(link.pin)}`] : []),
    ...(link.relayName ? [`name=${link.relayName}`] : []),
  ];
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : '';
  const invite = link.invite ? `#${toBase64url(link.invite)}` : '';
  return `${scheme}${formatEndpoint(link)}/${link.address}${query}${invite}`;
}

/**
 * Where to connect: `host`, `host:port`, `[v6]:port`, each also with `lethe://` before it, with `?pin=…&name=…` behind it, or a
 * whole link. `wss://host` and, for tests on one machine, `ws://host` are understood too; a path is ignored.
 * @throws {@link LetheError} `bad_link`.
 */
export function parseRelay(text: string): RelayReference {
  const [, known, rest] = /^(lethe:\/\/|wss:\/\/|ws:\/\/)?(.*)$/s.exec(text) as unknown as [string, string | undefined, string];
  const [place, query] = cut(cut(rest, '#')[0], '?');
  const relay = { ...parseEndpoint(cut(place, '/')[0]), ...parseParameters(query) };
  return known === 'ws://' ? { ...relay, plain: true } : relay;
}

/**
 * A certificate's SHA-256: 64 hex digits (also with colons) or 43 characters of base64url.
 * @throws {@link LetheError} `bad_link`.
 */
export function parseFingerprint(text: string): Uint8Array {
  const bytes = fromBase64url(text, 32) ?? fromHex(text.replaceAll(':', ''));
  return bytes?.length === 32 ? bytes : bad();
}

/** Whether a relay that calls itself `name` is the one that was dialled: the host, `host:port`, or the name agreed on. */
export function isNameOf(relay: RelayReference, name: string): boolean {
  const names = relay.relayName ? [relay.relayName] : [relay.host, formatEndpoint(relay)];
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}
