import type { Db } from '../../src/people/db.js';

/** Where a marker stands: `table.column`, once each, in every column of every table that can hold text. */
export async function whereMarked(db: Db, marker: string): Promise<readonly string[]> {
  const columns = await db.$queryRaw<{ table: string; column: string }[]>`
    SELECT c.table_name AS table, c.column_name AS column
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type IN ('text', 'jsonb', 'json', 'ARRAY', 'character varying', 'bytea')
    ORDER BY 1, 2`;
  const found: string[] = [];
  for (const { table, column } of columns) {
    const [row] = await db.$queryRawUnsafe<{ there: boolean }[]>(
      `SELECT EXISTS (SELECT 1 FROM "${table}" WHERE position(lower($1) IN lower("${column}"::text)) > 0) AS there`,
      marker,
    );
    if (row?.there) found.push(`${table}.${column}`);
  }
  return found;
}
