import { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { SeminarDate } from '../model.js';
import { loadDates } from '../store-dates.js';
import type { Material } from './model.js';

/** Everything but the bytes. */
const COLUMNS = { id: true, dateId: true, kind: true, title: true, content: true, mime: true, addedAt: true } as const;

/** What belongs to a date, in the order in which it was added. */
export async function listMaterials(db: Db | Tx, organisationId: string, dateId: string): Promise<Material[]> {
  return await db.seminarMaterial.findMany({
    where: { organisationId, dateId },
    select: COLUMNS,
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
  });
}

export async function findMaterial(db: Db | Tx, organisationId: string, id: string): Promise<Material | undefined> {
  const found = await db.seminarMaterial.findUnique({ where: { organisationId_id: { organisationId, id } }, select: COLUMNS });
  return found ?? undefined;
}

/** The bytes of a file; undefined where there is none. */
export async function bytesOf(db: Db | Tx, organisationId: string, id: string): Promise<Uint8Array | undefined> {
  const found = await db.seminarMaterial.findUnique({ where: { organisationId_id: { organisationId, id } }, select: { bytes: true } });
  return found?.bytes ?? undefined;
}

export type NewMaterial = Pick<Material, 'dateId' | 'kind' | 'title' | 'content'> & {
  readonly mime: string | null;
  readonly bytes: Uint8Array | null;
};

/**
 * Adds something to a date.
 * @param most how many a date has at most
 * @returns its id; undefined when there are as many already
 */
export async function addMaterial(
  tx: Tx,
  organisationId: string,
  material: NewMaterial,
  personId: string,
  most: number,
  now: Date,
): Promise<string | undefined> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`seminars.materials:${material.dateId}`}, 0))`;
  if ((await tx.seminarMaterial.count({ where: { organisationId, dateId: material.dateId } })) >= most) return undefined;
  const id = newId(now);
  const bytes = material.bytes && new Uint8Array(material.bytes);
  await tx.seminarMaterial.create({ data: { ...material, bytes, organisationId, id, addedById: personId, addedAt: now } });
  return id;
}

export async function removeMaterial(tx: Tx, organisationId: string, id: string): Promise<void> {
  await tx.seminarMaterial.deleteMany({ where: { organisationId, id } });
}

export async function moveMaterial(tx: Tx, organisationId: string, id: string, dateId: string): Promise<void> {
  await tx.seminarMaterial.updateMany({ where: { organisationId, id }, data: { dateId } });
}

/** Writes what was talked about, and what somebody who missed it has to know. */
export async function writeNotes(
  tx: Tx,
  organisationId: string,
  dateId: string,
  minutes: { readonly notes: string; readonly recap: string },
): Promise<void> {
  await tx.seminarDate.updateMany({ where: { organisationId, id: dateId }, data: minutes });
}

/**
 * Dates that somebody may add to: those that began lately, the latest first, then those that come next.
 * @param personId only those that this person hosts; all of them without it
 */
export async function datesToAddTo(
  db: Db | Tx,
  organisationId: string,
  personId: string | undefined,
  now: Date,
  limit: number,
): Promise<SeminarDate[]> {
  const own = personId ? Prisma.sql`AND (d."hostId" = ${personId}::uuid OR s."hostId" = ${personId}::uuid)` : Prisma.empty;
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
  return await loadDates(
    db,
    organisationId,
    Prisma.sql`d.state = 'planned' AND d."startsAt" > ${days(-62)}::timestamptz AND d."startsAt" < ${days(62)}::timestamptz ${own}`,
    Prisma.sql`ORDER BY d."startsAt" > ${now}::timestamptz, abs(extract(epoch FROM d."startsAt" - ${now}::timestamptz)), d.id LIMIT ${limit}`,
  );
}
