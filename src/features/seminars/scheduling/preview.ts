import { button, type Card, type Row } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import type { Block } from '../../../core/rich.js';
import { date, instant, join, key, list, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { checkPlan } from '../calendar/check.js';
import { clockNote, type PlannedDate } from '../calendar/dates.js';
import { timesOf } from '../date-times.js';
import { isSameClock } from '../looking/texts.js';
import { findDate, listFollowing } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { announcingOf, announcingText, announcingWarning } from './announcing.js';
import { clashNotes } from './clashes.js';
import { planOf, type SeriesFields } from './fields.js';
import { type Outlook, outlookOf } from './outlook.js';
import { forWhomText, hostName, whenText, whereFact } from './series-facts.js';
import type { Draft } from './store-drafts.js';
import { countInvited } from './store-preview.js';

/** What is said of many dates is said of so many, and how many more there are. */
const NOTES_SHOWN = 3;

/** What saving a draft would make, with everything that one should know before; nothing is saved by it. */
export async function previewCard(context: HandlerContext, draft: Draft, now: Date): Promise<Card> {
  const { db, organisation } = context;
  const { fields, following } = draft;
  const outlook = await outlookOf(context, draft, now);
  const [first] = outlook.next;
  const invited = await countInvited(db, organisation, fields, first?.startsAt ?? now);
  const announcing = await announcingOf(db, organisation, fields);
  const settings = await loadSettings(db, organisation);
  const postAt = first && timesOf({ startsAt: first.startsAt, zone: fields.plan.zone }, settings, false, now).postAt;
  const soon = outlook.year.dates.length > 0 ? outlook.year.dates : outlook.next;
  const lead = following ? await followingLead(context, following.fromDateId) : key('seminars.draft.lead');
  const warning = announcingWarning(announcing, context.actor.platform);
  const notes: Text[] = [
    ...cancelledNotes(outlook, fields),
    ...(await clashNotes(context, fields, soon, { seriesId: following?.seriesId })),
    ...(fields.requirement !== 'voluntary' && fields.capacity !== null && fields.capacity < invited
      ? [key('seminars.draft.places_short', { invited, capacity: fields.capacity })]
      : []),
    ...(invited === 0 ? [key('seminars.draft.nobody_yet')] : []),
    ...(warning ? [warning] : []),
    ...checkPlan(planOf(fields, organisation), now).map(({ text }) => text),
    ...holidayNotes(outlook),
    ...clockNotes(outlook, fields),
  ];
  return {
    summary: key('seminars.draft.summary', { title: words(fields.title) }),
    title: words(fields.title),
    lead,
    facts: [
      { label: key('seminars.plan.label_when'), value: whenText(fields) },
      { label: key('seminars.plan.label_year'), value: key('seminars.plan.year', { count: outlook.year.dates.length }) },
      { label: key('seminars.plan.label_who'), value: await forWhomText(db, organisation, fields, invited) },
      { label: key('seminars.plan.label_host'), value: await hostName(db, organisation, fields.hostId) },
      whereFact(fields),
      { label: key('seminars.plan.label_announced'), value: announcingText(announcing, postAt ?? undefined) },
    ],
    body: [...aboutBlocks(fields), ...notes.map((text): Block => ({ kind: 'paragraph', text }))],
    rows: outlook.next.map((planned) => rowOf(context, planned, fields)),
    actions: [
      button(key('seminars.draft.save'), ref('seminars.draft_save', { draftId: draft.id }), { style: 'primary' }),
      button(key('seminars.draft.change'), ref('seminars.draft_change', { draftId: draft.id })),
      button(key('seminars.draft.discard'), ref('seminars.draft_discard', { draftId: draft.id })),
    ],
    footer: key('seminars.draft.footer'),
  };
}

/** How many dates a change of all that follows is about. */
async function followingLead({ db, organisation }: HandlerContext, fromDateId: string): Promise<Text> {
  const from = await findDate(db, organisation.id, fromDateId);
  if (!from) return key('seminars.draft.lead');
  const dates = await listFollowing(db, organisation.id, from.series.id, from.startsAt);
  return key('seminars.draft.following', { count: dates.length, from: instant(from.startsAt, from.series.plan.zone) });
}

function aboutBlocks({ purpose, preReading }: SeriesFields): Block[] {
  return [
    ...(purpose !== '' ? [{ kind: 'paragraph' as const, text: words(purpose) }] : []),
    ...(preReading !== '' ? [{ kind: 'paragraph' as const, text: key('seminars.plan.pre_reading', { text: words(preReading) }) }] : []),
  ];
}

/** A date in the series' zone, and in the actor's where the clock shows something else there. */
function rowOf({ reader }: HandlerContext, { startsAt, ruleDay, movedFor }: PlannedDate, { plan }: SeriesFields): Row {
  const sameClock = isSameClock(startsAt, plan.zone, reader.zone);
  const detail: Text[] = [
    ...(sameClock ? [] : [key('seminars.draft.your_time', { at: instant(startsAt, reader.zone) })]),
    ...(movedFor === undefined ? [] : [key('seminars.draft.moved_from', { day: date(ruleDay), holiday: words(movedFor) })]),
  ];
  // On the same clock the zone's name would only make one wonder.
  const text = instant(startsAt, sameClock ? undefined : plan.zone);
  return { text, ...(detail.length > 0 && { detail: join(detail, ' · ') }) };
}

/** What falls out, before it is too late. */
function cancelledNotes({ cancelled }: Outlook, { plan }: SeriesFields): Text[] {
  if (cancelled.length === 0) return [];
  const days = cancelled.slice(0, NOTES_SHOWN).map(({ startsAt }) => date(localDay(startsAt, plan.zone)));
  return [key('seminars.draft.cancels', { count: cancelled.length, days: list(days), more: cancelled.length - days.length })];
}

function holidayNotes({ next, year }: Outlook): Text[] {
  const shown = new Set(next.map(({ ruleDay }) => ruleDay));
  const moved = year.dates.filter(({ movedFor, ruleDay }) => movedFor !== undefined && !shown.has(ruleDay));
  const { skipped } = year;
  const days = skipped
    .slice(0, NOTES_SHOWN)
    .map(({ day, holiday }) => key('seminars.draft.holiday', { day: date(day), holiday: words(holiday) }));
  return [
    ...(skipped.length > 0
      ? [key('seminars.draft.skipped', { count: skipped.length, days: list(days), more: skipped.length - days.length })]
      : []),
    ...(moved.length > 0 ? [movedText(moved)] : []),
  ];
}

function movedText(moved: readonly PlannedDate[]): Text {
  const days = moved.slice(0, NOTES_SHOWN).map(({ day }) => date(day));
  return key('seminars.draft.moved_later', { count: moved.length, days: list(days), more: moved.length - days.length });
}

function clockNotes({ next, year }: Outlook, { plan }: SeriesFields): Text[] {
  const dates = new Map([...next, ...year.dates].map((planned) => [planned.ruleDay, planned]));
  return [...dates.values()].flatMap((planned) => clockNote(planned, plan) ?? []).slice(0, NOTES_SHOWN);
}
