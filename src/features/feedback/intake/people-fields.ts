import type { PersonHint } from '../../../core/form.js';
import { key, type Text, words } from '../../../core/text.js';
import { findByHint } from '../../../people/find-person.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPeople } from '../../../people/people.js';
import { accountsOf } from './store-people.js';

/** Whom a form's field names: ids in their order, or what to mend. */
export async function readPeople(
  context: HandlerContext,
  hints: readonly PersonHint[],
  most: number,
): Promise<{ readonly ids: readonly string[] } | { readonly error: Text }> {
  const ids = new Set<string>();
  for (const hint of hints) {
    const found = await findByHint(context, hint);
    if ('person' in found) ids.add(found.person.id);
    else if (hint.by === 'account') return { error: key('feedback.errors.people_outside') };
    else if ('ambiguous' in found) return { error: key('feedback.errors.people_unsure', { name: words(hint.typed.trim()) }) };
    else return { error: key('feedback.errors.people_unknown', { name: words(hint.typed.trim()) }) };
  }
  return ids.size > most ? { error: key('feedback.errors.people_many', { most }) } : { ids: [...ids] };
}

/** How people stand in a field of people at first, on the platform that the actor is on: accounts on Slack, names on Teams. */
export async function initialPeople(context: HandlerContext, personIds: readonly string[]): Promise<readonly string[]> {
  const { db, organisation, actor, workspaceId } = context;
  if (personIds.length === 0) return [];
  const accounts = await accountsOf(db, organisation.id, personIds, workspaceId);
  if (actor.platform === 'slack') return personIds.flatMap((id) => accounts.get(id) ?? []);
  const people = await findPeople(db, organisation.id, personIds);
  const named: string[] = [];
  for (const id of personIds) {
    const name = people.get(id)?.name;
    if (name === undefined || /[,;\n]/.test(name)) continue;
    // A name that somebody else has too would be read as a question.
    const found = await findByHint(context, { by: 'typed', typed: name });
    if ('person' in found && found.person.id === id) named.push(name);
  }
  return named;
}
