import { z } from 'zod';
import type { Prisma } from '../../../generated/prisma/client.js';
import type { Db, Tx } from '../../../people/db.js';
import { newId } from '../../../people/ids.js';
import type { ByLanguage } from '../model.js';
import { ByLanguageColumn } from '../schema.js';
import type { Patterns, ThemeRules } from './suggest.js';

const PatternsColumn = z.record(z.string(), z.array(z.string()));

/** A theme of the list, in use or not. */
export interface Theme extends ThemeRules {
  readonly position: number;
  readonly retired: boolean;
}

interface Row {
  readonly id: string;
  readonly key: string | null;
  readonly names: unknown;
  readonly patterns: unknown;
  readonly position: number;
  readonly retiredAt: Date | null;
}

const toTheme = ({ id, key, names, patterns, position, retiredAt }: Row): Theme => ({
  id,
  key,
  names: ByLanguageColumn.parse(names),
  patterns: PatternsColumn.parse(patterns),
  position,
  retired: retiredAt !== null,
});

/** The organisation's themes that are in use, in their order. */
export async function loadThemes(db: Db | Tx, organisationId: string): Promise<readonly ThemeRules[]> {
  return (await loadAllThemes(db, organisationId)).filter(({ retired }) => !retired);
}

/** Those that were retired too, behind the others. */
export async function loadAllThemes(db: Db | Tx, organisationId: string): Promise<readonly Theme[]> {
  const rows = await db.feedbackTheme.findMany({ where: { organisationId }, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
  const themes = rows.map(toTheme);
  return [...themes.filter(({ retired }) => !retired), ...themes.filter(({ retired }) => retired)];
}

/** One theme, in use or not; undefined when the organisation has none such. */
export async function findTheme(db: Db | Tx, organisationId: string, themeId: string): Promise<Theme | undefined> {
  const row = await db.feedbackTheme.findUnique({ where: { organisationId_id: { organisationId, id: themeId } } });
  return row ? toTheme(row) : undefined;
}

/** Locks the list until the transaction ends, so that changes of it follow one another. */
export async function lockThemes(tx: Tx, organisationId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM feedback_theme WHERE "organisationId" = ${organisationId}::uuid ORDER BY id FOR NO KEY UPDATE`;
}

export interface ThemeFields {
  readonly names: ByLanguage;
  readonly patterns: Patterns;
}

/** @returns its id */
export async function createTheme(
  tx: Tx,
  organisationId: string,
  { names, patterns, position }: ThemeFields & { readonly position: number },
  now: Date,
): Promise<string> {
  const id = newId(now);
  await tx.feedbackTheme.create({
    data: { organisationId, id, names, patterns: patterns as Prisma.InputJsonObject, position, createdAt: now },
  });
  return id;
}

export async function changeTheme(tx: Tx, organisationId: string, themeId: string, { names, patterns }: ThemeFields): Promise<void> {
  await tx.feedbackTheme.update({
    where: { organisationId_id: { organisationId, id: themeId } },
    data: { names, patterns: patterns as Prisma.InputJsonObject },
  });
}

/** Takes a theme out of use, or back into it: `at` null. What was counted stays. */
export async function retireTheme(tx: Tx, organisationId: string, themeId: string, at: Date | null): Promise<void> {
  await tx.feedbackTheme.update({ where: { organisationId_id: { organisationId, id: themeId } }, data: { retiredAt: at } });
}

/** Writes the order of the list. @param ids all of them */
export async function orderThemes(tx: Tx, organisationId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE feedback_theme t SET position = o.position - 1
    FROM unnest(${[...ids]}::uuid[]) WITH ORDINALITY AS o (id, position)
    WHERE t."organisationId" = ${organisationId}::uuid AND t.id = o.id`;
}
