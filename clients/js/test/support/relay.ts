// A real relay on a free port. LETHE_BIN names the program.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of the project by the variable that names it. */
export function program(variable: string): string {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} must name the program`);
  return path;
}

// Whatever way the tests of this file end, nothing of theirs stays.
const leftovers = new Set<() => void>();
process.once('exit', () => leftovers.forEach((remove) => remove()));
process.once('SIGTERM', () => process.exit(143)); // the runner's time is up

export function atExit(remove: () => void): void {
  leftovers.add(remove);
}

/** A directory that is gone when the tests of this file end. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lethe-js-'));
  atExit(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

// One certificate for all relays of a test file, so that a restarted relay is known again.
let certificate: { file: string; key: string; text: string } | undefined;
function ownCertificate(): { file: string; key: string; text: string } {
  if (certificate) return certificate;
  const directory = temporaryDirectory();
  const [file, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', names, '-keyout', key, '-out', file,
  ], { stdio: 'ignore' });
  certificate = { file, key, text: readFileSync(file, 'utf8') };
  return certificate;
}

export interface RelaySettings {
  port?: number;
  /** Makes its own certificate, as `deploy/quickstart` has it. */
  development?: boolean;
  /** No TLS. */
  plain?: boolean;
  /** More options of the program. */
  options?: string[];
}

export class Relay {
  readonly #process: ChildProcess;
  private constructor(
    process: ChildProcess,
    readonly port: number,
    /** SHA-256 of the development certificate, hex. */
    readonly fingerprint: string,
  ) {
    this.#process = process;
  }

  static async start(settings: RelaySettings = {}): Promise<Relay> {
    const own = settings.development || settings.plain ? undefined : ownCertificate();
    const child = spawn(program('LETHE_BIN'), [
      '--name=localhost', `--listen=127.0.0.1:${settings.port ?? 0}`, '--admin=127.0.0.1:0', '--threads=1',
      '--lockdown=best-effort', '--memory.secret=off', '--memory.locking=off', '--memory.arena=64MiB', '--limits.relay.bytes=48MiB',
      ...(own ? [`--tls.certificate=${own.file}`, `--tls.key=${own.key}`] : []),
      ...(settings.plain ? ['--tls.plaintext=true'] : []), ...(settings.options ?? []),
    ], { stdio: ['ignore', 'pipe', 'pipe'], env: {} }); // a LETHE_… variable that it doesn't know is an error to it
    atExit(() => child.kill('SIGKILL'));
    let fingerprint = '';
    const seen: string[] = [];
    child.stderr.on('data', (text) => seen.push(String(text)));
    for await (const line of createInterface(child.stdout)) {
      seen.push(line);
      fingerprint = /development certificate, SHA-256 ([0-9a-f]+)/.exec(line)?.[1] ?? fingerprint;
      const port = / listening port=(\d+)/.exec(line)?.[1];
      if (port === undefined) continue;
      child.stdout.resume();
      return new Relay(child, Number(port), fingerprint);
    }
    throw new Error(`the relay did not start:\n${seen.join('\n')}`);
  }

  /** What Lethe.connect takes. */
  get url(): string {
    return `127.0.0.1:${this.port}?name=localhost`;
  }
  get trust(): { ca: string } {
    return { ca: ownCertificate().text };
  }
  get caFile(): string {
    return ownCertificate().file;
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to drain and end. */
  terminate(): void {
    this.#process.kill('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }
}
