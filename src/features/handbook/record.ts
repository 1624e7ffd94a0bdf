import type { Card } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import type { CommandInput } from '../../core/feature.js';
import type { PersonHint } from '../../core/form.js';
import { type Reply, update, whisper } from '../../core/reply.js';
import { list, person, words } from '../../core/text.js';
import { findByHint, findFormer } from '../../people/find-person.js';
import { action, type HandlerContext } from '../../people/handlers.js';
import { isInLineOf } from '../../people/line.js';
import type { Person } from '../../people/model.js';
import { findPerson } from '../../people/people.js';
import { ROWS } from './messages-parts.js';
import { recordCard, recordPageCard } from './messages-status.js';
import { AssignmentPage, PersonRows } from './schema.js';
import { findPage } from './store.js';
import { findAssignment, listSigned, listWaiting } from './store-reading.js';

/**
 * Whose file the actor may open: everyone their own, the line and owners others'.
 * @throws BellhopError `handbook.record_refused`, which says who may
 */
async function demandRecord(context: HandlerContext, owner: Pick<Person, 'id' | 'name'>): Promise<void> {
  const { db, organisation, person: actor, role } = context;
  if (owner.id === actor.id || role === 'owner') return;
  if (await isInLineOf(db, organisation.id, actor.id, owner.id)) return;
  throw new BellhopError('handbook.record_refused', { person: person(owner.name) });
}

/** A person's file, seven records at a time. Throws as demandRecord. */
async function recordOf(context: HandlerContext, owner: Pick<Person, 'id' | 'name'>, offset: number): Promise<Card> {
  await demandRecord(context, owner);
  const { db, organisation } = context;
  const signed = await listSigned(db, organisation.id, owner.id, { offset, limit: ROWS });
  const waiting = await listWaiting(db, organisation.id, owner.id);
  return recordCard(owner, owner.id === context.person.id, signed.items, signed.total, waiting.length, offset);
}

/** `/handbook record [@person]`. A file is shown to whoever asked alone. */
export async function recordCommand(context: HandlerContext, input: CommandInput): Promise<Reply> {
  const named = input.tokens.find((token) => token.kind === 'person');
  const hint: PersonHint | undefined =
    named?.kind === 'person' ? named.hint : input.text.trim() === '' ? undefined : { by: 'typed', typed: input.text.trim() };
  if (!hint) return whisper(await recordOf(context, context.person, 0));
  const name = words(hint.by === 'typed' ? hint.typed : '');
  const present = await findByHint(context, hint);
  // Who left keeps the file.
  const found = 'none' in present ? await findFormer(context, hint) : present;
  if ('person' in found) return whisper(await recordOf(context, found.person, 0));
  if ('ambiguous' in found) {
    throw new BellhopError('people.person_ambiguous', { name, names: list(found.ambiguous.map((candidate) => person(candidate.name))) });
  }
  throw hint.by === 'typed' ? new BellhopError('people.person_unknown', { name }) : new BellhopError('people.person_not_served');
}

const record = action({
  id: 'handbook.record',
  role: 'employee',
  payload: PersonRows,
  run: async (context, { personId, offset }) => {
    const owner = await findPerson(context.db, context.organisation.id, personId);
    if (!owner) throw new BellhopError('handbook.request_gone');
    return update(await recordOf(context, owner, offset));
  },
});

const recordPage = action({
  id: 'handbook.record_page',
  role: 'employee',
  payload: AssignmentPage,
  run: async (context, { assignmentId, page }) => {
    const { db, organisation } = context;
    const assignment = await findAssignment(db, organisation.id, assignmentId);
    const owner = assignment && (await findPerson(db, organisation.id, assignment.personId));
    if (!assignment || !owner) throw new BellhopError('handbook.request_gone');
    await demandRecord(context, owner);
    const shown = Math.min(page, assignment.version.pageCount);
    const parts = await findPage(db, organisation.id, assignment.version.id, shown);
    if (!parts) throw new BellhopError('handbook.request_gone');
    return update(recordPageCard(assignment, shown, parts));
  },
});

export const recordActions = [record, recordPage];
