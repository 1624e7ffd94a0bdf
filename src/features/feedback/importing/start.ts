import { createHash } from 'node:crypto';
import { BellhopError } from '../../../core/errors.js';
import type { FileHandle } from '../../../core/form.js';
import { oneLine } from '../../../core/inputs.js';
import { plain } from '../../../core/text.js';
import { openCsv } from '../../../people/csv-read.js';
import { inTransaction } from '../../../people/db.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { ensureDefaults } from '../defaults.js';
import { questionLabel } from '../labels.js';
import { WRITTEN } from '../languages.js';
import { type NamedQuestion, readHeading, saysSomething } from './columns.js';
import type { ChunkLines, KeptColumn } from './schema.js';
import { addChunk, addImport, loadNames } from './store-imports.js';

/** Bytes: some 100,000 lines with words. */
const LARGEST_FILE = 33_554_432;
const MOST_LINES = 200_000;
/** Lines that are taken in one transaction. */
const CHUNK = 200;
const LONGEST_HEADING = 60;

/** What a line may name, with what columns may be called in any of the languages. */
export async function namesFor(context: WorkContext, db: Parameters<typeof loadNames>[0] = context.db) {
  const { organisation, localise } = context;
  const names = await loadNames(db, organisation.id);
  const questions = names.questions.map(
    (question): NamedQuestion => ({
      ...question,
      names: [
        ...question.names,
        ...WRITTEN.map((locale) =>
          plain(localise(questionLabel({ ...question, labels: {} }, locale, organisation.locale), { locale, zone: 'UTC' })),
        ),
      ],
    }),
  );
  return { ...names, questions };
}

/**
 * Reads a file and keeps its lines, sealed, until somebody says what is to come of them. Nothing of it is taken yet.
 * @returns the import's id
 * @throws BellhopError `feedback.import_empty`, `feedback.import_columns`, `feedback.import_too_long`, `people.csv_unreadable`
 */
export async function readFile(context: HandlerContext, files: readonly FileHandle[]): Promise<string> {
  const { db, organisation, person, reader, vault, clock } = context;
  await ensureDefaults(context);
  const [handle] = files;
  if (!handle) throw new BellhopError('feedback.import_empty');
  const csv = openCsv(await handle.read(LARGEST_FILE), reader.locale);
  if (!csv) throw new BellhopError('feedback.import_empty');
  const { questions } = await namesFor(context);
  const columns = readHeading(csv.heading, questions);
  if (!saysSomething(columns)) throw new BellhopError('feedback.import_columns');
  const kept = columns.map(
    (column, index): KeptColumn => ({ ...column, heading: oneLine(csv.heading[index] ?? '').slice(0, LONGEST_HEADING) }),
  );

  const chunks: ChunkLines[] = [];
  const seen = new Map<string, number>();
  let lines = 0;
  for await (const { line, cells } of csv.stream()) {
    lines += 1;
    if (lines > MOST_LINES) throw new BellhopError('feedback.import_too_long', { most: MOST_LINES });
    const digest = digestOf(cells);
    const nth = seen.get(digest) ?? 0;
    seen.set(digest, nth + 1);
    const last = chunks.at(-1);
    if (last && last.length < CHUNK) last.push({ line, cells: [...cells], nth });
    else chunks.push([{ line, cells: [...cells], nth }]);
  }
  if (lines === 0) throw new BellhopError('feedback.import_empty');
  return await inTransaction(db, async (tx) => {
    const made = { personId: person.id, fileName: oneLine(handle.name).slice(0, 120), delimiter: csv.delimiter, columns: kept, lines };
    const importId = await addImport(tx, organisation.id, made, clock.now());
    for (const [position, chunk] of chunks.entries()) {
      await addChunk(tx, vault, { organisationId: organisation.id, importId, position, lines: chunk });
    }
    return importId;
  });
}

/** The same line is the same in every file: a file that is imported twice is taken once. */
export const digestOf = (cells: readonly string[]): string => createHash('sha256').update(JSON.stringify(cells)).digest('base64url');
