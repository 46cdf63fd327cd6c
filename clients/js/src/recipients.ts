// To whom: a link, an address, or both taken apart.
import { fromBase64url } from './bytes.js';
import { LetheError } from './error.js';
import { isNameOf, parseLink } from './link.js';
import type { Link } from './link.js';
import type { Address, Recipient } from './messages.js';

/** A `lethe://` link, as text or parsed; an address, for who needs no invite; or an address and its invite. */
export type To = string | Link | Recipient;

/**
 * The recipient that is meant. `relayName` is the name of the relay that the session is with.
 * @throws {@link LetheError} `bad_link`; `wrong_relay` when the link leads to another relay, where the message would be found.
 */
export function recipientOf(to: To, relayName: string): Recipient {
  if (typeof to === 'string' && fromBase64url(to, 32)) return { device: to as Address };
  const found = typeof to === 'string' ? parseLink(to) : to;
  if ('device' in found) return found;
  if (!isNameOf(found, relayName)) throw new LetheError('wrong_relay');
  return { device: found.address, ...(found.invite ? { invite: found.invite } : {}) };
}
