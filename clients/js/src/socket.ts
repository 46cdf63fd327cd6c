// One WebSocket, whatever the platform makes it of. `#dial` is dial_node.ts or dial_browser.ts, by package.json's conditions.
import type { LetheError } from './error.js';

/** Whom to believe to be the relay. By default: a chain to the platform's CAs, for the host that was dialled. */
export interface Trust {
  /** PEM text of the CAs to trust instead of the platform's. Node only. */
  ca?: string;
  /** SHA-256 of the one certificate to trust, whoever signed it, whatever its name. Node only. */
  pin?: Uint8Array;
  /** Accept TLS 1.2 too; 1.3 only otherwise. Node only: a browser decides by itself. */
  allowTls12?: boolean;
}

export interface DialTarget {
  host: string;
  port: number;
  url: string;
  subprotocol: string;
  trust: Trust;
}

/** Why a connection ended. */
export interface SocketEnd {
  error: LetheError;
  /** Of the WebSocket close frame; 0 if there was none. */
  closeCode: number;
}

/** Called later, never from within a method of Socket. `ended` comes once and last. */
export interface SocketEvents {
  opened(subprotocol: string): void;
  /** The bytes are the receiver's to overwrite. */
  frame(content: string | Uint8Array): void;
  ended(end: SocketEnd): void;
}

export interface Socket {
  /** Frames leave in order; bytes are overwritten after they were written. */
  send(content: string | Uint8Array): void;
  /** Closes politely after what was sent is written; `ended` follows. */
  close(): void;
  /** Cuts the connection now. No event comes any more. */
  abandon(): void;
  /** 32 bytes of RFC 9266's channel binding; nothing where the platform has none. */
  exporter(): Uint8Array | undefined;
}

/** Starts a connection. Throws a LetheError where it can't be made on this platform at all. */
export type Dial = (target: DialTarget, events: SocketEvents) => Socket;

/** Makes a WebSocket of the platform's own kind, for those that have it elsewhere than in `globalThis`. */
export type WebSocketFactory = (url: string, subprotocol: string) => WebSocket;
