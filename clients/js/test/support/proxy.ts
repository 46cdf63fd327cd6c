// A TCP proxy before a relay, to cut the network with.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export class Proxy {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  readonly #target: () => number;
  #deaf = false;
  #swallowed: (() => void) | undefined;

  private constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  /** `target` gives the relay's port whenever a client connects. */
  static async start(target: () => number): Promise<Proxy> {
    const proxy = new Proxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  get url(): string {
    return `127.0.0.1:${this.port}?name=localhost`;
  }

  /** From now on what the relay says is lost; resolves when the first of it was. A cut ends it. */
  swallow(): Promise<void> {
    this.#deaf = true;
    return new Promise((resolve) => (this.#swallowed = resolve));
  }

  /** Every connection is gone, without a word of WebSocket's or TLS's. */
  cut(): void {
    this.#deaf = false;
    // Not by a reset: of a socket that is shutting down, Node may keep the handle, and the tests would not end.
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#pairs.clear();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(near: Socket): void {
    const far = connect(this.#target(), '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (!this.#deaf) return void near.write(bytes);
      this.#swallowed?.();
    });
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        this.#pairs.delete(pair);
      });
    }
  }
}
