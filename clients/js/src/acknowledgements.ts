// Which deliveries of one session are to be acknowledged, batched: one `up_to` for everything below which nothing is
// unhandled, single seqs for the rest.
import type { Ack } from './messages.js';

const mostSeqs = 65_535; // the count is a u16 in the record

/**
 * One per connection. `up_to` also covers deliveries that are still on their way here; that is harmless only while seqs arrive
 * in rising order. So it is not used any more once a seq arrived out of order, or after forbidCumulative() (needed before the
 * client lowers minUrgency: held-back messages with lower seqs then follow).
 */
export class Acknowledgements {
  readonly #unhandled = new Set<number>();
  #handled: number[] = [];
  #highest = 0;
  #cumulative = true;

  delivered(seq: number): void {
    if (seq <= this.#highest) this.#cumulative = false;
    this.#highest = Math.max(this.#highest, seq);
    this.#unhandled.add(seq);
  }

  handled(seq: number): void {
    if (this.#unhandled.delete(seq)) this.#handled.push(seq);
  }

  forbidCumulative(): void {
    this.#cumulative = false;
  }

  /** What was handled since the last take; nothing when there is none. Call until it gives nothing. */
  take(): Ack | undefined {
    if (this.#handled.length === 0) return undefined;
    this.#handled.sort((a, b) => a - b);
    let upTo = 0;
    let below = 0;
    if (this.#cumulative) {
      let barrier = this.#highest + 1;
      for (const seq of this.#unhandled) barrier = Math.min(barrier, seq);
      while (below < this.#handled.length && (this.#handled[below] as number) < barrier) ++below;
      upTo = this.#handled[below - 1] ?? 0;
    }
    const seqs = this.#handled.slice(below, below + mostSeqs);
    this.#handled = this.#handled.slice(below + seqs.length);
    return { upTo, seqs };
  }
}
