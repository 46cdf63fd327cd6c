// One timer for everything that counts down.

const listeners = new Set<() => void>();

/** Calls it about four times a second, until what is returned is called. */
export function everyTick(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

setInterval(() => listeners.forEach((listener) => listener()), 250);
