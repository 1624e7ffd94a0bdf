import { ChatError } from '../../src/delivery/port.js';
import type { SlackApi } from './api.js';

const UPLOAD_TIMEOUT_MS = 30_000;

/**
 * The first two of the three steps of an upload: Slack has the bytes then, and shows them to nobody before the third,
 * `files.completeUploadExternal`. Source: https://docs.slack.dev/messaging/working-with-files#upload
 * @param patienceMs how long a Retry-After is waited for at each step
 * @returns Slack's id of the file
 * @throws ChatError
 */
export async function uploadBytes(api: SlackApi, name: string, content: Uint8Array, patienceMs: number): Promise<string> {
  const slot = await api.callPatiently('files.getUploadURLExternal', true, patienceMs, (client) =>
    client.files.getUploadURLExternal({ filename: name, length: content.byteLength }),
  );
  const { upload_url: address, file_id: id } = slot;
  if (!address || !id) throw new ChatError('transient', 'unreadable_answer');
  const sent = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: new Blob([new Uint8Array(content)]),
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
  });
  await sent.body?.cancel();
  if (!sent.ok) throw new ChatError('transient', `upload_${sent.status}`);
  return id;
}
