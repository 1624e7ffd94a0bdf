import { refresh } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { type JobContext, job } from '../../../people/handlers.js';
import { accept } from '../intake/accept.js';
import { loadBasis } from '../intake/store-accept.js';
import { sortingJob } from '../intake/wake-sorting.js';
import { subject } from '../model.js';
import { type LineContext, readLine } from './read-line.js';
import { type ChunkLines, Cursor, ImportRef } from './schema.js';
import { digestOf, namesFor } from './start.js';
import { addProgress, findChunk, finishImport, type Import, type LineResult, lockImport, removeChunk } from './store-imports.js';

/** After so many chunks other jobs get a turn, the sorting of what customers say just now among them. */
const CHUNKS = 5;
const REST_MS = 1;

/** Takes a file's lines, a chunk in each batch: a crash repeats nothing and leaves nothing out. */
export const importing = job({
  kind: 'feedback.import',
  payload: ImportRef,
  run: async (context, { importId }, cursor) => {
    const { tx, organisation, clock } = context;
    const known = Cursor.safeParse(cursor);
    const chunk = known.success ? known.data.chunk : 0;
    const found = await lockImport(tx, organisation.id, importId);
    if (found?.state !== 'running') return { done: true };
    const lines = await findChunk(tx, context.vault, organisation.id, importId, chunk);
    const now = clock.now();
    if (lines) {
      await takeChunk(context, found, lines);
      await removeChunk(tx, organisation.id, importId, chunk);
    } else {
      await finishImport(tx, organisation.id, importId, now);
      // Whoever asks for a report now expects history among its themes.
      await enqueueJob(tx, sortingJob(organisation.id, now, importId), now);
    }
    await refresh(tx, organisation.id, [subject.importing(importId)], now);
    if (!lines) return { done: true };
    const next = { chunk: chunk + 1 };
    return next.chunk % CHUNKS === 0 ? { next, waitMs: REST_MS } : { next };
  },
});

async function takeChunk(context: JobContext, found: Import, lines: ChunkLines): Promise<void> {
  const { tx, organisation, clock } = context;
  const now = clock.now();
  const basis = await loadBasis(tx, organisation.id);
  const names = await namesFor(context, tx);
  const reading: LineContext = { ...names, columns: found.columns, zone: organisation.zone, now };
  const results: LineResult[] = [];
  const counts = { done: lines.length, accepted: 0, repeated: 0, refused: 0 };
  for (const { line, cells, nth } of lines) {
    const read = readLine(cells, reading);
    if ('problem' in read) {
      counts.refused += 1;
      results.push({ line, reference: '', problem: read.problem, column: found.columns[read.column]?.heading ?? '' });
      continue;
    }
    const key = read.id === '' ? `line:${digestOf(cells)}:${nth}` : `id:${read.id}`;
    const { isNew, reference } = await accept(
      context,
      tx,
      { ...read.incoming, onceKey: `csv:${key}`, body: key, importId: found.id, loggedById: found.personId, quiet: !found.asNew, basis },
      now,
    );
    counts[isNew ? 'accepted' : 'repeated'] += 1;
    results.push({ line, reference, problem: isNew ? (read.warning ?? '') : 'repeated', column: '' });
  }
  await addProgress(tx, organisation.id, found.id, counts, results);
}
