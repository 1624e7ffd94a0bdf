import type { PersonHint } from '../core/form.js';
import { Prisma } from '../generated/prisma/client.js';
import { presentSql } from './audience.js';
import type { Db, Tx } from './db.js';
import type { Organisation, Person } from './model.js';
import { foldName, normaliseEmail } from './names.js';
import { findPeople, findPerson } from './people.js';
import type { Vault } from './ports.js';

/** The most people that an ambiguous name is answered with: one page of rows. */
const MOST_SHOWN = 7;

export type FoundPerson = { readonly person: Person } | { readonly ambiguous: readonly Person[] } | { readonly none: true };

/** What a search needs; every handler's context has it. */
export interface FindContext {
  readonly db: Db | Tx;
  readonly vault: Vault;
  readonly organisation: Organisation;
  /** The workspace that a platform's id belongs to. */
  readonly workspaceId?: string;
}

/**
 * Whom somebody means: by the platform's id, by e-mail address (exactly), or by name, whatever its case and diacritics.
 * The whole name comes before its beginning, and that before single words: "ana" is Ana Ozola although there is Anastasija.
 * Only active people of the organisation, guests only where they are let in.
 */
export async function findByHint(context: FindContext, hint: PersonHint): Promise<FoundPerson> {
  return await find(context, hint, { people: presentSql(context.organisation), accounts: Prisma.sql`a.status = 'active'` });
}

/** The same among those who left and are not erased: their records are kept. */
export async function findFormer(context: FindContext, hint: PersonHint): Promise<FoundPerson> {
  const people = Prisma.sql`p."organisationId" = ${context.organisation.id}::uuid AND p.status = 'left' AND p."erasedAt" IS NULL`;
  return await find(context, hint, { people, accounts: Prisma.sql`TRUE` });
}

/** Predicates over `person p` and `account a`. */
interface Among {
  readonly people: Prisma.Sql;
  readonly accounts: Prisma.Sql;
}

async function find(context: FindContext, hint: PersonHint, among: Among): Promise<FoundPerson> {
  const { db } = context;
  if (hint.by === 'account') {
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT p.id FROM person p
      JOIN account a ON a."organisationId" = p."organisationId" AND a."personId" = p.id
      WHERE ${among.people} AND a."externalId" = ${hint.externalId} AND ${among.accounts}
        ${context.workspaceId ? Prisma.sql`AND a."workspaceId" = ${context.workspaceId}::uuid` : Prisma.empty}
      LIMIT 2`;
    return await answer(
      context,
      rows.map((row) => row.id),
    );
  }
  const typed = hint.typed.trim().replace(/^@/, '');
  const email = normaliseEmail(typed);
  if (email) {
    const hash = context.vault.digest(email, 'person.email');
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT p.id FROM person p
      WHERE ${among.people} AND (p."emailHash" = ${hash} OR EXISTS (
        SELECT 1 FROM account a
        WHERE a."organisationId" = p."organisationId" AND a."personId" = p.id AND ${among.accounts} AND a."emailHash" = ${hash}))
      LIMIT 2`;
    return await answer(
      context,
      rows.map((row) => row.id),
    );
  }
  const wanted = foldName(typed);
  if (wanted === '') return { none: true };
  const names = await db.$queryRaw<{ id: string; name: string }[]>`
    SELECT p.id, p.name FROM person p WHERE ${among.people} ORDER BY p.name, p.id`;
  return await answer(context, bestMatches(names, wanted));
}

/** Ids of the names that match best: all of the first sort that has any. */
function bestMatches(names: readonly { id: string; name: string }[], wanted: string): string[] {
  const words = wanted.split(' ');
  const sorts: [string[], string[], string[]] = [[], [], []];
  for (const { id, name } of names) {
    const folded = foldName(name);
    const parts = folded.split(' ');
    if (folded === wanted) sorts[0].push(id);
    else if (words.every((word) => parts.includes(word))) sorts[1].push(id);
    else if (words.every((word) => parts.some((part) => part.startsWith(word)))) sorts[2].push(id);
  }
  return sorts.find((sort) => sort.length > 0) ?? [];
}

async function answer({ db, organisation }: FindContext, ids: readonly string[]): Promise<FoundPerson> {
  const [only] = ids;
  if (only === undefined) return { none: true };
  if (ids.length === 1) {
    const person = await findPerson(db, organisation.id, only);
    return person ? { person } : { none: true };
  }
  const shown = ids.slice(0, MOST_SHOWN);
  const people = await findPeople(db, organisation.id, shown);
  return { ambiguous: shown.flatMap((id) => people.get(id) ?? []) };
}
