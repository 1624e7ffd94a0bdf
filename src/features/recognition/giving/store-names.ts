import type { Face } from '../../../core/rich.js';
import type { Db, Tx } from '../../../people/db.js';
import { ERASED_NAME } from '../../../people/erase.js';
import { findPeople } from '../../../people/people.js';

/** Names and pictures of people by id; whoever is unknown has the name of somebody erased. */
export type Faces = (personId: string) => Face;

/** The names of people, with the picture of the account that each used last. */
export async function loadFaces(db: Db | Tx, organisationId: string, personIds: readonly string[]): Promise<Faces> {
  const people = await findPeople(db, organisationId, [...new Set(personIds)]);
  return (personId) => {
    const person = people.get(personId);
    if (!person) return { name: ERASED_NAME };
    return { name: person.name, ...(person.pictureUrl !== null && { pictureUrl: person.pictureUrl }) };
  };
}
