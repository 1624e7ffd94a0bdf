import { BellhopError } from '../../src/core/errors.js';
import type { FileHandle } from '../../src/core/form.js';
import type { Activity } from './activity.js';

const FILE = 'application/vnd.microsoft.teams.file.download.info';
const READ_MS = 20_000;

/** The files that were sent with a message; nothing is read of them yet. */
export function filesOf(activity: Activity, trial: boolean): FileHandle[] {
  return (activity.attachments ?? []).flatMap((attachment): FileHandle[] => {
    if (attachment.contentType !== FILE) return [];
    const { content } = attachment;
    const url = typeof content === 'object' && content !== null && 'downloadUrl' in content ? content.downloadUrl : undefined;
    if (typeof url !== 'string') return [];
    return [{ name: attachment.name ?? 'file', read: (limit) => download(url, limit, trial, activity.serviceUrl) }];
  });
}

/**
 * Reads a file that was sent to the bot. Only https; or the very service that the message came from, whose address its
 * token vouches for; or this computer itself in the local trial.
 */
async function download(url: string, limit: number, trial: boolean, serviceUrl: string): Promise<Uint8Array> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const allowed =
    address &&
    (address.protocol === 'https:' ||
      address.origin === new URL(serviceUrl).origin ||
      (trial && address.protocol === 'http:' && isLoopback(address.hostname)));
  if (!address || !allowed) throw new BellhopError('core.file_unreadable');
  try {
    const response = await fetch(address, { redirect: trial ? 'error' : 'follow', signal: AbortSignal.timeout(READ_MS) });
    if (!response.ok || !response.body) throw new BellhopError('core.file_unreadable');
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body) {
      size += part.length;
      if (size > limit) throw new BellhopError('core.file_too_large', { limit: Math.floor(limit / 1024) });
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    throw error instanceof BellhopError ? error : new BellhopError('core.file_unreadable', {}, { cause: error });
  }
}

/** Whether a host name is this computer. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
