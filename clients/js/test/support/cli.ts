// lethe-cli, the C++ client. LETHE_CLI_BIN names the program.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { Identity } from 'lethe-client';
import { atExit, program, temporaryDirectory } from './relay.js';
import type { Relay } from './relay.js';

function start(test: TestContext, words: string[]): ChildProcess {
  const child = spawn(program('LETHE_CLI_BIN'), words, { stdio: ['pipe', 'pipe', 'pipe'], env: {} });
  atExit(() => child.kill('SIGKILL'));
  test.after(() => child.kill('SIGKILL'));
  return child;
}

/** Runs it to its end; gives what it printed. Throws with its complaints where it failed. */
export async function runCli(test: TestContext, words: string[], input = ''): Promise<string> {
  const child = start(test, words);
  const [out, err]: string[][] = [[], []];
  child.stdout?.on('data', (text) => out?.push(String(text)));
  child.stderr?.on('data', (text) => err?.push(String(text)));
  child.stdin?.on('error', () => undefined); // not every command reads it
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`lethe-cli ${words[0]} ended with ${code}: ${err?.join('')}`);
  return out?.join('') ?? '';
}

/** A new key of lethe-cli: its file, and the same key here. */
export async function cliKey(test: TestContext): Promise<{ file: string; identity: Identity }> {
  const file = join(temporaryDirectory(), 'key');
  await runCli(test, ['keygen', '--key', file]);
  return { file, identity: await Identity.import(readFileSync(file, 'utf8')) };
}

/** `lethe-cli listen` for so many texts and files; resolves when it listens. `done` gives what it printed. */
export async function listen(
  test: TestContext, relay: Relay, key: string, count: number, directory: string,
): Promise<{ done: Promise<string[]> }> {
  const child = start(test, [
    'listen', '--relay', relay.url, '--ca', relay.caFile, '--key', key, '--count', String(count), '--out', directory, '--sender',
  ]);
  const lines: string[] = [];
  const complaints: string[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => lines.push(line));
  const ended = once(child, 'close') as Promise<[number]>;
  const listening = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      complaints.push(line);
      if (line.startsWith('Listening;')) resolve();
    });
    ended.then(([code]) => reject(new Error(`lethe-cli listen ended with ${code}: ${complaints.join('\n')}`)), reject);
  });
  await listening;
  const done = ended.then(([code]) => {
    if (code !== 0) throw new Error(`lethe-cli listen ended with ${code}: ${complaints.join('\n')}`);
    return lines;
  });
  return { done };
}
