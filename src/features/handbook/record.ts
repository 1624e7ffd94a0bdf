import type { Card } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import type { CommandInput } from '../../core/feature.js';
import { ROWS } from '../../core/paging.js';
import type { RecordOwner, RecordSection } from '../../core/record.js';
import { type Reply, update, whisper } from '../../core/reply.js';
import { action, type HandlerContext } from '../../people/handlers.js';
import { findPerson } from '../../people/people.js';
import { demandRecord, recordOwner } from '../../people/record-access.js';
import { shownRecord } from '../../people/record-sections.js';
import { recordCard, recordPageCard, sectionOf } from './messages-record.js';
import { AssignmentPage, PersonRows } from './schema.js';
import { findPage } from './store.js';
import { findAssignment, listSigned, listWaiting } from './store-reading.js';

/** So many records stand on the card that shows all features' ones. */
const LATEST = 3;

/** A person's file, seven records at a time. Throws as demandRecord. */
async function recordOf(context: HandlerContext, owner: RecordOwner, offset: number): Promise<Card> {
  await demandRecord(context, owner);
  const { db, organisation } = context;
  const signed = await listSigned(db, organisation.id, owner.id, { offset, limit: ROWS });
  const waiting = await listWaiting(db, organisation.id, owner.id);
  return recordCard(owner, owner.id === context.person.id, signed.items, signed.total, waiting.length, offset);
}

/**
 * `/handbook record [@person]`: what was signed, and under it what the other features keep of this person (`/bellhop record`
 * shows all of it alike). A file is shown to whoever asked alone.
 */
export async function recordCommand(context: HandlerContext, input: CommandInput): Promise<Reply> {
  const owner = await recordOwner(context, input);
  const card = await recordOf(context, owner, 0);
  const others = await shownRecord(context, owner, 'handbook');
  return whisper({ ...card, body: [...(card.body ?? []), ...others.blocks], actions: [...(card.actions ?? []), ...others.actions] });
}

/** What the handbook has of a person, for the card that shows all features' records. */
export async function recordSection({ db, organisation, person: actor }: HandlerContext, owner: RecordOwner): Promise<RecordSection> {
  const signed = await listSigned(db, organisation.id, owner.id, { offset: 0, limit: LATEST });
  const waiting = await listWaiting(db, organisation.id, owner.id);
  return sectionOf(owner, owner.id === actor.id, signed.items, signed.total, waiting.length);
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
