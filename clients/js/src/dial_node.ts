// WebSockets in Node, of the package ws: it can pin a certificate, takes other CAs, and tells why an upgrade was refused.
import type { IncomingMessage } from 'node:http';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket as TcpSocket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { equalBytes, fromHex, wipe } from './bytes.js';
import { LetheError } from './error.js';
import type { DialTarget, Socket, SocketEvents } from './socket.js';

const largestFrame = 4_194_304; // the relay batches up to 64 KiB; room for larger payload limits
const longestWait = 86_400;

type Connected = (error: Error | null, socket?: TcpSocket) => void;

function pinned(socket: TLSSocket, pin: Uint8Array): boolean {
  const found = fromHex(socket.getPeerCertificate().fingerprint256?.replaceAll(':', '') ?? '');
  return found !== undefined && equalBytes(found, pin);
}

// Nothing is written before the certificate was checked.
function secure(target: DialTarget, connected: Connected): TLSSocket {
  const { ca, pin, allowTls12 } = target.trust;
  const socket = connectTls({
    host: target.host,
    port: target.port,
    minVersion: allowTls12 ? 'TLSv1.2' : 'TLSv1.3',
    rejectUnauthorized: pin === undefined,
    ...(ca === undefined ? {} : { ca }),
    ...(isIP(target.host) ? {} : { servername: target.host }),
  });
  const failed = (error: Error): void => {
    connected(socket.authorizationError ? new LetheError('untrusted_certificate') : error);
  };
  socket.once('error', failed);
  socket.once('secureConnect', () => {
    socket.off('error', failed);
    if (pin === undefined || pinned(socket, pin)) return connected(null, socket);
    socket.destroy();
    connected(new LetheError('pin_mismatch'));
  });
  return socket;
}

function plain(target: DialTarget, connected: Connected): TcpSocket {
  const socket = connectTcp({ host: target.host, port: target.port });
  const failed = (error: Error): void => connected(error);
  socket.once('error', failed);
  socket.once('connect', () => {
    socket.off('error', failed);
    connected(null, socket);
  });
  return socket;
}

function refused(response: IncomingMessage): LetheError {
  const header = response.headers['retry-after'] ?? '';
  return new LetheError('upgrade_refused', /^\d+$/.test(header) ? Math.min(Number(header), longestWait) : undefined);
}

function bytesOf(content: unknown): Uint8Array {
  const buffer = content as Buffer;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

export function dial(target: DialTarget, events: SocketEvents): Socket {
  let transport: TcpSocket | TLSSocket | undefined;
  let reason: LetheError | undefined;
  let over = false;
  const createConnection = (_options: unknown, connected: Connected): undefined => {
    transport = (target.url.startsWith('wss:') ? secure : plain)(target, connected);
  };
  const socket = new WebSocket(target.url, target.subprotocol, {
    perMessageDeflate: false,
    maxPayload: largestFrame,
    followRedirects: false,
    createConnection: createConnection as never,
  });
  socket.on('open', () => {
    if (!over) events.opened(socket.protocol);
  });
  socket.on('message', (content, binary) => {
    if (!over) events.frame(binary ? bytesOf(content) : String(content));
  });
  socket.on('unexpected-response', (_request, response) => {
    reason = refused(response);
    socket.terminate();
  });
  socket.on('error', (error: Error & { code?: string }) => {
    if (error instanceof LetheError) reason ??= error;
    else if (error.message.includes('subprotocol')) reason ??= new LetheError('wrong_subprotocol');
    // An attempt that ended before the upgrade leaves its transport to us.
    if (socket.readyState !== WebSocket.OPEN) transport?.destroy();
  });
  socket.on('close', (code) => {
    if (over) return;
    over = true;
    const closed = code !== 1005 && code !== 1006; // these two stand for «no close frame»
    events.ended({ error: reason ?? new LetheError('connection_lost'), closeCode: closed ? code : 0 });
  });
  return {
    send(content) {
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(content, () => {
        if (typeof content !== 'string') wipe(content);
      });
    },
    close: () => socket.close(1000),
    abandon() {
      over = true;
      transport?.destroy();
      socket.terminate();
    },
    exporter() {
      if (!transport || !('exportKeyingMaterial' in transport)) return undefined;
      return bytesOf(transport.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)));
    },
  };
}
