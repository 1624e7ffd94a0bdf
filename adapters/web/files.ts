import { createHash, randomBytes } from 'node:crypto';
import { Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../src/core/clock.js';
import { BellhopError } from '../../src/core/errors.js';
import type { OutgoingFile } from '../../src/core/reply.js';
import { key, type Localise } from '../../src/core/text.js';
import type { Db } from '../../src/people/db.js';
import type { Log, Vault } from '../../src/people/ports.js';
import { disposition, GUARDED } from './answer.js';
import { answerProblem, gone } from './problems.js';

/** How long a link is good for, in minutes. */
export const LINK_MINUTES = 15;
/** The largest file, in bytes. */
export const MAX_FILE_BYTES = 5_000_000;

const PURPOSE = 'linked file';

const Kept = z.object({ name: z.string(), mime: z.string(), content: z.base64(), holder: z.string() });

/** Whose link it is. */
export interface LinkHolder {
  readonly workspaceExternalId: string;
  readonly externalId: string;
}

export interface FileLinks {
  /**
   * Keeps a file for 15 minutes behind a link that can't be guessed.
   * @returns the link's address
   * @throws BellhopError `core.no_public_url` when the bot has no address of its own, `core.file_too_large` over 5 MB
   */
  create(file: OutgoingFile, holder: LinkHolder): Promise<string>;
  /** `GET /files/:token`. */
  readonly routes: Router;
  /** Removes what has expired; `sweep` of every tick. */
  sweep(): Promise<void>;
}

export interface FileLinksOptions {
  /** Where `routes` are reached from outside, without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly localise: Localise;
  readonly log: Log;
}

/** Files behind expiring links, for chats that take no upload. They lie sealed in the database, so that any process can serve them. */
export function createFileLinks({ publicUrl, db, vault, clock, localise, log }: FileLinksOptions): FileLinks {
  const routes = Router();
  routes.get('/files/:token', async (request, response) => {
    const row = await db.linkedFile.findUnique({ where: { tokenDigest: digest(request.params.token) } });
    if (!row || row.expiresAt <= clock.now()) {
      answerProblem(request, response, { ...gone, text: key('core.file_link.gone') }, localise);
      return;
    }
    const kept = Kept.parse(JSON.parse(vault.open(row.sealed, PURPOSE)));
    log.info({ holder: kept.holder }, 'A file was fetched by its link');
    response
      .set({
        ...GUARDED,
        'Cache-Control': 'no-store',
        'Content-Type': kept.mime,
        'Content-Disposition': disposition('attachment', kept.name),
      })
      .send(Buffer.from(kept.content, 'base64'));
  });

  return {
    routes,
    create: async (file, holder) => {
      if (!publicUrl) throw new BellhopError('core.no_public_url');
      if (file.content.byteLength > MAX_FILE_BYTES) throw new BellhopError('core.file_too_large', { limit: MAX_FILE_BYTES / 1000 });
      const token = randomBytes(32).toString('base64url');
      const kept: z.input<typeof Kept> = {
        name: file.name,
        mime: file.mime,
        content: Buffer.from(file.content).toString('base64'),
        holder: vault.digest(`${holder.workspaceExternalId} ${holder.externalId}`, PURPOSE).slice(0, 16),
      };
      await db.linkedFile.create({
        data: {
          tokenDigest: digest(token),
          sealed: vault.seal(JSON.stringify(kept), PURPOSE),
          expiresAt: new Date(clock.now().getTime() + LINK_MINUTES * 60_000),
        },
      });
      return `${publicUrl}/files/${token}`;
    },
    sweep: async () => {
      await db.linkedFile.deleteMany({ where: { expiresAt: { lte: clock.now() } } });
    },
  };
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
