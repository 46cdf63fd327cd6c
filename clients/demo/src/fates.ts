// Where both devices are on one page, the page can see a message arrive before its sender is told anything.
import type { Outgoing } from './outgoing.js';

export class Fates {
  readonly #followed = new Map<string, Outgoing>();
  readonly #early = new Set<string>();

  /** The relay holds it. It can have arrived before the relay's word of that has. */
  follow(outgoing: Outgoing): void {
    if (this.#early.delete(outgoing.transfer)) return outgoing.advance('delivered');
    this.#followed.set(outgoing.transfer, outgoing);
  }

  arrived(transfer: string): void {
    const outgoing = this.#followed.get(transfer);
    if (!outgoing) return void this.#early.add(transfer);
    this.#followed.delete(transfer);
    outgoing.advance('delivered');
  }
}
