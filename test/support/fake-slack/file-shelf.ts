import { randomBytes } from 'node:crypto';
import { messageProblems } from './check-blocks.js';
import type { Json } from './directory-answers.js';

interface Shelved {
  readonly name: string;
  readonly length: number;
  body?: Buffer;
  complete: boolean;
  /** How many more messages that show it are refused, since Slack still looks through it. */
  processing: number;
}

/** Source: https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object */
const IMAGES = ['89504e47', 'ffd8ff', '47494638'];

/** The files that the bot gives to Slack: three steps, each checked. Source: https://docs.slack.dev/messaging/working-with-files#upload */
export class FileShelf {
  /** So many messages that show a new picture are refused at first. */
  processing = 0;
  readonly files = new Map<string, Shelved>();

  slot({ filename, length }: Json, origin: string): Json {
    const size = Number(length);
    if (typeof filename !== 'string' || filename === '' || !Number.isInteger(size) || size <= 0)
      return { ok: false, error: 'invalid_arguments' };
    const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    this.files.set(id, { name: filename, length: size, complete: false, processing: this.processing });
    return { ok: true, file_id: id, upload_url: `${origin}/upload/${id}` };
  }

  /** @returns the HTTP status of the upload */
  put(id: string, body: Buffer): number {
    const file = this.files.get(id);
    if (!file || file.complete) return 404;
    if (body.length !== file.length) return 400;
    file.body = body;
    return 200;
  }

  complete(args: Json): Json {
    const [given] = Array.isArray(args.files) ? (args.files as Json[]) : [];
    const id = String(given?.id);
    const file = this.files.get(id);
    if (!file?.body) return { ok: false, error: 'file_not_found' };
    if (args.channel_id !== undefined && !/^D/.test(String(args.channel_id))) return { ok: false, error: 'invalid_arguments' };
    if (args.blocks !== undefined && args.channel_id === undefined) return { ok: false, error: 'invalid_arguments' };
    const problems = args.blocks === undefined ? [] : messageProblems(args.blocks);
    if (problems.length > 0) return { ok: false, error: 'invalid_blocks', problems };
    file.complete = true;
    return { ok: true, files: [{ id }], content: file.body.toString() };
  }

  /** What is wrong with the files that blocks show. */
  problems(blocks: unknown): string[] {
    return shownFiles(blocks).flatMap((id) => {
      const file = this.files.get(id);
      if (!file?.body || !file.complete) return [`invalid slack file ${id}`];
      if (!IMAGES.some((magic) => file.body?.toString('hex').startsWith(magic))) return [`no image: ${file.name}`];
      if (file.processing === 0) return [];
      file.processing -= 1;
      return [`invalid slack file ${id}: it is being processed`];
    });
  }
}

/** The ids of Slack's files that blocks show. */
export function shownFiles(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(shownFiles);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'slack_file' in node ? [String((node.slack_file as Json).id)] : [];
  return [...own, ...Object.values(node).flatMap(shownFiles)];
}
