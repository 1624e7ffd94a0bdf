import type { PersonHint } from '../../../core/form.js';
import { findByHint } from '../../../people/find-person.js';
import type { HandlerContext } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { findPeople } from '../../../people/people.js';
import { accountName, accountsOf } from './store-accounts.js';

/** Whom hints name. */
export interface Named {
  readonly people: readonly Person[];
  /** Names that several people have, as they were typed. */
  readonly unsure: readonly string[];
  /** Names that nobody has, as they were typed. */
  readonly unknown: readonly string[];
  /** How many mentions lead to nobody who can get kudos: bots, guests, people who left. Their names, where they are known. */
  readonly outside: readonly string[];
}

export async function namedPeople(context: HandlerContext, hints: readonly PersonHint[]): Promise<Named> {
  const people = new Map<string, Person>();
  const unsure: string[] = [];
  const unknown: string[] = [];
  const outside: string[] = [];
  for (const hint of hints) {
    const found = await findByHint(context, hint);
    if ('person' in found) people.set(found.person.id, found.person);
    else if (hint.by === 'account') outside.push((await accountName(context, hint.externalId)) ?? '');
    else if ('ambiguous' in found) unsure.push(hint.typed.trim());
    else unknown.push(hint.typed.trim());
  }
  return { people: [...people.values()], unsure, unknown, outside };
}

/** What stands at first in the fields of people: a platform's picker knows only those who are on it. */
export interface Initial {
  readonly picked: readonly string[];
  /** Names or addresses of the others, to be typed. */
  readonly typed: readonly string[];
}

/** How people are named in a form on the platform that the actor is on. */
export async function initialPeople(context: HandlerContext, personIds: readonly string[]): Promise<Initial> {
  const { db, organisation, actor, workspaceId, vault } = context;
  if (personIds.length === 0) return { picked: [], typed: [] };
  const [people, accounts] = await Promise.all([
    findPeople(db, organisation.id, personIds),
    accountsOf(db, organisation.id, personIds, workspaceId),
  ]);
  const picked: string[] = [];
  const typed: string[] = [];
  for (const id of personIds) {
    const person = people.get(id);
    if (!person) continue;
    const { externalId, emailCipher } = accounts.get(id) ?? {};
    if (actor.platform === 'slack' && externalId) picked.push(externalId);
    // A name that somebody else has too, or with a comma in it, would be read as somebody else's.
    else if (await namesOnly(context, person)) typed.push(person.name);
    else typed.push(emailCipher ? vault.open(emailCipher, 'person.email') : person.name);
  }
  return actor.platform === 'slack' ? { picked, typed } : { picked: typed, typed: [] };
}

async function namesOnly(context: HandlerContext, person: Person): Promise<boolean> {
  if (/[,;\n]/.test(person.name)) return false;
  const found = await findByHint(context, { by: 'typed', typed: person.name });
  return 'person' in found && found.person.id === person.id;
}
