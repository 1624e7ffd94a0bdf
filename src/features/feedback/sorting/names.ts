import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { Said, SaidWords } from '../model.js';
import type { Named } from './decide.js';
import { type Candidates, indexed, matchNames, wordsToLookUp } from './match-names.js';
import { findCandidates } from './store-names.js';

/** What names are looked for in. */
type Entry = Pick<Said, 'words' | 'servedBy' | 'locationId'>;

/** Whom an entry's words may mean. */
export interface Names {
  readonly named: readonly Named[];
  /** A name that too many have to tell whom it means. */
  readonly unclear: boolean;
}

/** Whom each of these entries may name, in one look-up for all of them. */
export async function namedInEach(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id'>,
  entries: readonly Entry[],
): Promise<readonly Names[]> {
  const asked = new Set(
    entries.flatMap(({ words, servedBy }) => [...words.flatMap((said) => wordsToLookUp(said.words)), ...wordsToLookUp(servedBy, true)]),
  );
  const people = indexed(await findCandidates(db, organisation.id, [...asked]));
  return entries.map((entry) => namesOf(entry, people));
}

/** Whom texts may name. @param servedBy the answer to "Who served you?", empty where there is none */
export async function namedIn(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id'>,
  texts: readonly string[],
  servedBy: string,
): Promise<readonly Named[]> {
  const words: readonly SaidWords[] = texts.map((text) => ({ questionId: null, words: text }));
  const [names] = await namedInEach(db, organisation, [{ words, servedBy, locationId: null }]);
  return names?.named ?? [];
}

function namesOf({ words, servedBy, locationId }: Entry, people: Candidates): Names {
  const served = matchNames(servedBy, people, { locationId, isName: true });
  const said = words.map((one) => matchNames(one.words, people, { locationId }));
  const named = new Map<string, Named>();
  for (const { hits } of said) {
    for (const [personId, sure] of hits) named.set(personId, { personId, how: 'named', sure: sure || named.get(personId)?.sure === true });
  }
  for (const [personId, sure] of served.hits) {
    named.set(personId, { personId, how: 'served', sure: sure || named.get(personId)?.sure === true });
  }
  return { named: [...named.values()], unclear: served.unclear || said.some(({ unclear }) => unclear) };
}
