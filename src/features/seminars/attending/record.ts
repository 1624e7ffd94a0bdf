import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { RecordOwner, RecordSection } from '../../../core/record.js';
import { update, whisper } from '../../../core/reply.js';
import { instant, join, key, person, select, type Text, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { demandRecord } from '../../../people/record-access.js';
import { to } from '../refs.js';
import { within } from './refs.js';
import { RecordRows } from './schema.js';
import { standingOf } from './store-attendance.js';
import { type Attended, countRecord, listRecord, type RecordRow } from './store-record.js';

/** Rows on the card that shows the whole record. */
const LATEST = 3;

const totalOf = ({ came, missed, excused }: Attended): number => came + missed + excused;

/** "Came to 7 of 8": what was excused counts neither way. */
function leadOf(counts: Attended): Text {
  if (totalOf(counts) === 0) return key('seminars.record.none');
  if (totalOf(counts) === counts.excused) return key('seminars.record.excused', { ...counts });
  return key('seminars.record.lead', { ...counts, of: counts.came + counts.missed });
}

function rowOf(row: RecordRow): Row {
  const standing =
    row.hosted && row.attended ? key('seminars.record.hosted') : key('seminars.people.standing', { standing: select(standingOf(row)) });
  const after = row.catchUp === null || row.attended ? [] : [key('seminars.record.catch_up', { state: select(row.catchUp) })];
  return {
    text: words(row.title),
    detail: join([instant(row.startsAt), standing, ...after], ' · '),
    action: button(key('core.ui.open'), to.date(row.dateId)),
  };
}

/** What the record says of somebody's seminars, beside the other features. */
export async function recordSection({ db, organisation }: HandlerContext, owner: RecordOwner): Promise<RecordSection> {
  const [counts, rows] = await Promise.all([
    countRecord(db, organisation.id, owner.id),
    listRecord(db, organisation.id, owner.id, { offset: 0, limit: LATEST }),
  ]);
  return {
    heading: key('seminars.record.heading'),
    lead: leadOf(counts),
    lines: rows.map(rowOf),
    ...(totalOf(counts) > 0 ? { action: button(key('seminars.action.whole_record'), within.record(owner.id, 0)) } : {}),
  };
}

async function recordCard({ db, organisation, person: actor }: HandlerContext, owner: RecordOwner, offset: number): Promise<Card> {
  const [counts, rows] = await Promise.all([
    countRecord(db, organisation.id, owner.id),
    listRecord(db, organisation.id, owner.id, { offset, limit: ROWS }),
  ]);
  const total = totalOf(counts);
  const page = shownOf(offset, rows.length, total);
  return {
    summary: leadOf(counts),
    title: owner.id === actor.id ? key('seminars.record.mine') : key('seminars.record.of', { person: person(owner.name) }),
    lead: leadOf(counts),
    rows: rows.map(rowOf),
    actions: turnRows(offset, total, (next) => within.record(owner.id, next, true)),
    ...(page ? { footer: page } : {}),
  };
}

const record = action({
  id: 'seminars.record',
  role: 'employee',
  payload: RecordRows,
  run: async (context, { personId, offset, turn }) => {
    const owner = await findPerson(context.db, context.organisation.id, personId);
    if (!owner) throw new BellhopError('people.person_gone');
    await demandRecord(context, owner);
    const card = await recordCard(context, owner, offset);
    return turn ? update(card) : whisper(card);
  },
});

export const recordActions = [record];
