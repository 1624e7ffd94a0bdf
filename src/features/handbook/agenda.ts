import { join, key, list, type Text, words } from '../../core/text.js';
import { type AgendaSource, type AgendaSuggestion, idsOfKeys } from '../../people/agenda.js';
import { clauseName } from './messages-parts.js';
import {
  type AskedClause,
  type ChangedVersion,
  clausesAskedAbout,
  findClausesNow,
  findVersionsPublished,
  versionsPublished,
} from './store-agenda.js';

const VERSIONS = 3;
const CLAUSES = 3;

const VERSION = 'version';
const CLAUSE = 'clause';

/** What the handbook brings to an agenda: what was published, and the clauses that people asked about most. */
export const handbookAgenda: AgendaSource = {
  name: 'handbook',
  suggest: async ({ db, organisation }, period) => {
    const versions = await versionsPublished(db, organisation.id, period, VERSIONS);
    const clauses = await clausesAskedAbout(db, organisation.id, period, CLAUSES);
    return [
      ...versions.map(ofVersion),
      ...clauses.map((clause) => ofClause(clause.id, clause, key('handbook.agenda.asked', { count: clause.questions }))),
    ];
  },
  find: async ({ db, organisation }, keys) => {
    const versions = await findVersionsPublished(db, organisation.id, idsOfKeys(keys, VERSION));
    const clauses = await findClausesNow(db, organisation.id, idsOfKeys(keys, CLAUSE));
    const found = [...versions.map(ofVersion), ...[...clauses].map(([asked, clause]) => ofClause(asked, clause))];
    return new Map(found.map((suggestion) => [suggestion.key, suggestion]));
  },
};

/** Whether a suggestion of the handbook's is that a version was published: nothing that a clause could be changed for. */
export const tellsOfVersion = (key: string): boolean => key.startsWith(`${VERSION}:`);

function ofVersion(version: ChangedVersion): AgendaSuggestion {
  const title = words(version.title);
  return {
    key: `${VERSION}:${version.id}`,
    text: version.isFirst ? key('handbook.agenda.new', { title }) : key('handbook.agenda.changed', { title, version: version.number }),
    ...(version.changedCount > 0 && { detail: changesOf(version) }),
    quote: false,
  };
}

function changesOf({ changed, changedCount }: ChangedVersion): Text {
  const more = changedCount - changed.length;
  return key('handbook.agenda.changes', {
    clauses: list([...changed.map(clauseName), ...(more > 0 ? [key('handbook.draft.more_clauses', { count: more })] : [])]),
  });
}

function ofClause(id: string, clause: AskedClause, asked?: Text): AgendaSuggestion {
  return {
    key: `${CLAUSE}:${id}`,
    text: key('handbook.agenda.clause', { clause: clauseName(clause) }),
    detail: join([words(clause.title), ...(asked ? [asked] : [])], ' · '),
    quote: false,
  };
}
