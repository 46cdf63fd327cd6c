// What the relay tells a device about its own mailbox, and only the device (docs/demo.md).
import { toBase64url } from 'lethe-client';
import type { Identity } from 'lethe-client';

export interface Waiting {
  messages: number;
  bytes: number;
}

/** Nothing where the relay can't be asked, or does not answer. `time`: the relay's, Unix milliseconds. */
export async function askWaiting(identity: Identity, relayName: string, time: number): Promise<Waiting | undefined> {
  const seconds = String(Math.floor(time / 1_000));
  const signed = new TextEncoder().encode(`lethe/v1/demo-status\0${relayName}\0${seconds}`);
  const proof = `${identity.address}.${seconds}.${toBase64url(await identity.sign(signed))}`;
  try {
    const answer = await fetch('/demo/status', { headers: { Authorization: `Lethe-Demo ${proof}` }, cache: 'no-store' });
    return answer.ok ? ((await answer.json()) as Waiting) : undefined;
  } catch {
    return undefined;
  }
}
