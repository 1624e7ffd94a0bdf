import type { Db, Tx } from '../../../people/db.js';
import { ByLanguageColumn } from '../schema.js';
import type { AskedQuestion, KnownTheme } from './figures.js';

/** Everything that was ever rated, and every theme that there ever was: files are of the past too. */
export async function loadNames(
  db: Db | Tx,
  organisationId: string,
): Promise<{ readonly questions: readonly AskedQuestion[]; readonly themes: readonly KnownTheme[] }> {
  const [questions, themes] = await Promise.all([
    db.feedbackQuestion.findMany({ where: { organisationId, kind: { not: 'open' } }, orderBy: { position: 'asc' } }),
    db.feedbackTheme.findMany({ where: { organisationId }, orderBy: { position: 'asc' } }),
  ]);
  return {
    questions: questions.map((row) => ({ ...row, labels: ByLanguageColumn.parse(row.labels) })),
    themes: themes.map((row) => ({ ...row, names: ByLanguageColumn.parse(row.names) })),
  };
}
