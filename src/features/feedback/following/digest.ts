import { z } from 'zod';
import { button, CARD_LIMITS, type Card, type Row } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { instant, join, key, list, type Text } from '../../../core/text.js';
import { enqueueMany, type NewDelivery } from '../../../delivery/enqueue.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { inTransaction } from '../../../people/db.js';
import { job, message, type WorkContext } from '../../../people/handlers.js';
import { holidayTest } from '../../../people/holidays.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import { isWorkday } from '../../../people/working-time.js';
import { type Said, subject } from '../model.js';
import { to } from '../refs.js';
import { findManyFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { caseLine, ownerText } from './lines.js';
import { type DigestCounts, type DigestDay, type DigestOf, type DigestRow, findDigests, readDigest } from './store-digest.js';

/** A digest that couldn't go out for so many minutes (the bot stood still) is for tomorrow. */
const FRESH_MINUTES = 8 * 60;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DayPayload = z.object({ day: z.string().regex(DAY) });

/** Each working day at the time that is set: a job of the day, so that it goes out once however often this looks. */
export const digestSweep: Sweep<WorkContext> = {
  id: 'feedback.digest',
  run: async (context) => {
    const { db, organisation, clock } = context;
    const { digestMinutes } = await loadSettings(db, organisation);
    if (digestMinutes === null) return;
    const now = clock.now();
    const day = localDay(now, organisation.zone);
    const at = atLocalTime(day, digestMinutes, organisation.zone);
    if (now < at || now >= staleAt(at) || !isWorkday(day, organisation.hours, await holidayTest(organisation.country))) return;
    const next = { organisationId: organisation.id, subjectKey: `feedback.digest:${day}`, kind: 'feedback.digest', payload: { day } };
    await inTransaction(db, (tx) => enqueueJob(tx, { ...next, dueAt: at }, now));
  },
};

const staleAt = (at: Date): Date => new Date(at.getTime() + FRESH_MINUTES * 60_000);

/** A day of the organisation's zone, as its digests count by it. */
function dayOf(organisation: Organisation, day: string, now: Date): DigestDay {
  return { now, endsAt: atLocalTime(addDays(day, 1), 0, organisation.zone) };
}

/** Puts the digests of a day on their way, to those who have anything in them. */
export const digestJob = job({
  kind: 'feedback.digest',
  payload: DayPayload,
  run: async (context, { day }) => {
    const { tx, organisation, clock } = context;
    const now = clock.now();
    // The bot stood still meanwhile: only today's is worth reading.
    if (localDay(now, organisation.zone) !== day) return { done: true };
    const digests = await findDigests(tx, organisation.id, dayOf(organisation, day, now));
    await enqueueMany(
      tx,
      digests.map((of) => delivery(organisation, of, day, now)),
      now,
    );
    return { done: true };
  },
});

function delivery({ id: organisationId, zone }: Organisation, of: DigestOf, day: string, now: Date): NewDelivery {
  const common = { organisationId, priority: 'bulk' as const, dueAt: now, expiresAt: atLocalTime(addDays(day, 1), 0, zone) };
  if ('channelId' in of) {
    const { channelId } = of;
    return { ...common, subjectKey: subject.digest(channelId, day), message: 'feedback.digest', payload: { channelId, day }, to: of };
  }
  const { personId } = of;
  return {
    ...common,
    subjectKey: subject.digest(personId, day),
    message: 'feedback.own_digest',
    payload: { personId, day },
    to: of,
    capped: true,
  };
}

/** What is due and overdue of what was posted in a channel. */
export const digestMessage = message({
  id: 'feedback.digest',
  payload: DayPayload.extend({ channelId: z.uuid() }),
  guard: async (context, { channelId, day }) => await nothingIn(context, { channelId }, day),
  card: async (context, { channelId, day }) => await digestCard(context, { channelId }, day),
});

/** The same of what somebody looks after and no channel shows. */
export const ownDigestMessage = message({
  id: 'feedback.own_digest',
  payload: DayPayload.extend({ personId: z.uuid() }),
  guard: async (context, { personId, day }) => await nothingIn(context, { personId }, day),
  card: async (context, { personId, day }) => await digestCard(context, { personId }, day),
  line: async (context, { personId, day }) => {
    const { counts } = await read(context, { personId }, day);
    return {
      text: key('feedback.digest.own_line', { counts: countsText(counts) }),
      action: button(key('feedback.digest.mine'), to.mine()),
    };
  },
});

async function read({ db, organisation, clock }: WorkContext, of: DigestOf, day: string) {
  return await readDigest(db, organisation.id, of, dayOf(organisation, day, clock.now()), CARD_LIMITS.rows);
}

async function nothingIn(context: WorkContext, of: DigestOf, day: string): Promise<string | null> {
  return (await read(context, of, day)).rows.length === 0 ? 'nothing_due' : null;
}

async function digestCard(context: WorkContext, of: DigestOf, day: string): Promise<Card> {
  const { db, organisation } = context;
  const { counts, rows } = await read(context, of, day);
  const total = counts.overdue + counts.today + counts.closable;
  const said = await findManyFeedback(
    db,
    organisation.id,
    rows.map(({ feedbackId }) => feedbackId),
  );
  const isOwn = 'personId' in of;
  const lead = total === 0 ? key('feedback.digest.all_done') : countsText(counts);
  return {
    summary: key(isOwn ? 'feedback.digest.own_summary' : 'feedback.digest.summary', { counts: lead }),
    title: key(isOwn ? 'feedback.digest.own_title' : 'feedback.digest.title'),
    lead,
    rows: rows.flatMap((row) => rowOf(row, said.get(row.feedbackId))),
    actions: [isOwn ? button(key('feedback.digest.mine'), to.mine()) : button(key('feedback.digest.open'), to.open())],
    ...(total > rows.length && { footer: key('feedback.digest.more', { shown: rows.length, total }) }),
  };
}

/** "3 overdue, 2 due today and 1 may be closed", without what there is none of. */
function countsText({ overdue, today, closable }: DigestCounts): Text {
  return list([
    ...(overdue > 0 ? [key('feedback.digest.overdue', { count: overdue })] : []),
    ...(today > 0 ? [key('feedback.digest.today', { count: today })] : []),
    ...(closable > 0 ? [key('feedback.digest.closable', { count: closable })] : []),
  ]);
}

function rowOf(row: DigestRow, said: Said | undefined): Row[] {
  if (!said) return [];
  return [
    {
      text: caseLine(row, said),
      detail: join([standingText(row), ownerText(row)], ' · '),
      action: button(key('feedback.following.open'), to.case(row.caseId)),
    },
  ];
}

function standingText({ standing, dueAt }: DigestRow): Text {
  switch (standing) {
    case 'overdue':
      return key('feedback.digest.row_overdue', { due: instant(dueAt) });
    case 'today':
      return key('feedback.digest.row_today', { due: instant(dueAt) });
    case 'closable':
      return key('feedback.digest.row_closable');
  }
}
