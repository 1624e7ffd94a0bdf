import type { Card } from '../../src/core/card.js';
import type { Block } from '../../src/core/rich.js';
import type { Pictures } from '../../src/delivery/pictures-port.js';
import { ChatError } from '../../src/delivery/port.js';
import type { Log } from '../../src/people/ports.js';
import type { SlackApi } from './api.js';
import { FACES_ONLY, type Pictured, UNPICTURED } from './render-pictures.js';
import { uploadBytes } from './upload.js';

/**
 * The waits before a message is tried again whose picture Slack doesn't know yet: an uploaded file is looked through
 * before a block may name it. Told by Slack's maintainers: https://github.com/slackapi/bolt-js/issues/2115
 */
const AGAIN_AFTER_MS = [300, 700, 1500, 3000] as const;
const UPLOAD_PATIENCE_MS = 10_000;
/** A message goes without a picture that isn't up by then; the upload goes on, for the next message. */
const PREPARE_MS = 6_000;
/** Afterwards no more time is spent on waiting for Slack to know a picture. */
const ALL_WAITS_MS = 9_000;
/** Whoever waits for a form doesn't wait for its picture. */
const FORM_PATIENCE_MS = 300;
/** So many uploads are remembered until a message has shown them. */
const MOST_REMEMBERED = 500;

/** What a message that may hold pictures needs to be sent. */
export interface Pictorial<M> {
  readonly blocks: readonly Block[];
  readonly workspaceExternalId: string;
  readonly render: (pictured: Pictured) => M;
  /** When so much time has gone into a refused message, it is left to whoever sends it again. */
  readonly giveUpAfterMs?: number;
}

/** A message on its way. `send` may be called again, to send the same in another way. */
export interface Sendable<M> {
  /**
   * Posts with the pictures; again while Slack still processes one; at last without any, so that no message is lost.
   * @param post throws ChatError
   */
  send<T>(post: (message: M) => Promise<T>): Promise<T>;
}

/** Shows pictures that Bellhop keeps by copies of them in each workspace. */
export interface PictureDesk {
  message<M>(pictorial: Pictorial<M>): Sendable<M>;
  /** What can be shown of a form's pictures at once: only copies that a message has shown before. */
  shownBefore(blocks: readonly Block[], workspaceExternalId: string): Promise<Pictured>;
}

/** The blocks of cards that may be pictures. */
export const blocksOf = (cards: readonly Card[]): readonly Block[] => cards.flatMap((card) => card.body ?? []);

interface Copy {
  readonly file: string;
  /** Whether a message has shown it already: Slack is done with it. */
  readonly shown: boolean;
}

export function createPictureDesk(options: { api: SlackApi; pictures: Pictures | undefined; log: Log }): PictureDesk {
  const { api, pictures, log } = options;
  /** Uploaded, or being so, and not shown yet, by workspace and picture. */
  const fresh = new Map<string, Promise<string | undefined>>();
  const keyOf = (id: string, workspace: string) => `${workspace} ${id}`;

  const upload = async (source: Pictures, id: string): Promise<string | undefined> => {
    try {
      const picture = await source.read(id);
      if (!picture || picture.content.byteLength === 0) return undefined;
      const name = `picture.${picture.mime === 'image/png' ? 'png' : 'jpg'}`;
      const file = await uploadBytes(api, name, picture.content, UPLOAD_PATIENCE_MS);
      await api.callPatiently('files.completeUploadExternal', true, UPLOAD_PATIENCE_MS, (client) =>
        client.files.completeUploadExternal({ files: [{ id: file, title: name }] }),
      );
      return file;
    } catch (error) {
      log.warn({ reason: error instanceof ChatError ? error.reason : 'failed', err: error, picture: id }, 'A picture was not uploaded.');
      return undefined;
    }
  };

  const uploaded = async (source: Pictures, id: string, workspace: string): Promise<Copy | undefined> => {
    const key = keyOf(id, workspace);
    const running = fresh.get(key) ?? upload(source, id);
    fresh.set(key, running);
    const file = await running;
    // What went wrong once is tried anew with the next message.
    if (file === undefined) fresh.delete(key);
    for (const oldest of fresh.keys()) {
      if (fresh.size <= MOST_REMEMBERED) break;
      fresh.delete(oldest);
    }
    return file === undefined ? undefined : { file, shown: false };
  };

  const noted = async (source: Pictures, id: string, workspace: string): Promise<string | undefined> =>
    await source.copy(id, workspace).catch((error: unknown) => {
      log.warn({ err: error, picture: id }, 'The copy of a picture could not be looked up.');
      return undefined;
    });

  const copiesFor = async (ids: readonly string[], workspace: string): Promise<Map<string, Copy>> => {
    const copies = new Map<string, Copy>();
    if (!pictures) return copies;
    for (const id of ids) {
      const file = await noted(pictures, id, workspace);
      const copy = file === undefined ? await uploaded(pictures, id, workspace) : { file, shown: true };
      if (copy) copies.set(id, copy);
    }
    return copies;
  };

  /** What Slack has shown once and doesn't know any more was deleted there. */
  const renew = async (copies: Map<string, Copy>, workspace: string): Promise<void> => {
    for (const [id, copy] of copies) {
      const again = copy.shown && pictures ? await uploaded(pictures, id, workspace) : copy;
      if (again) copies.set(id, again);
      else copies.delete(id);
    }
  };

  const note = async (copies: Map<string, Copy>, workspace: string): Promise<void> => {
    for (const [id, { file, shown }] of copies) {
      if (shown) continue;
      try {
        await pictures?.noteCopy(id, workspace, file);
        copies.set(id, { file, shown: true });
        fresh.delete(keyOf(id, workspace));
      } catch (error) {
        log.warn({ err: error, picture: id }, 'The copy of a picture could not be noted.');
      }
    }
  };

  return {
    message: ({ blocks, workspaceExternalId, render, giveUpAfterMs = Number.POSITIVE_INFINITY }) => {
      const ids = [...new Set(blocks.flatMap((block) => (block.kind === 'picture' ? [block.id] : [])))];
      const hasFaces = blocks.some((block) => block.kind === 'faces' && block.people.some(({ pictureUrl }) => pictureUrl !== undefined));
      let copies: Map<string, Copy> | undefined;
      let refused = false;
      return {
        send: async (post) => {
          if (refused || (ids.length === 0 && !hasFaces)) return await post(render(UNPICTURED));
          const begun = performance.now();
          const spent = () => performance.now() - begun;
          copies ??= await inTime(copiesFor(ids, workspaceExternalId), PREPARE_MS, new Map<string, Copy>());
          for (const wait of copies.size > 0 ? [...AGAIN_AFTER_MS, undefined] : [undefined]) {
            const files = new Map([...copies].map(([id, { file }]) => [id, file]));
            try {
              const result = await post(render({ files, faces: true }));
              await note(copies, workspaceExternalId);
              return result;
            } catch (error) {
              if (!isRefused(error)) throw error;
              if (wait === undefined || spent() + wait > ALL_WAITS_MS) break;
              await inTime(renew(copies, workspaceExternalId), PREPARE_MS, undefined);
              await new Promise((resolve) => setTimeout(resolve, wait));
            }
          }
          log.warn({ pictures: ids }, 'Slack took a message only without its pictures.');
          refused = true;
          // The next message begins with an upload of its own.
          for (const id of ids) fresh.delete(keyOf(id, workspaceExternalId));
          if (spent() > giveUpAfterMs) throw new ChatError('transient', 'picture_refused');
          return await post(render(UNPICTURED));
        },
      };
    },

    shownBefore: async (blocks, workspaceExternalId) => {
      const ids = blocks.flatMap((block) => (block.kind === 'picture' ? [block.id] : []));
      if (!pictures || ids.length === 0) return FACES_ONLY;
      const looking = Promise.all(ids.map(async (id) => [id, await noted(pictures, id, workspaceExternalId)] as const));
      const found = await inTime(looking, FORM_PATIENCE_MS, []);
      return { files: new Map(found.flatMap(([id, file]) => (file === undefined ? [] : [[id, file] as const]))), faces: true };
    },
  };
}

async function inTime<T>(work: Promise<T>, ms: number, otherwise: T): Promise<T> {
  return await Promise.race([work, new Promise<T>((resolve) => setTimeout(() => resolve(otherwise), ms).unref())]);
}

/** Messages are refused as `invalid_blocks`, views as `invalid_arguments`. */
export function isRefused(error: unknown): boolean {
  return error instanceof ChatError && (error.reason === 'invalid_blocks' || error.reason === 'invalid_arguments');
}
