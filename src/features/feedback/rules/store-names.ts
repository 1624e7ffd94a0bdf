import type { Db, Tx } from '../../../people/db.js';
import type { ThemeName } from '../model.js';
import { ByLanguageColumn } from '../schema.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

export async function allLocations(db: Db | Tx, organisationId: string): Promise<readonly Named[]> {
  return await db.location.findMany({
    where: { organisationId },
    select: { id: true, name: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
}

/** All themes, retired ones behind the others: rules may still name them. */
export async function allThemeNames(db: Db | Tx, organisationId: string): Promise<readonly (ThemeName & { readonly retired: boolean })[]> {
  const rows = await db.feedbackTheme.findMany({
    where: { organisationId },
    select: { id: true, key: true, names: true, retiredAt: true },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  return rows
    .map(({ retiredAt, names, ...theme }) => ({ ...theme, names: ByLanguageColumn.parse(names), retired: retiredAt !== null }))
    .sort((one, other) => Number(one.retired) - Number(other.retired));
}

export async function channelNames(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.channel.findMany({ where: { organisationId, id: { in: [...new Set(ids)] } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function personNames(db: Db | Tx, organisationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.person.findMany({ where: { organisationId, id: { in: [...new Set(ids)] } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The newest feedback that was passed on. */
export async function lastPassed(db: Db | Tx, organisationId: string, most: number): Promise<readonly string[]> {
  const rows = await db.feedback.findMany({
    where: { organisationId, state: 'passed' },
    select: { id: true },
    orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
    take: most,
  });
  return rows.map(({ id }) => id);
}
