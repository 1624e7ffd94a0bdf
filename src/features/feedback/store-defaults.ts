import { randomBytes } from 'node:crypto';
import type { Prisma } from '../../generated/prisma/client.js';
import type { Db, Tx } from '../../people/db.js';
import { newId } from '../../people/ids.js';
import type { Organisation } from '../../people/model.js';
import type { LadderStep, Priority, QuestionKind } from './model.js';

export interface Defaults {
  readonly settings: { readonly dueMinutes: Readonly<Record<Priority, number>>; readonly ladder: readonly LadderStep[] };
  readonly questions: readonly { readonly key: string; readonly kind: QuestionKind }[];
  readonly themes: readonly { readonly key: string; readonly patterns: Readonly<Record<string, readonly string[]>> }[];
  /** By language. */
  readonly consent: Readonly<Record<string, string>>;
}

/** Questions that a new page asks: the longer the page, the fewer fill it in. */
export const ASKED: ReadonlySet<string> = new Set(['courtesy', 'helpfulness', 'waiting', 'overall', 'went_well', 'do_better']);

export async function hasDefaults(db: Db | Tx, organisationId: string): Promise<boolean> {
  return (await db.feedbackSettings.findUnique({ where: { organisationId }, select: { organisationId: true } })) !== null;
}

/** Adds them, unless somebody has done so this very moment. */
export async function addDefaults(tx: Tx, organisation: Organisation, defaults: Defaults, now: Date): Promise<void> {
  const organisationId = organisation.id;
  const { settings, questions, themes, consent } = defaults;
  const { count } = await tx.feedbackSettings.createMany({
    data: [
      { organisationId, dueMinutes: settings.dueMinutes, ladder: settings.ladder as unknown as Prisma.InputJsonArray, createdAt: now },
    ],
    skipDuplicates: true,
  });
  if (count === 0) return;
  const common = { organisationId, createdAt: now };
  const asked = questions.map((question, position) => ({ ...common, ...question, id: newId(now), position }));
  await tx.feedbackQuestion.createMany({ data: asked });
  await tx.feedbackTheme.createMany({
    data: themes.map(({ key, patterns }, position) => ({ ...common, key, patterns, id: newId(now), position })),
  });
  await tx.feedbackConsent.create({ data: { ...common, id: newId(now), version: 1, texts: consent } });
  await tx.feedbackPage.create({
    data: {
      ...common,
      id: newId(now),
      // Can't be guessed, and no other organisation's.
      slug: randomBytes(5).toString('hex'),
      name: organisation.name,
      questionIds: asked.filter(({ key }) => ASKED.has(key)).map(({ id }) => id),
    },
  });
}
