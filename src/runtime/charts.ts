import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Charts } from '../people/ports.js';
import type { Drawing } from './charts-draw.js';

/** The longest that a drawing may take, in ms; measured: under a second. */
const LONGEST_MS = 30_000;
/** What a process that can't draw says of it, at most. */
const MOST_COMPLAINT = 2_000;

export interface ChartDrawer extends Charts {
  /** Ends a drawing that is under way. */
  stop(): Promise<void>;
}

/**
 * Draws charts with Chart.js on a canvas of Skia, with fonts that are brought along. Each in a process of its own, one
 * after another: the bot is not held up meanwhile, none of the memory stays, and a fault in native code ends the picture and not the bot.
 */
export function createCharts(): ChartDrawer {
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const draw = async (drawing: Drawing) => {
    const drawn = last.then(() => drawApart(drawing, stopping.signal));
    last = drawn.catch(() => undefined);
    return await drawn;
  };
  return {
    bars: (chart) => draw({ kind: 'bars', chart }),
    columns: (chart) => draw({ kind: 'columns', chart }),
    stop: async () => {
      stopping.abort();
      await last;
    },
  };
}

async function drawApart(drawing: Drawing, signal: AbortSignal): Promise<Uint8Array> {
  const program = import.meta.url.replace(/charts(\.[jt]s)$/, 'charts-draw$1');
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
    let drawn: Uint8Array | undefined;
    child.once('message', (png) => {
      if (png instanceof Uint8Array) drawn = png;
    });
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      if (drawn) resolve(drawn);
      else reject(new Error(`A chart was not drawn (${killedBy ?? code}). ${complaint}`.trim()));
    });
    child.send(drawing, (error) => error && reject(error));
  });
}

function readerOfTypeScript(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}
