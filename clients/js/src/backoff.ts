// How long to wait before the next attempt: exponential, jittered, and never less than the relay asked for.

/** Waits between attempts, milliseconds: `first`, doubled each time up to `longest`, each drawn from its upper half. */
export interface BackoffOptions {
  /** The first wait, before it is jittered. */
  first: number;
  /** No wait is longer, unless the relay asks. */
  longest: number;
}

export const usualBackoff: BackoffOptions = { first: 500, longest: 60_000 };
const mostDoublings = 20;

export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /**
   * Milliseconds. The n-th wait in a row lies in [half, whole] of first * 2^(n-1), capped by `longest`; `chance` in [0, 1) picks
   * the place. `retryAfter` (seconds), where given, is the least.
   */
  next(chance: number, retryAfter = 0): number {
    const whole = Math.min(this.#options.first * 2 ** Math.min(this.#failures, mostDoublings), this.#options.longest);
    ++this.#failures;
    return Math.max(whole / 2 + (whole / 2) * chance, retryAfter * 1_000);
  }

  /** The attempt succeeded: the next wait is the first again. */
  reset(): void {
    this.#failures = 0;
  }
}
