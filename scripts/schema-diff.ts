import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/runtime/embedded-postgres.js';
import { migrate } from '../src/runtime/migrate.js';

export const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../prisma/schema', import.meta.url));

/**
 * What is missing between the migrations and prisma/schema, as SQL; empty when they agree. Triggers, functions, and
 * indexes on expressions or parts of a table don't count: Prisma's schema can't express them.
 * @throws OperatorError when the migrations can't be applied
 */
export async function diffOfMigrations(): Promise<string> {
  return await withMigratedDatabase(async (connection) => {
    const pool = new pg.Pool({ ...connection });
    try {
      const engine = await loadEngine(pool);
      const files = schemaFiles();
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: SCHEMA },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      });
      return exitCode === 0 ? '' : (stdout ?? '').trim();
    } finally {
      await pool.end();
    }
  });
}

/** Ends a script with the error's words alone: a mistake in a schema or migration is told by its place there, not by a stack. */
export function stop(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function schemaFiles(): { path: string; content: string }[] {
  const names = readdirSync(SCHEMA).filter((name) => name.endsWith('.prisma'));
  return names.sort().map((name) => ({ path: join(SCHEMA, name), content: readFileSync(join(SCHEMA, name), 'utf8') }));
}

/** A database for the moment, on the server of DATABASE_URL where that is set, else on an embedded one. */
async function withMigratedDatabase<T>(act: (connection: pg.ClientConfig) => Promise<T>): Promise<T> {
  const given = process.env.DATABASE_URL;
  if (given) return await withDatabaseOn(given, act);
  const dataDir = mkdtempSync(join(tmpdir(), 'bellhop-schema-'));
  const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
  const server = await startEmbeddedPostgres({ dataDir, log: quiet });
  try {
    await migrate(server.connection(), MIGRATIONS);
    return await act(server.connection());
  } finally {
    await server.stop();
    rmSync(dirname(server.cluster), { recursive: true, force: true });
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function withDatabaseOn<T>(url: string, act: (connection: pg.ClientConfig) => Promise<T>): Promise<T> {
  const database = `bellhop_schema_${process.pid}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  try {
    const own = new URL(url);
    own.pathname = `/${database}`;
    await migrate({ connectionString: own.href }, MIGRATIONS);
    return await act({ connectionString: own.href });
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database}`);
    await admin.end();
  }
}

/** As much of it as is used here: TypeScript knows WebAssembly only together with the whole browser. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(code: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
  };
};

/**
 * Prisma's schema engine as WebAssembly. The package's own entry imports the .wasm file as a module, which Node 20
 * can't; its bindings can be given the instance by hand.
 */
async function loadEngine(pool: pg.Pool): Promise<bindings.SchemaEngine> {
  const wasm = readFileSync(new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // The engine tells here why it panics.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) } });
  const datamodels = schemaFiles().map(({ path, content }): [string, string] => [path, content]);
  return await bindings.SchemaEngine.new({ datamodels }, () => undefined, adapterFor(pool));
}

/** Prisma's adapter, but for reading: it refuses PostgreSQL's type "char", which the catalogue is full of. */
function adapterFor(pool: pg.Pool): object {
  const factory = new PrismaPg(pool);
  const connect = async () => Object.assign(await factory.connect(), { queryRaw: (query: SqlQuery) => read(pool, query) });
  const { provider, adapterName } = factory;
  return bindMigrationAwareSqlAdapterFactory({ provider, adapterName, connect, connectToShadowDb: () => factory.connectToShadowDb() });
}

const { BOOL, CHAR, INT2, INT4, INT8, OID } = pg.types.builtins;
const NAME_ARRAY = 1003;
const TEXT_ARRAY = 1009;

/** The types that the engine's queries of the catalogue return; all others are text. */
const COLUMN_TYPES: Readonly<Record<number, SqlResultSet['columnTypes'][number]>> = {
  [BOOL]: ColumnTypeEnum.Boolean,
  [CHAR]: ColumnTypeEnum.Character,
  [INT2]: ColumnTypeEnum.Int32,
  [INT4]: ColumnTypeEnum.Int32,
  [INT8]: ColumnTypeEnum.Int64,
  [OID]: ColumnTypeEnum.Int64,
  [NAME_ARRAY]: ColumnTypeEnum.TextArray,
  [TEXT_ARRAY]: ColumnTypeEnum.TextArray,
};

async function read(pool: pg.Pool, { sql, args }: SqlQuery): Promise<SqlResultSet> {
  const { fields, rows } = await pool.query<unknown[]>({ text: sql, values: args, rowMode: 'array' });
  return {
    columnNames: fields.map((field) => field.name),
    columnTypes: fields.map((field) => COLUMN_TYPES[field.dataTypeID] ?? ColumnTypeEnum.Text),
    rows,
  };
}
