import type { Db, Tx } from '../../../people/db.js';
import { gather, gatherings } from '../../../people/gather.js';
import { foldName } from '../../../people/names.js';
import type { Scale } from '../intake/rules.js';
import { DEFAULT_LOW_STARS } from '../model.js';
import { isSlug } from '../survey/addresses.js';

/** A key that may sign now. */
export interface ActiveKey {
  readonly id: string;
  readonly integrationId: string;
  readonly sealed: string;
  /** That it was used is noted within the last minute. */
  readonly isNoted: boolean;
}

/** What every request is checked and read with. */
export interface DoorBasis {
  readonly keys: readonly ActiveKey[];
  /** Retired ones too: what was rated by them counts. */
  readonly questions: readonly (Scale & { readonly retired: boolean })[];
  readonly lowStars: number;
  readonly consentId: string | null;
}

/**
 * Keys that are good now, of systems that are still let in, and what is asked. Read for every request after it came, in one round trip:
 * so a revoked key is out at once, everywhere. In a crowd those that wait share the next reading.
 */
export async function loadDoor(db: Db, organisationId: string, now: Date): Promise<DoorBasis> {
  return await reading(db, organisationId)(now);
}

const reading = gatherings((db: Db, organisationId) =>
  gather(
    async (instants: readonly Date[]) => {
      const basis = await readDoor(db, organisationId, new Date(Math.max(...instants.map((at) => at.getTime()))));
      return instants.map(() => basis);
    },
    { most: 100, atOnce: 1 },
  ),
);

async function readDoor(db: Db, organisationId: string, now: Date): Promise<DoorBasis> {
  const [row] = await db.$queryRaw<
    { keys: ActiveKey[] | null; questions: DoorBasis['questions'] | null; lowStars: number | null; consentId: string | null }[]
  >`
    SELECT (SELECT json_agg(json_build_object('id', k.id, 'integrationId', k."integrationId", 'sealed', k.sealed, 'isNoted',
                                              COALESCE(k."lastUsedAt" > ${now}::timestamptz - interval '1 minute', false))
                            ORDER BY k."lastUsedAt" DESC NULLS LAST, k.id)
            FROM feedback_key k
            JOIN feedback_integration i ON i."organisationId" = k."organisationId" AND i.id = k."integrationId"
            WHERE k."organisationId" = o.id AND i."closedAt" IS NULL AND k."revokedAt" IS NULL
              AND (k."expiresAt" IS NULL OR k."expiresAt" > ${now}::timestamptz)) AS keys,
           (SELECT json_agg(json_build_object('id', q.id, 'key', q.key, 'kind', q.kind, 'retired', q."retiredAt" IS NOT NULL) ORDER BY q.position)
            FROM feedback_question q WHERE q."organisationId" = o.id) AS questions,
           (SELECT s."lowStars" FROM feedback_settings s WHERE s."organisationId" = o.id) AS "lowStars",
           (SELECT c.id FROM feedback_consent c WHERE c."organisationId" = o.id ORDER BY c.version DESC LIMIT 1) AS "consentId"
    FROM (SELECT ${organisationId}::uuid AS id) o`;
  return {
    keys: row?.keys ?? [],
    questions: row?.questions ?? [],
    lowStars: row?.lowStars ?? DEFAULT_LOW_STARS,
    consentId: row?.consentId ?? null,
  };
}

/** What a request may name. */
export interface Named {
  /** Undefined: there is none such. */
  readonly page: { readonly id: string; readonly locationId: string | null } | undefined;
  readonly location: { readonly id: string } | undefined;
}

/** What names in a request stand for: a page by the end of its address, a location by its name, however it is written. */
export async function lookUp(
  db: Db | Tx,
  organisationId: string,
  named: { readonly page: string | undefined; readonly location: string | undefined },
): Promise<Named> {
  const page =
    named.page !== undefined && isSlug(named.page)
      ? await db.feedbackPage.findFirst({ where: { organisationId, slug: named.page }, select: { id: true, locationId: true } })
      : null;
  const location = named.location === undefined ? undefined : await findLocation(db, organisationId, named.location);
  return { page: page ?? undefined, location };
}

/** Most systems write a name as it is: only for the others all names are read. */
async function findLocation(db: Db | Tx, organisationId: string, name: string): Promise<{ readonly id: string } | undefined> {
  const wanted = foldName(name);
  if (wanted === '') return undefined;
  const select = { id: true, name: true } as const;
  const exact = await db.location.findMany({ where: { organisationId, name: name.trim() }, select, take: 1 });
  const candidates = exact.length > 0 ? exact : await db.location.findMany({ where: { organisationId }, select });
  return candidates.find((candidate) => foldName(candidate.name) === wanted);
}
