// A relay that serves the demo page, on a free port, with the certificate that it makes for itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export function program(variable) {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} must name the program`);
  return path;
}

// Whatever way the tests end, no process of theirs stays.
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
process.once('SIGTERM', () => process.exit(143));

export class Relay {
  #process;
  #port = 0;
  /** SHA-256 of its certificate, hex: another one after every start. */
  pin = '';

  /** No origin but the relay's own may connect, so that the page must be one. */
  async start() {
    this.#process = spawn(program('LETHE_BIN'), [
      '--name=localhost', `--listen=127.0.0.1:${this.#port}`, '--admin=', '--threads=2', '--demo=true',
      '--allowed_origins=https://elsewhere.example', '--lockdown=best-effort', '--memory.secret=off', '--memory.locking=off',
      '--memory.arena=64MiB', '--limits.relay.bytes=48MiB',
    ], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
    running.add(this.#process);
    const said = [];
    this.#process.stderr.on('data', (text) => said.push(String(text)));
    for await (const line of createInterface(this.#process.stdout)) {
      said.push(line);
      this.pin = /development certificate, SHA-256 ([0-9a-f]+)/.exec(line)?.[1] ?? this.pin;
      const port = / listening port=(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      this.#process.stdout.resume();
      this.#port = Number(port);
      return this;
    }
    throw new Error(`the relay did not start:\n${said.join('\n')}`);
  }

  get origin() {
    return `https://localhost:${this.#port}`;
  }

  /** At once, as by a loss of power; `start` begins anew on the same port. */
  async kill() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    running.delete(this.#process);
  }
}
