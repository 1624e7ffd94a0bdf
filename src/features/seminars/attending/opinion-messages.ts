import { button } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { instant, key, words } from '../../../core/text.js';
import { enqueue, type NewDelivery } from '../../../delivery/enqueue.js';
import { inTransaction } from '../../../people/db.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { findPerson, organisationReader, readerOf } from '../../../people/people.js';
import { type SeminarDate, subject } from '../model.js';
import { to } from '../refs.js';
import { demandDate } from '../rights.js';
import { askOpinionCard, opinionsCard } from './opinion-cards.js';
import { findingOf, LEAST_OPINIONS } from './opinion-chart.js';
import { drawOpinions, keepChart } from './opinion-picture.js';
import { DatePerson, SummaryDelivery } from './schema.js';
import { findAttendance } from './store-attendance.js';
import { findOpinions, hasGiven, unsummed } from './store-opinions.js';
import { daysAfter, OPINION_DAYS, opinionsClose, SUMMARY_DAYS } from './times.js';

/** A summary that was not told for so many days after the last answer is no news any more. */
const LATE_DAYS = 7;

/** Asks somebody who came what they think, as long as they can say it. */
export function opinionDelivery(organisationId: string, date: SeminarDate, personId: string, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey: subject.opinion(date.id, personId),
    message: 'seminars.opinion',
    payload: { dateId: date.id, personId },
    to: { personId },
    priority: 'bulk',
    capped: true,
    dueAt: now,
    expiresAt: opinionsClose(date),
  };
}

const opinion = message({
  id: 'seminars.opinion',
  payload: DatePerson,
  guard: async ({ db, organisation }, { dateId, personId }) => {
    const attendance = await findAttendance(db, organisation.id, dateId, personId);
    if (!attendance?.attended) return 'not_there';
    return (await hasGiven(db, organisation.id, dateId, personId)) ? 'said' : null;
  },
  card: async (context, { dateId }) => askOpinionCard(await demandDate(context, dateId)),
  line: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    return {
      text: key('seminars.opinion.lead', { title: words(date.title), start: instant(date.startsAt) }),
      action: button(key('seminars.action.say'), to.say(dateId)),
    };
  },
});

/** Tells each host once what people said: three days after the end, or as soon after it as enough have answered. */
const summaries: Sweep<WorkContext> = {
  id: 'seminars.summaries',
  run: async (context) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    const [from, until] = [daysAfter(now, -OPINION_DAYS - LATE_DAYS), daysAfter(now, -SUMMARY_DAYS)];
    for (const date of await unsummed(db, organisation.id, LEAST_OPINIONS, from, until)) await sum(context, date);
  },
};

async function sum(context: WorkContext, date: SeminarDate): Promise<void> {
  const { db, organisation, clock } = context;
  const host = await findPerson(db, organisation.id, date.hostId);
  const reader = host ? readerOf(host) : organisationReader(organisation);
  const picture = await drawOpinions(context, await findOpinions(db, organisation.id, date.id), reader);
  await inTransaction(db, async (tx) => {
    const now = clock.now();
    const pictureId = picture ? await keepChart(tx, organisation.id, picture, now) : null;
    await enqueue(
      tx,
      {
        organisationId: organisation.id,
        subjectKey: subject.summary(date.id),
        message: 'seminars.summary',
        payload: { dateId: date.id, pictureId },
        to: { personId: date.hostId },
        priority: 'bulk',
        capped: true,
        dueAt: now,
      },
      now,
    );
  });
}

const summary = message({
  id: 'seminars.summary',
  payload: SummaryDelivery,
  card: async (context, { dateId, pictureId }) => {
    const date = await demandDate(context, dateId);
    return opinionsCard(date, await findOpinions(context.db, context.organisation.id, dateId), pictureId ?? undefined, 0);
  },
  line: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    const finding = findingOf(await findOpinions(context.db, context.organisation.id, dateId));
    return {
      text: key('seminars.opinions.line', { title: words(date.title), finding }),
      action: button(key('seminars.action.opinions'), to.opinions(dateId)),
    };
  },
});

export const opinionMessages = [opinion, summary];
export const opinionSweeps = [summaries];
