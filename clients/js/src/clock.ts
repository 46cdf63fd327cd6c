// Time, as the client sees it: to be replaced in tests, and by applications that know better than the platform.

/**
 * Only `monotonic` decides anything; `now` is what invites are minted by until a relay has told its own time, since a device's
 * clock may be wrong.
 */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  /** Calls once, after at least so many milliseconds; gives what `cancel` takes. */
  after(milliseconds: number, call: () => void): unknown;
  /** The call is not made any more; anything else is ignored. */
  cancel(timer: unknown): void;
}

const longestTimer = 2_147_483_647;

/** The platform's. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (milliseconds, call) => setTimeout(call, Math.min(milliseconds, longestTimer)),
  cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
