import { refresh } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { type JobContext, job } from '../../../people/handlers.js';
import { acceptMany } from '../intake/accept.js';
import type { Incoming } from '../intake/incoming.js';
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
  const taken: { readonly line: number; readonly warning: LineResult['problem']; readonly incoming: Incoming }[] = [];
  for (const { line, cells, nth } of lines) {
    const read = readLine(cells, reading);
    if ('problem' in read) {
      results.push({ line, reference: '', problem: read.problem, column: found.columns[read.column]?.heading ?? '' });
      continue;
    }
    const key = read.id === '' ? `line:${digestOf(cells)}:${nth}` : `id:${read.id}`;
    const of = { onceKey: `csv:${key}`, body: key, importId: found.id, loggedById: found.personId, quiet: !found.asNew };
    taken.push({ line, warning: read.warning ?? '', incoming: { ...read.incoming, ...of } });
  }
  const refused = results.length;
  const accepted = await acceptMany(
    context,
    tx,
    taken.map(({ incoming }) => incoming),
    basis,
    now,
  );
  for (const [index, { isNew, reference }] of accepted.entries()) {
    const { line = 0, warning = '' } = taken[index] ?? {};
    results.push({ line, reference, problem: isNew ? warning : 'repeated', column: '' });
  }
  const fresh = accepted.filter(({ isNew }) => isNew).length;
  const counts = { done: lines.length, accepted: fresh, repeated: accepted.length - fresh, refused };
  await addProgress(tx, organisation.id, found.id, counts, results);
}
