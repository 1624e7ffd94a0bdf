import { BellhopError } from '../../../core/errors.js';
import type { Field } from '../../../core/form.js';
import { formErrors, type Reply, say } from '../../../core/reply.js';
import { instant, type KeyText, key, type Text } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, localDay } from '../../../people/hours.js';
import { findPerson } from '../../../people/people.js';
import { timesOf } from '../date-times.js';
import { dateCard } from '../looking/date-card.js';
import { MOST, type SeminarDate } from '../model.js';
import { demandDate, demandOwnDate, mayRunSeries } from '../rights.js';
import { clashNotes } from '../scheduling/clashes.js';
import { planAhead } from '../scheduling/plan.js';
import { hostName } from '../scheduling/series-facts.js';
import { lockSeries } from '../scheduling/store-series.js';
import { DateRef, SeriesRef } from '../schema.js';
import { findSeries, listFollowing, lockDates } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { cancel, changeDate, tell } from './apply.js';
import { ontoPresent } from './merge.js';
import { changeFields, type FormStart, readChange } from './read-change.js';
import { CancelInput, ChangeInput, ChangeRef } from './schema.js';
import { stopSeries } from './stop-series.js';
import { createDate, isTaken, lookOf } from './store-changes.js';

/** At which field of the form an error that the change met belongs. */
const FIELDS: Readonly<Record<string, string>> = {
  'seminars.date_taken': 'day',
  'seminars.capacity_low': 'capacity',
};

async function startOf({ db, organisation }: HandlerContext, date: SeminarDate): Promise<FormStart> {
  const host = await findPerson(db, organisation.id, date.hostId);
  return {
    zone: date.series.plan.zone,
    startsAt: date.startsAt,
    minutes: Math.round((date.endsAt.getTime() - date.startsAt.getTime()) / 60_000),
    title: date.title,
    seriesTitle: date.series.title,
    place: date.place,
    link: date.link,
    host: host?.active ? host : undefined,
    capacity: date.capacity,
  };
}

/** What has just happened, and what one should know of it, above the date as it is now. */
async function answer(context: HandlerContext, dateId: string, lead: KeyText, note: Text | undefined): Promise<Reply> {
  const date = await demandDate(context, dateId);
  const card = await dateCard(context, date);
  const clashes = date.state === 'planned' ? await clashNotes(context, { ...date.series, hostId: date.hostId }, [date], { dateId }) : [];
  const notes = [...(note ? [note] : []), ...clashes].map((text) => ({ kind: 'paragraph' as const, text }));
  return say({ ...card, summary: lead, lead, body: [...notes, ...(card.body ?? [])] });
}

/** Runs a change; what stands in its way is told at the field that it belongs to, and nothing typed is lost. */
async function atField(act: () => Promise<Reply>): Promise<Reply> {
  try {
    return await act();
  } catch (error) {
    const field = error instanceof BellhopError ? FIELDS[error.code] : undefined;
    if (field !== undefined && error instanceof BellhopError) return formErrors({ [field]: key(error.key, error.params) });
    throw error;
  }
}

const changeForm = form({
  id: 'seminars.change',
  role: 'employee',
  payload: ChangeRef,
  input: ChangeInput,
  build: async (context, { dateId }) => ({
    title: key('seminars.change.form_title'),
    submit: key('seminars.change.submit'),
    fields: await changeFields(context, await startOf(context, await demandOwnDate(context, dateId))),
  }),
  submit: async (context, { payload: { dateId, seen }, input }) => {
    const { db, clock, organisation } = context;
    const date = await demandOwnDate(context, dateId);
    const now = clock.now();
    const read = await readChange(context, await startOf(context, date), input, now);
    if ('errors' in read) return formErrors(read.errors);
    return await atField(async () => {
      const told = await inTransaction(db, async (tx) => {
        const [present] = await lockDates(tx, organisation.id, [dateId]);
        const meant =
          present && seen !== undefined ? await ontoPresent(tx, organisation.id, present, new Date(seen), read.look) : read.look;
        const changed = await changeDate(context, tx, dateId, meant, now);
        if (!changed) return undefined;
        return await tell(context, tx, { seriesId: date.series.id, kind: 'changed', dates: [changed], words: input.reason }, now);
      });
      if (told === undefined) return formErrors({ form: key('seminars.errors.change_nothing') });
      return await answer(context, dateId, key('seminars.change.done', { told }), read.note);
    });
  },
});

/** What is cancelled: one date, or the rest of the series. @param count how many follow upon the one */
const scopeField = (count: number): Field => ({
  kind: 'choice',
  name: 'scope',
  label: key('seminars.cancel.scope'),
  style: 'radio',
  initial: 'one',
  options: [
    { value: 'one', label: key('seminars.cancel.one') },
    { value: 'following', label: key('seminars.cancel.following', { count }) },
  ],
});

const cancelForm = form({
  id: 'seminars.cancel',
  role: 'employee',
  payload: DateRef,
  input: CancelInput,
  build: async (context, { dateId }) => {
    const date = await demandOwnDate(context, dateId);
    const following = await listFollowing(context.db, context.organisation.id, date.series.id, date.startsAt);
    const count = following.filter(({ id }) => id !== date.id).length;
    return {
      title: key('seminars.cancel.form_title'),
      submit: key('seminars.cancel.submit'),
      fields: [
        ...(mayRunSeries(context, date.series) ? [scopeField(count)] : []),
        {
          kind: 'text',
          name: 'reason',
          label: key('seminars.cancel.reason'),
          hint: key('seminars.cancel.reason_hint'),
          multiline: true,
          maxLength: MOST.words,
        },
      ],
    };
  },
  submit: async (context, { payload: { dateId }, input }) => {
    const { db, clock, organisation } = context;
    const date = await demandOwnDate(context, dateId);
    if (input.scope === 'following' && !mayRunSeries(context, date.series)) {
      throw new BellhopError('seminars.cancel_following', { host: await hostName(db, organisation, date.series.hostId) });
    }
    if (input.reason === '') return formErrors({ reason: key('seminars.errors.cancel_reason') });
    if (input.reason.length > MOST.words) return formErrors({ reason: key('seminars.errors.change_long', { most: MOST.words }) });
    const now = clock.now();
    const { told, count } = await inTransaction(db, async (tx) => {
      const isOne = input.scope === 'one';
      // What was cancelled or has begun is not among those that follow: then the date itself is named, and says why.
      const series = isOne ? undefined : await lockSeries(tx, organisation.id, date.series.id);
      const following = isOne ? [] : await listFollowing(tx, organisation.id, date.series.id, date.startsAt);
      const ids = [...new Set([dateId, ...following.map(({ id }) => id)])];
      const dates = await cancel(context, tx, ids, input.reason, now);
      if (series) await stopSeries(context, tx, series, [date, ...following], now);
      const change = { seriesId: date.series.id, kind: 'cancelled' as const, dates, words: input.reason };
      return { told: await tell(context, tx, change, now), count: dates.length };
    });
    return await answer(context, dateId, key('seminars.cancel.done', { count, told }), undefined);
  },
});

const addForm = form({
  id: 'seminars.add',
  role: 'manager',
  payload: SeriesRef,
  input: ChangeInput,
  build: async (context, { seriesId }) => ({
    title: key('seminars.add.form_title'),
    submit: key('seminars.add.submit'),
    fields: await changeFields(context, await startOfNew(context, seriesId)),
  }),
  submit: async (context, { payload: { seriesId }, input }) => {
    const { db, clock, organisation } = context;
    const now = clock.now();
    const read = await readChange(context, await startOfNew(context, seriesId), input, now);
    if ('errors' in read) return formErrors(read.errors);
    const { look } = read;
    return await atField(async () => {
      const added = await inTransaction(db, async (tx) => {
        const series = await lockSeries(tx, organisation.id, seriesId);
        if (!series) throw new BellhopError('seminars.series_gone');
        const { zone } = series.plan;
        if (await isTaken(tx, organisation.id, seriesId, look.startsAt)) {
          throw new BellhopError('seminars.date_taken', { at: instant(look.startsAt, zone) });
        }
        const times = timesOf({ startsAt: look.startsAt, zone }, await loadSettings(tx, organisation), false, now);
        const dateId = await createDate(tx, organisation.id, seriesId, look, times, now);
        // Its rule is at its end, or it was cancelled: it runs once more, until this date is over.
        if (series.endedAt !== null) await planAhead(context, tx, series, now);
        const after = lookOf({ ...look, title: look.title ?? series.title });
        const change = { seriesId, kind: 'added' as const, dates: [{ dateId, zone, before: null, after }], words: input.reason };
        return { dateId, told: await tell(context, tx, change, now) };
      });
      return await answer(context, added.dateId, key('seminars.add.done', { told: added.told }), read.note);
    });
  },
});

/** A date that is added begins as the series' others look, a week from now. */
async function startOfNew({ db, organisation, clock }: HandlerContext, seriesId: string): Promise<FormStart> {
  const series = await findSeries(db, organisation, seriesId);
  if (!series) throw new BellhopError('seminars.series_gone');
  const host = await findPerson(db, organisation.id, series.hostId);
  return {
    zone: series.plan.zone,
    startsAt: atLocalTime(addDays(localDay(clock.now(), series.plan.zone), 7), series.plan.minutes, series.plan.zone),
    minutes: series.plan.length,
    title: series.title,
    seriesTitle: series.title,
    place: series.place,
    link: series.link,
    host: host?.active ? host : undefined,
    capacity: series.capacity,
  };
}

export const changeForms = [changeForm, cancelForm, addForm];
