// An invite: a capability that the owner of a mailbox mints, and whoever holds it may send there (docs/protocol.md).
import { concat, fromBase64url, toBase64url, utf8 } from './bytes.js';
import { ByteReader, ByteWriter } from './byte_cursor.js';
import { LetheError } from './error.js';
import type { Identity } from './identity.js';
import { verifySignature } from './identity.js';
import type { Address } from './messages.js';
import { randomBytes } from './sodium.js';

// 0        1      2           6        14       18    20     28         92
// version  flags  generation  expires  max_ttl  rate  label  signature
const inviteSize = 92;
const signedSize = 28;
const version = 1;
const anonymousFlag = 1;
const epochFlag = 2;

/** What an invite allows. */
export interface InviteTerms {
  /** Unix seconds of the relay's clock: void from the start of that second. */
  expires: number;
  /** Usable by sessions that did not authenticate. */
  anonymous?: boolean;
  /** Void after a restart of the relay, so that its revocation can't be forgotten. */
  thisEpochOnly?: boolean;
  /** Void once the mailbox announces a higher one. */
  generation?: number;
  /** Longest life of a message sent with it, seconds; 0: no cap. */
  maxTtl?: number;
  /** Messages an hour; 0: no cap. */
  rate?: number;
  /** 11 characters that name it for {@link MailboxSettings.revoked}; random if not given. */
  label?: string;
}

function signedBytes(body: Uint8Array): Uint8Array {
  return concat(utf8('lethe/v1/invite\0'), body);
}

/** Mints an invite to the mailbox of `owner`: 92 bytes. */
export async function mintInvite(owner: Identity, terms: InviteTerms): Promise<Uint8Array> {
  const label = terms.label === undefined ? randomBytes(8) : fromBase64url(terms.label, 8);
  if (label === undefined) throw new LetheError('bad_invite');
  const out = new ByteWriter(new Uint8Array(inviteSize)).u8(version);
  out.u8((terms.anonymous ? anonymousFlag : 0) | (terms.thisEpochOnly ? epochFlag : 0));
  out.u32(terms.generation ?? 0).u64(terms.expires).u32(terms.maxTtl ?? 0).u16(terms.rate ?? 0).raw(label);
  return out.raw(await owner.sign(signedBytes(out.bytes.subarray(0, signedSize)))).bytes;
}

/**
 * Reads what an invite allows, without checking its signature.
 * @throws {@link LetheError} `bad_invite` unless it is 92 bytes of version 1 without unknown flags.
 */
export function readInvite(invite: Uint8Array): Required<InviteTerms> {
  const from = new ByteReader(invite);
  const foundVersion = from.u8();
  const flags = from.u8();
  const known = invite.length === inviteSize && foundVersion === version && (flags & ~(anonymousFlag | epochFlag)) === 0;
  const terms = {
    anonymous: (flags & anonymousFlag) !== 0,
    thisEpochOnly: (flags & epochFlag) !== 0,
    generation: from.u32(),
    expires: from.u64(),
    maxTtl: from.u32(),
    rate: from.u16(),
    label: toBase64url(from.take(8)),
  };
  if (!known || !from.ok) throw new LetheError('bad_invite');
  return terms;
}

/** Whether the owner of `mailbox` signed it. */
export function isInviteOf(mailbox: Address, invite: Uint8Array): Promise<boolean> {
  if (invite.length !== inviteSize) return Promise.resolve(false);
  return verifySignature(mailbox, signedBytes(invite.subarray(0, signedSize)), invite.subarray(signedSize));
}
