import { BellhopError } from '../core/errors.js';
import type { CommandInput } from '../core/feature.js';
import type { PersonHint } from '../core/form.js';
import type { RecordOwner } from '../core/record.js';
import { list, person, words } from '../core/text.js';
import { findByHint, findFormer } from './find-person.js';
import type { HandlerContext } from './handlers.js';
import { isInLineOf } from './line.js';

/** Whether the actor may open a person's record: everyone their own, the line and owners others'. */
export async function mayOpenRecord(context: HandlerContext, ownerId: string): Promise<boolean> {
  const { db, organisation, person: actor, role } = context;
  return ownerId === actor.id || role === 'owner' || (await isInLineOf(db, organisation.id, actor.id, ownerId));
}

/** @throws BellhopError `people.record_refused`, which says who may, when the actor may not open it (mayOpenRecord) */
export async function demandRecord(context: HandlerContext, owner: RecordOwner): Promise<void> {
  if (!(await mayOpenRecord(context, owner.id))) throw new BellhopError('people.record_refused', { person: person(owner.name) });
}

/**
 * Whose record `record [@person]` asks for: the actor's own when nobody is named. Who left keeps the record.
 * @throws BellhopError `people.person_ambiguous`, `people.person_unknown` or `people.person_not_served`, and as demandRecord
 */
export async function recordOwner(context: HandlerContext, input: Pick<CommandInput, 'tokens' | 'text'>): Promise<RecordOwner> {
  const hint = hintIn(input);
  if (!hint) return context.person;
  const name = words(hint.by === 'typed' ? hint.typed : '');
  const present = await findByHint(context, hint);
  const found = 'none' in present ? await findFormer(context, hint) : present;
  if ('person' in found) {
    await demandRecord(context, found.person);
    return found.person;
  }
  if ('ambiguous' in found) {
    throw new BellhopError('people.person_ambiguous', { name, names: list(found.ambiguous.map((candidate) => person(candidate.name))) });
  }
  throw hint.by === 'typed' ? new BellhopError('people.person_unknown', { name }) : new BellhopError('people.person_not_served');
}

function hintIn({ tokens, text }: Pick<CommandInput, 'tokens' | 'text'>): PersonHint | undefined {
  const named = tokens.find((token) => token.kind === 'person');
  if (named) return named.hint;
  return text.trim() === '' ? undefined : { by: 'typed', typed: text.trim() };
}
