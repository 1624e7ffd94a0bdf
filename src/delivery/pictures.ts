import { randomUUID } from 'node:crypto';
import { BellhopError } from '../core/errors.js';
import type { Db, Tx } from '../people/db.js';
import type { Vault } from '../people/ports.js';
import type { Pictures } from './pictures-port.js';

export type PictureMime = 'image/png' | 'image/jpeg';

/** The largest picture, in bytes: what Teams still shows in a card. */
export const MAX_PICTURE_BYTES = 1_000_000;

const PURPOSE = 'picture address';

export interface NewPicture {
  readonly organisationId: string;
  readonly mime: PictureMime;
  readonly content: Uint8Array;
  /** Removed after this instant; without it the picture is kept. */
  readonly expiresAt?: Date;
}

/**
 * Keeps a picture that a card will show, in the transaction of the change that it belongs to.
 * @returns its id, which nobody can guess: it is half of the picture's address
 * @throws BellhopError `core.file_too_large` over 1 MB, `delivery.picture_unreadable` when the bytes are of another kind than `mime`
 */
export async function keepPicture(tx: Tx, picture: NewPicture, now: Date): Promise<string> {
  const { organisationId, mime, content, expiresAt = null } = picture;
  if (content.byteLength > MAX_PICTURE_BYTES) throw new BellhopError('core.file_too_large', { limit: MAX_PICTURE_BYTES / 1000 });
  if (pictureMime(content) !== mime) throw new BellhopError('delivery.picture_unreadable');
  const id = randomUUID();
  await tx.picture.create({ data: { organisationId, id, mime, content: Buffer.from(content), createdAt: now, expiresAt } });
  return id;
}

/** Removes a picture and what was noted of its copies; harmless when it is gone. */
export async function removePicture(tx: Tx, organisationId: string, id: string): Promise<void> {
  await tx.picture.deleteMany({ where: { organisationId, id } });
}

/** Removes what has expired, in every organisation: housekeeping of each tick. */
export async function removeExpiredPictures(db: Db, now: Date): Promise<void> {
  await db.picture.deleteMany({ where: { expiresAt: { lte: now } } });
}

/**
 * What the bytes are by their beginning, whatever a file's name says; undefined for anything else.
 * PNG: https://www.w3.org/TR/png-3/#5PNG-file-signature (and the IHDR chunk that must follow). JPEG: SOI and the next marker.
 */
export function pictureMime(content: Uint8Array): PictureMime | undefined {
  const begins = (bytes: readonly number[], at = 0) => bytes.every((byte, index) => content[at + index] === byte);
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) && begins([0x49, 0x48, 0x44, 0x52], 12)) return 'image/png';
  if (begins([0xff, 0xd8, 0xff])) return 'image/jpeg';
  return undefined;
}

interface Kept {
  readonly mime: PictureMime;
  readonly content: Uint8Array;
}

/**
 * Pictures for the chat adapters and the web door.
 * @param publicUrl where the web door is reached from outside, without a slash at the end
 */
export function createPictures({
  db,
  vault,
  publicUrl,
}: {
  readonly db: Db;
  readonly vault: Vault;
  readonly publicUrl: string | undefined;
}): Pictures {
  // An id is no secret of an organisation's: whoever has it has seen the card. So the organisations are gone through, each by its key.
  return {
    read: async (id) => {
      const [kept] = await db.$queryRaw<Kept[]>`
        SELECT p.mime, p.content FROM organisation o JOIN picture p ON p."organisationId" = o.id AND p.id = ${id}::uuid`;
      return kept;
    },
    copy: async (id, workspaceExternalId) => {
      const [noted] = await db.$queryRaw<{ externalId: string }[]>`
        SELECT c."externalId" FROM organisation o
        JOIN picture_copy c ON c."organisationId" = o.id AND c."pictureId" = ${id}::uuid AND c."workspaceExternalId" = ${workspaceExternalId}`;
      return noted?.externalId;
    },
    noteCopy: async (id, workspaceExternalId, externalId) => {
      await db.$executeRaw`
        INSERT INTO picture_copy ("organisationId", "pictureId", "workspaceExternalId", "externalId")
        SELECT p."organisationId", p.id, ${workspaceExternalId}, ${externalId}
        FROM organisation o JOIN picture p ON p."organisationId" = o.id AND p.id = ${id}::uuid
        ON CONFLICT ("organisationId", "pictureId", "workspaceExternalId") DO UPDATE SET "externalId" = excluded."externalId"`;
    },
    url: (id) => publicUrl && `${publicUrl}/pictures/${id}.${vault.digest(id, PURPOSE).slice(0, 32)}.png`,
  };
}
