// Typed events. A listener that throws stops nobody: the platform reports it like any uncaught exception.

/** Takes a listener off again. */
export type Unsubscribe = () => void;

export class Listeners<Events extends object> {
  readonly #all = new Map<keyof Events, Set<(event: never) => void>>();

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    const own = (event: Events[Name]): void => listener(event); // the same function twice is two listeners
    const listeners = this.#all.get(name) ?? new Set();
    this.#all.set(name, listeners.add(own));
    return () => listeners.delete(own);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#all.get(name) ?? [])]) {
      try {
        listener(event as never);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
