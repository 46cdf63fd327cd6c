// tests/vectors/protocol.json, which the relay and all clients share, and its keys.
import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '../../dist/bytes.js';
import { Identity } from 'lethe-client';

export interface Vectors {
  keys: Record<'alice' | 'bob', { seed: string; address: string }>;
  auth: { relay: string; nonce: string; exporter?: string; signed: string; signature: string; device: 'alice'; message: object }[];
  invites: {
    recipient: 'bob'; flags: number; generation: number; expires: number; max_ttl: number; rate: number; label: string;
    bytes: string; text: string;
  }[];
  refusals: { code: string; number: number }[];
  statuses: { status: string; number: number }[];
  base64url: { text: string; bytes?: string }[];
  records: { name: string; from: 'client' | 'relay'; record: string; message: Record<string, unknown> & { type: string } }[];
}

/** The repository, from build/support/. */
export const repository = new URL('../../../../', import.meta.url);
export const vectors = JSON.parse(readFileSync(new URL('tests/vectors/protocol.json', repository), 'utf8')) as Vectors;

export function hex(bytes: Uint8Array): string {
  return toHex(bytes);
}
export function unhex(text: string): Uint8Array {
  return fromHex(text.replaceAll(/\s/g, '')) as Uint8Array;
}
export function keyOf(name: 'alice' | 'bob', subtle?: SubtleCrypto | null): Promise<Identity> {
  const seed = unhex(vectors.keys[name].seed);
  return subtle === null ? Identity.fromSeed(seed, {} as SubtleCrypto) : Identity.fromSeed(seed);
}
