// A device's own network, as a switch: off, its connection is cut and none can be made, and the client behaves as it does
// wherever there is no network.

// What stands for a connection that does not come about. The client gives it handlers, and closes it when it loses patience.
class NoConnection {
  readonly OPEN = 1;
  readyState = 0;
  binaryType = 'arraybuffer';
  protocol = '';
  onopen: (() => void) | null = null;
  onmessage: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(): void {}
  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    queueMicrotask(() => this.onclose?.({ code: 1006 }));
  }
}

export class NetworkSwitch {
  #on = true;
  #current: { close(): void } | undefined;

  get on(): boolean {
    return this.#on;
  }

  /** Makes the client's WebSockets. */
  readonly open = (url: string, subprotocol: string): WebSocket => {
    const socket = this.#on ? new WebSocket(url, subprotocol) : (new NoConnection() as unknown as WebSocket);
    this.#current = socket;
    return socket;
  };

  /** What is connected is cut; what waited for a network tries again. */
  turn(on: boolean): void {
    if (this.#on === on) return;
    this.#on = on;
    this.#current?.close();
  }
}
