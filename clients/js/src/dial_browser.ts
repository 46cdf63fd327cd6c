// WebSockets as browsers have them: the platform checks certificates, answers pings, and tells little about failures.
import { wipe } from './bytes.js';
import { LetheError } from './error.js';
import type { DialTarget, Socket, SocketEvents, WebSocketFactory } from './socket.js';

const construct: WebSocketFactory = (url, subprotocol) => new WebSocket(url, subprotocol);

/** Over what the factory makes. */
export function dialWith(factory: WebSocketFactory, target: DialTarget, events: SocketEvents): Socket {
  if (target.trust.pin || target.trust.ca) throw new LetheError('pin_unsupported');
  const socket = factory(target.url, target.subprotocol);
  let over = false;
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    if (!over) events.opened(socket.protocol);
  };
  socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
    if (!over) events.frame(typeof event.data === 'string' ? event.data : new Uint8Array(event.data));
  };
  socket.onclose = (event) => {
    if (over) return;
    over = true;
    const closed = event.code !== 1005 && event.code !== 1006; // these two stand for «no close frame»
    events.ended({ error: new LetheError('connection_lost'), closeCode: closed ? event.code : 0 });
  };
  return {
    send(content) {
      if (socket.readyState === socket.OPEN) socket.send(content as string | Uint8Array<ArrayBuffer>);
      if (typeof content !== 'string') wipe(content); // the browser has its copy
    },
    close: () => socket.close(1000),
    abandon() {
      over = true;
      socket.close();
    },
    exporter: () => undefined,
  };
}

export function dial(target: DialTarget, events: SocketEvents): Socket {
  return dialWith(construct, target, events);
}
