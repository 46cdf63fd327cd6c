// One message of a device, and how far it has come.
import { partCapacity, sealedSizes } from 'lethe-client';

/**
 * The way of a message. `sealing` is before the first step, `delivered` is seen only where the recipient is on this page as
 * well, and `gone` is its end, of whatever kind.
 */
export type Stage = 'sealing' | 'sealed' | 'held' | 'delivered' | 'acknowledged' | 'gone';
/** What else can end it. */
export type Fate = 'delivered' | 'recalled' | 'expired' | 'refused' | 'lost';

export interface Content {
  text?: string;
  file?: File;
}

const order: readonly Stage[] = ['sealing', 'sealed', 'held', 'delivered', 'acknowledged', 'gone'];

/** Bytes that it takes when sealed: what the relay sees of its size. */
export function sealedSize(content: Content, limit: number): { bytes: number; parts: number } {
  const name = new TextEncoder().encode(content.file?.name ?? '').length;
  const size = content.file?.size ?? new TextEncoder().encode(content.text ?? '').length;
  const capacity = partCapacity(limit, name);
  const parts = Math.max(1, Math.ceil(size / capacity));
  const rest = size - (parts - 1) * capacity;
  const last = sealedSizes.find((one) => partCapacity(one, name) >= rest) ?? limit;
  const whole = sealedSizes.filter((one) => one <= limit).at(-1) ?? limit;
  return { bytes: (parts - 1) * whole + last, parts };
}

let count = 0;

export class Outgoing {
  readonly key = `message-${++count}`;
  readonly content: Content;
  /** Address of the mailbox. */
  readonly to: string;
  readonly bytes: number;
  readonly parts: number;
  /** Seconds that were asked for. */
  readonly ttl: number;
  stage: Stage = 'sealing';
  fate: Fate = 'delivered';
  /** What else there is to say about where it is. */
  note = '';
  accepted = 0;
  ids: string[] = [];
  transfer = '';
  /** On this page's own monotonic clock, milliseconds; 0: the relay does not hold it. */
  forgottenAt = 0;
  /** Its recall is asked for. */
  recalling = false;
  changed: () => void = () => undefined;

  constructor(content: Content, to: string, ttl: number, limit: number) {
    this.content = content;
    this.to = to;
    this.ttl = ttl;
    const { bytes, parts } = sealedSize(content, limit);
    this.bytes = bytes;
    this.parts = parts;
  }

  /** Whether the relay holds it now. */
  get inMemory(): boolean {
    return this.stage === 'held' || this.stage === 'delivered' || this.stage === 'acknowledged';
  }
  get over(): boolean {
    return this.stage === 'gone';
  }

  /** Only ever forward: what arrives late changes nothing. */
  advance(stage: Stage, note = ''): void {
    if (order.indexOf(stage) <= order.indexOf(this.stage)) return;
    this.stage = stage;
    this.note = note;
    this.changed();
  }

  /** It has left the relay's memory, or never was there. */
  end(fate: Fate, note = ''): void {
    if (this.over) return;
    this.fate = fate;
    this.advance('gone', note);
  }

  /** The relay has forgotten it in a restart; the device still has it, and sends it again. */
  backOnDevice(note: string): void {
    if (this.over || !this.inMemory) return;
    this.stage = 'sealed';
    this.forgottenAt = 0;
    this.note = note;
    this.changed();
  }
}
