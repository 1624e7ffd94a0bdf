import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The longest that a drawing may take, in ms; measured: under a second. */
const LONGEST_MS = 30_000;
/** What a process that can't draw says of it, at most. */
const MOST_COMPLAINT = 2_000;

/** The program was ended by the system, or had used up its time. */
export class Killed extends Error {}

/** Has things drawn by a program of its own. */
export interface Apart {
  /**
   * @param task what the program takes as its one message; it answers with one, and ends
   * @throws Error when it ends without an answer, Killed when it was ended
   */
  run(task: object): Promise<unknown>;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

/**
 * Runs a program for each task in a process of its own, one after another: the bot is not held up meanwhile, none of the
 * memory stays, and a fault in native code ends the task and not the bot.
 * @param program the address of its module, a `.js` or `.ts` as this one is
 * @param failed what is said when it doesn't answer: "A chart was not drawn"
 */
export function createApart(program: string, failed: string): Apart {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: async (task) => {
      const done = last.then(() => runApart(program, task, { failed, signal: stopping.signal }));
      last = done.catch(() => undefined);
      return await done;
    },
    stop: async () => {
      stopping.abort();
      await last;
    },
  };
}

async function runApart(program: string, task: object, { failed, signal }: { failed: string; signal: AbortSignal }): Promise<unknown> {
  const child = fork(fileURLToPath(program), {
    // Run from the sources, the process needs what reads TypeScript.
    execArgv: ['--max-old-space-size=128', ...(program.endsWith('.ts') ? ['--import', readerOfTypeScript()] : [])],
    // The bot's secrets are no concern of a library that draws.
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal,
    killSignal: 'SIGKILL',
    timeout: LONGEST_MS,
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (said: string) => {
    complaint = (complaint + said).slice(-MOST_COMPLAINT);
  });
  return await new Promise((resolve, reject) => {
    const answers: unknown[] = [];
    child.once('message', (answer) => answers.push(answer));
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      if (answers.length > 0) resolve(answers[0]);
      else if (killedBy) reject(new Killed(`${failed} (${killedBy}). ${complaint}`.trim()));
      else reject(new Error(`${failed} (${code}). ${complaint}`.trim()));
    });
    child.send(task, (error) => error && reject(error));
  });
}

function readerOfTypeScript(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
