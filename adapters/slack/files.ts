import { z } from 'zod';
import { BellhopError } from '../../src/core/errors.js';
import type { FileHandle } from '../../src/core/form.js';

/** A file as Slack tells of it in views and messages; the rest is asked for when it is read. */
export const SlackFile = z.object({
  id: z.string(),
  name: z.string().nullish(),
  size: z.number().nullish(),
  url_private_download: z.string().nullish(),
  url_private: z.string().nullish(),
});
export type SlackFile = z.infer<typeof SlackFile>;

export interface FileSource {
  readonly botToken: string;
  /** The address of the Web API: besides Slack's own hosts, the only one that is sent the token. */
  readonly apiUrl: string;
  /** `files.info`, for files that came without their address. */
  readonly info: (id: string) => Promise<SlackFile>;
}

const READ_TIMEOUT_MS = 20_000;

/** Makes handles of files that people sent. Nothing is fetched before `read`. */
export function fileHandles(source: FileSource): (file: SlackFile) => FileHandle {
  return (file) => ({
    name: file.name ?? file.id,
    ...(typeof file.size === 'number' ? { size: file.size } : {}),
    read: (limit) => read(source, file, limit),
  });
}

async function read(source: FileSource, told: SlackFile, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new BellhopError('core.file_too_large', { limit: Math.floor(limit / 1024) });
  if (typeof told.size === 'number' && told.size > limit) throw tooLarge();
  try {
    const file = addressOf(told) ? told : await source.info(told.id);
    const address = addressOf(file);
    if (!address || !mayHaveToken(address, source.apiUrl)) throw new Error('The file has no address of Slack.');
    const response = await fetch(address, {
      headers: { Authorization: `Bearer ${source.botToken}` },
      // Slack redirects to its sign-in page where the token may not read; the token goes nowhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(READ_TIMEOUT_MS),
    });
    if (response.status !== 200 || !response.body || isSignInPage(response, file)) {
      await response.body?.cancel();
      throw new Error(`Slack answered ${response.status}.`);
    }
    return await collect(response.body, limit, tooLarge);
  } catch (error) {
    if (error instanceof BellhopError) throw error;
    throw new BellhopError('core.file_unreadable', {}, { cause: error });
  }
}

const addressOf = (file: SlackFile) => file.url_private_download ?? file.url_private ?? undefined;

function mayHaveToken(address: string, apiUrl: string): boolean {
  const url = new URL(address);
  if (url.origin === new URL(apiUrl).origin) return true;
  return url.protocol === 'https:' && (url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com'));
}

function isSignInPage(response: Response, file: SlackFile): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/html') && !/\.html?$/i.test(file.name ?? '');
}

/** Stops at the first chunk beyond the limit: what a header promises is not believed. */
async function collect(body: ReadableStream<Uint8Array>, limit: number, tooLarge: () => Error): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
}
