import type { Db, Tx } from '../../../people/db.js';
import type { Basis } from '../intake/rules.js';
import { type ByLanguage, DEFAULT_LOW_STARS, type Question } from '../model.js';
import { ByLanguageColumn } from '../schema.js';

/** A survey page with everything that showing it and reading its answers takes. */
export interface Survey {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly locationId: string | null;
  readonly asksContact: boolean;
  readonly asksServedBy: boolean;
  readonly intro: ByLanguage;
  readonly thanks: ByLanguage;
  readonly closedAt: Date | null;
  /** What it asks now, in order. */
  readonly asked: readonly Question[];
  /** Every question of the organisation, retired ones too: a page that lay open meanwhile may still answer them. */
  readonly questions: readonly Question[];
  readonly basis: Basis;
  readonly colour: string | null;
  readonly logoPictureId: string | null;
  /** What whoever leaves a contact agrees to; the newest wording. */
  readonly consent: { readonly id: string; readonly texts: ByLanguage } | null;
}

/** A row as the statement gives it: what is JSON isn't read yet. */
type Row = Omit<Survey, 'intro' | 'thanks' | 'asked' | 'questions' | 'basis' | 'consent'> & {
  readonly questionIds: readonly string[];
  readonly intro: unknown;
  readonly thanks: unknown;
  readonly questions: readonly Question[] | null;
  readonly lowStars: number | null;
  readonly consent: { readonly id: string; readonly texts: unknown } | null;
};

/** The page at an address, closed ones too; undefined when there is none. One round trip: it is read with every visit. */
export async function findSurvey(db: Db | Tx, organisationId: string, slug: string): Promise<Survey | undefined> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT p.id, p.slug, p.name, p."locationId", p."questionIds", p."asksContact", p."asksServedBy", p.intro, p.thanks, p."closedAt",
           (SELECT json_agg(json_build_object('id', q.id, 'key', q.key, 'kind', q.kind, 'labels', q.labels, 'position', q.position,
                                              'retired', q."retiredAt" IS NOT NULL) ORDER BY q.position, q.id)
            FROM feedback_question q WHERE q."organisationId" = p."organisationId") AS questions,
           s.colour, s."logoPictureId", s."lowStars",
           (SELECT json_build_object('id', c.id, 'texts', c.texts) FROM feedback_consent c
            WHERE c."organisationId" = p."organisationId" ORDER BY c.version DESC LIMIT 1) AS consent
    FROM feedback_page p LEFT JOIN feedback_settings s ON s."organisationId" = p."organisationId"
    WHERE p."organisationId" = ${organisationId}::uuid AND p.slug = ${slug}`;
  if (!row) return undefined;
  const { questionIds, lowStars, consent, ...page } = row;
  const questions = (row.questions ?? []).map((question) => ({ ...question, labels: ByLanguageColumn.parse(question.labels) }));
  return {
    ...page,
    intro: ByLanguageColumn.parse(row.intro),
    thanks: ByLanguageColumn.parse(row.thanks),
    asked: questions.filter(({ id, retired }) => !retired && questionIds.includes(id)),
    questions,
    basis: { questions, lowStars: lowStars ?? DEFAULT_LOW_STARS },
    consent: consent && { id: consent.id, texts: ByLanguageColumn.parse(consent.texts) },
  };
}

/** The organisation's logo, when it still is this picture. */
export async function findLogo(
  db: Db | Tx,
  organisationId: string,
  pictureId: string,
): Promise<{ readonly mime: string; readonly content: Uint8Array } | undefined> {
  const [found] = await db.$queryRaw<{ mime: string; content: Uint8Array }[]>`
    SELECT p.mime::text AS mime, p.content FROM feedback_settings s
    JOIN picture p ON p."organisationId" = s."organisationId" AND p.id = s."logoPictureId"
    WHERE s."organisationId" = ${organisationId}::uuid AND s."logoPictureId"::text = ${pictureId}`;
  return found;
}
