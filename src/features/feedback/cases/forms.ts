import { BellhopError } from '../../../core/errors.js';
import { formErrors } from '../../../core/reply.js';
import { key, person as personText, type Text } from '../../../core/text.js';
import { readPeople } from '../../../people/audience-form.js';
import { hoursOfLocation } from '../../../people/business-hours.js';
import type { Tx } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { addDays, atLocalTime, isDay, localDay } from '../../../people/hours.js';
import type { Person } from '../../../people/model.js';
import { dueOf, workingTimeAt } from '../following/due.js';
import { caseName, priorityLabel } from '../labels.js';
import { type Case, MOST, PRIORITIES, type Priority } from '../model.js';
import { demandCase, mayReadCase } from '../rights.js';
import { CaseRef } from '../schema.js';
import { changeCase, type Standing, whoIs } from './changing.js';
import { dueText } from './lines.js';
import { assign, checkStillOf, LONGEST_PAUSE_DAYS, pause, prioritise } from './rules.js';
import { AssignInput, NoteInput, OwnedRef, PauseInput, PrioritisedRef, PriorityInput } from './schema.js';
import { orAsItStands, showCase } from './show.js';
import { pausedMinutesSince } from './store-events.js';

export const noteForm = form({
  id: 'feedback.note',
  role: 'employee',
  payload: CaseRef,
  input: NoteInput,
  build: async (context, { caseId }) => {
    const { case: it } = await demandCase(context, caseId);
    return {
      title: key('feedback.note.title'),
      submit: key('feedback.note.submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.note.intro', { case: caseName(it) }) }],
      fields: [{ kind: 'text', name: 'note', label: key('feedback.note.note'), multiline: true, maxLength: MOST.note }],
    };
  },
  submit: async (context, { payload: { caseId }, input: { note } }) => {
    if (note === '') return formErrors({ note: key('feedback.errors.note_missing') });
    if (note.length > MOST.note) return formErrors({ note: tooLong(MOST.note) });
    const events = [{ actorId: context.person.id, kind: 'noted', words: note }] as const;
    const changed = await changeCase(context, caseId, () => ({ change: {}, events }));
    return await showCase(context, changed, key('feedback.note.noted', { case: caseName(changed.case) }));
  },
});

const tooLong = (most: number): Text => key('feedback.errors.too_long', { most });

export const assignForm = form({
  id: 'feedback.assign',
  role: 'employee',
  payload: OwnedRef,
  input: AssignInput,
  build: async (context, { caseId }) => {
    const { case: it } = await demandCase(context, caseId);
    return {
      title: key('feedback.assign.title'),
      submit: key('feedback.assign.submit'),
      intro: [
        { kind: 'paragraph', text: key(it.private ? 'feedback.assign.intro_private' : 'feedback.assign.intro', { case: caseName(it) }) },
      ],
      fields: [{ kind: 'people', name: 'person', label: key('feedback.assign.person') }],
    };
  },
  submit: async (context, { payload: { caseId, ownerId }, input }) => {
    await demandCase(context, caseId);
    const found = await readPeople(context, input.person);
    if ('error' in found) return formErrors({ person: found.error });
    const [to, ...others] = found.people;
    if (!to || others.length > 0) return formErrors({ person: key('feedback.errors.assign_one') });
    return await orAsItStands(context, caseId, async () => {
      let refused: Text | undefined;
      const changed = await changeCase(context, caseId, async (tx, standing, now) => {
        const { case: it, feedback } = standing;
        checkStillOf(it, ownerId);
        refused = await whyNot({ ...context, db: tx }, standing, to);
        if (refused) return null;
        const change = assign(it, whoIs(context), to.id, feedback.contactSealed !== null, now);
        const own = to.id === context.person.id;
        const event = own
          ? ({ actorId: to.id, kind: 'claimed' } as const)
          : ({ actorId: context.person.id, kind: 'assigned', data: { personId: to.id }, tell: [to.id] } as const);
        return change && { change, events: [event] };
      });
      if (refused) return formErrors({ person: refused });
      return await showCase(
        context,
        changed,
        to.id === context.person.id
          ? key('feedback.case.yours', { case: caseName(changed.case) })
          : key('feedback.assign.assigned', { case: caseName(changed.case), person: personText(to.name) }),
      );
    });
  },
});

type Reading = Pick<Parameters<typeof mayReadCase>[0], 'db' | 'organisation'>;

/** Why a case can't be given to somebody: it is about them, or they may not see it even when it is theirs. */
async function whyNot({ db, organisation }: Reading, { case: it, feedback }: Standing, to: Person): Promise<Text | undefined> {
  const params = { person: personText(to.name) };
  const mayHave = await mayReadCase({ db, organisation, person: to, role: to.role }, feedback, { ownerId: to.id, private: it.private });
  const isConcerned = feedback.concerns.some(({ personId }) => personId === to.id);
  return mayHave && !isConcerned ? undefined : key(it.private ? 'feedback.errors.assign_private' : 'feedback.errors.assign_not', params);
}

/** How long a pause is unless somebody says otherwise; to the next day of work from there. */
const PROPOSED_PAUSE_DAYS = 7;

export const pauseForm = form({
  id: 'feedback.pause',
  role: 'employee',
  payload: CaseRef,
  input: PauseInput,
  build: async (context, { caseId }) => {
    const { case: it } = await demandCase(context, caseId);
    const { today } = await daysAt(context, it);
    const time = await workingTimeAt(context.db, context.organisation, it.locationId);
    return {
      title: key('feedback.pause.title'),
      submit: key('feedback.pause.submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.pause.intro', { case: caseName(it) }) }],
      fields: [
        { kind: 'date', name: 'until', label: key('feedback.pause.until'), initial: time.workingDay(addDays(today, PROPOSED_PAUSE_DAYS)) },
        { kind: 'text', name: 'reason', label: key('feedback.pause.reason'), maxLength: MOST.reason },
      ],
    };
  },
  submit: async (context, { payload: { caseId }, input: { until, reason } }) => {
    const { case: it } = await demandCase(context, caseId);
    const { today, opening } = await daysAt(context, it);
    const isLater = isDay(until) && until > today && until <= addDays(today, LONGEST_PAUSE_DAYS);
    const errors = {
      ...(!isLater && { until: key('feedback.errors.pause_day', { most: LONGEST_PAUSE_DAYS }) }),
      ...(reason === '' && { reason: key('feedback.errors.pause_reason') }),
      ...(reason.length > MOST.reason && { reason: tooLong(MOST.reason) }),
    };
    if (Object.keys(errors).length > 0) return formErrors(errors);
    const end = opening(until);
    const changed = await changeCase(context, caseId, (_, { case: current }, now) => ({
      change: pause(current, whoIs(context), end, now),
      events: [{ actorId: context.person.id, kind: 'paused', data: { until: end.toISOString() }, words: reason }],
    }));
    return await showCase(context, changed, key('feedback.pause.paused', { case: caseName(changed.case) }));
  },
});

/** Today where the case is, and when a day begins there. */
async function daysAt({ db, organisation, clock }: HandlerContext, { locationId }: Case) {
  const { zone, hours } = await hoursOfLocation(db, organisation, locationId);
  return { today: localDay(clock.now(), zone), opening: (day: string) => atLocalTime(day, hours.start, zone) };
}

export const priorityForm = form({
  id: 'feedback.priority',
  role: 'employee',
  payload: PrioritisedRef,
  input: PriorityInput,
  build: async (context, { caseId }) => {
    const { case: it } = await demandCase(context, caseId);
    return {
      title: key('feedback.prioritise.title'),
      submit: key('feedback.prioritise.submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.prioritise.intro', { case: caseName(it) }) }],
      fields: [
        {
          kind: 'choice',
          style: 'radio',
          name: 'priority',
          label: key('feedback.case.priority'),
          options: PRIORITIES.toReversed().map((value) => ({ value, label: priorityLabel(value) })),
          initial: it.priority,
        },
      ],
    };
  },
  submit: async (context, { payload: { caseId, from }, input: { priority } }) =>
    await orAsItStands(context, caseId, async () => {
      const changed = await changeCase(context, caseId, async (tx, { case: it }) => {
        if (from !== undefined && from !== it.priority && it.priority !== priority) {
          throw new BellhopError('feedback.case_reprioritised', { case: caseName(it), priority: priorityLabel(it.priority) });
        }
        const change = prioritise(it, whoIs(context), priority, await dueWith(context, tx, it, priority));
        const events = [{ actorId: context.person.id, kind: 'priority', data: { from: it.priority, to: priority } } as const];
        return change && { change, events };
      });
      const params = { case: caseName(changed.case), priority: priorityLabel(priority), due: dueText(changed.case, context.clock.now()) };
      return await showCase(context, changed, key('feedback.prioritise.changed', params));
    }),
});

/** When a case is due by another priority: reckoned from its opening, with the working time that it rested. */
async function dueWith({ organisation }: HandlerContext, tx: Tx, it: Case, priority: Priority): Promise<Date> {
  const since = it.reopenedAt ?? it.openedAt;
  const due = await dueOf(tx, organisation, it.locationId, priority, since);
  const rested = await pausedMinutesSince(tx, organisation.id, it.id, since);
  return (await workingTimeAt(tx, organisation, it.locationId)).add(due, rested);
}
