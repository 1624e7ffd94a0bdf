import { presentAmong } from '../../../people/audience.js';
import type { Db, Tx } from '../../../people/db.js';
import { lineAbove } from '../../../people/line.js';
import type { Organisation, Person } from '../../../people/model.js';
import { findPeople } from '../../../people/people.js';
import { type Case, ESCALATE_TO, type EscalateTo, type Said, type Settings } from '../model.js';
import { mayReadCase } from '../rights.js';
import { findLeads, type Leads, managersAt, ownersOf } from './store-whom.js';

/** What decides whom a case's news and steps go to. */
export interface Followed {
  readonly case: Pick<Case, 'ownerId' | 'locationId' | 'private'>;
  readonly feedback: Said;
}

interface Asking {
  readonly db: Db | Tx;
  readonly organisation: Organisation;
  readonly settings: Settings;
}

/**
 * Whom a step of the escalation list tells: those of its level, else of the first level above that has anybody. Nobody who has
 * left, and nobody who may not read the case: of a complaint about a colleague neither that colleague nor anyone beside the line.
 * @returns persons; empty when nobody at all is left
 */
export async function whomToTell(asking: Asking, followed: Followed, level: EscalateTo): Promise<readonly Person[]> {
  const leads = await findLeads(asking.db, asking.organisation.id, followed.case.locationId);
  for (const next of ESCALATE_TO.slice(ESCALATE_TO.indexOf(level))) {
    for (const candidates of await candidatesOf(asking, followed, leads, next)) {
      const fit = await thoseFit(asking, followed, candidates);
      if (fit.length > 0) return fit;
    }
  }
  return [];
}

/** Who stands for a level, the best choice first; of the first one that has anybody all are told. */
async function candidatesOf(
  { db, organisation, settings }: Asking,
  { case: of, feedback }: Followed,
  leads: Leads,
  level: EscalateTo,
): Promise<readonly (readonly string[])[]> {
  const one = (id: string | null | undefined) => (id ? [id] : []);
  // Of a complaint about a colleague the line leads: the nearest first.
  const line = of.private ? await lineOf(db, organisation.id, feedback) : [];
  switch (level) {
    case 'owner':
      return [one(of.ownerId)];
    case 'lead': {
      const aboveOwner = of.ownerId === null ? [] : await lineAbove(db, organisation.id, of.ownerId);
      return of.private ? [one(line[0]), one(leads.leadId)] : [one(leads.leadId), one(aboveOwner[0]), one(settings.leadId)];
    }
    case 'manager':
      return of.private
        ? [one(line[1]), one(leads.managerId), one(settings.managerId)]
        : [one(leads.managerId), one(settings.managerId), await managersAt(db, organisation, of.locationId)];
    case 'organisation':
      return [await ownersOf(db, organisation)];
  }
}

/** The lines of all whom it is about, the nearest of each first. */
async function lineOf(db: Db | Tx, organisationId: string, feedback: Said): Promise<readonly string[]> {
  const lines: string[][] = [];
  for (const { personId } of feedback.concerns) lines.push(await lineAbove(db, organisationId, personId));
  const longest = Math.max(0, ...lines.map(({ length }) => length));
  return Array.from({ length: longest }, (_, depth) => lines.flatMap((line) => line[depth] ?? [])).flat();
}

/** Those among people who are there and may read the case. */
async function thoseFit({ db, organisation }: Asking, { case: of, feedback }: Followed, ids: readonly string[]): Promise<Person[]> {
  if (ids.length === 0) return [];
  const present = await presentAmong(db, organisation, ids);
  const people = await findPeople(db, organisation.id, present);
  const fit: Person[] = [];
  for (const id of present) {
    const person = people.get(id);
    if (person && (await mayFollow({ db, organisation }, person, { case: of, feedback }))) fit.push(person);
  }
  return fit;
}

/** Whether somebody may read a case: of a private one never whom it is about. */
export async function mayFollow(
  { db, organisation }: Pick<Asking, 'db' | 'organisation'>,
  person: Person,
  { case: of, feedback }: Followed,
): Promise<boolean> {
  return await mayReadCase({ db, organisation, person, role: person.role }, feedback, of);
}
