import { spawn } from 'node:child_process';
import { readServerEnvironment } from '../config-server.js';
import type { Identity } from './identity.js';

export interface Ran {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  /** What it wrote, errors included. */
  readonly output: string;
}

/**
 * Runs a program of the server to its end.
 * @throws what `spawn` throws when it can't be started at all (ENOENT, EACCES)
 */
export async function run(program: string, args: readonly string[], cwd: string, identity: Identity | undefined): Promise<Ran> {
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: readServerEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...identity,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    // Not "close": a server that was started may keep the pipes open for as long as it runs.
    child.once('exit', (code) => {
      setImmediate(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ code, output: Buffer.concat(chunks).toString() });
      });
    });
  });
}
