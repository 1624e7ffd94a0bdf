import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import type { Field, FormErrors, PersonHint } from '../../../core/form.js';
import { formErrors, open, update } from '../../../core/reply.js';
import { instant, key, list, person as personText, select, type Text, words } from '../../../core/text.js';
import { enqueue, refresh } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { findByHint } from '../../../people/find-person.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { findPerson } from '../../../people/people.js';
import { refreshPost } from '../answering/post.js';
import { takeOff } from '../answering/put-on.js';
import { type SeminarDate, subject } from '../model.js';
import { demandOwnDate } from '../rights.js';
import { endCatchUps, startCatchUps } from './catch-up.js';
import { checkInKey } from './check-in-messages.js';
import { opinionDelivery } from './opinion-messages.js';
import { peopleCard } from './people.js';
import { correctPoints } from './points.js';
import { within } from './refs.js';
import { CorrectRef, STANDINGS } from './schema.js';
import { findAttendance, holdDate, type Standing, standingOf, writeCorrection } from './store-attendance.js';
import { findCatchUp, settleCatchUp } from './store-catch-up.js';
import { wasRequired } from './store-settle.js';
import { opinionsClose, windowOf } from './times.js';

interface Asked {
  readonly date: SeminarDate;
  readonly person: Person;
  readonly standing: Standing;
}

/** Whether attendance can be recorded for a date yet. @throws BellhopError `seminars.here_cancelled`, `seminars.correct_early` */
function demandRunning({ clock }: HandlerContext, date: SeminarDate): void {
  const title = words(date.title);
  if (date.state === 'cancelled') throw new BellhopError('seminars.here_cancelled', { title, start: instant(date.startsAt) });
  const { opens } = windowOf(date);
  if (clock.now() < opens) throw new BellhopError('seminars.correct_early', { title, opens: instant(opens) });
}

/**
 * Records what the host knows better. Once the date is settled, what follows from it is put right too: what is to be made
 * up for, points, the two questions.
 */
async function correct(context: HandlerContext, { date, person, standing }: Asked): Promise<void> {
  const { db, organisation, person: actor } = context;
  await inTransaction(db, async (tx) => {
    const now = context.clock.now();
    const held = await holdDate(tx, organisation.id, date.id);
    if (!held) throw new BellhopError('seminars.date_gone');
    demandRunning(context, { ...date, state: held.state });
    const at = { organisationId: organisation.id, dateId: date.id, personId: person.id };
    const before = await writeCorrection(tx, { ...at, standing, byId: actor.id }, now);
    const was = before ? standingOf(before) : null;
    const act = { organisationId: organisation.id, actorId: actor.id, verb: 'seminars.attendance_corrected', subjectId: person.id };
    await recordEvent(tx, { ...act, data: { dateId: date.id, before: was, after: standing } }, now);
    await refresh(tx, organisation.id, [checkInKey(date, person.id)], now);
    // The post tells how many came.
    await refreshPost(tx, organisation.id, date.id, now, false);
    if (held.phase === 'over') await followUp(context, tx, { date, person, standing, wasThere: before?.attended ?? false }, now);
  });
}

async function followUp(
  context: HandlerContext,
  tx: Tx,
  { date, person, standing, wasThere }: Asked & { readonly wasThere: boolean },
  now: Date,
): Promise<void> {
  const { organisation, person: actor } = context;
  const at = { organisationId: organisation.id, dateId: date.id, personId: person.id };
  const attended = standing !== 'missed' && standing !== 'excused';
  if (standing === 'missed') {
    if (await wasRequired(tx, organisation, date, person.id)) await startCatchUps(context, tx, date, [person.id], now);
  } else {
    const catchUp = await findCatchUp(tx, organisation.id, date.id, person.id);
    if (await settleCatchUp(tx, at, { state: 'closed' }, now)) {
      await refresh(tx, organisation.id, [subject.catchUp(date.id, person.id)], now);
      // Where each date counts, the next one is to be come to all the same.
      if (catchUp?.nextDateId && date.series.requirement === 'once') await takeOff(context, tx, catchUp.nextDateId, person.id, now);
    }
  }
  if (attended) await endCatchUps(context, tx, date, [person.id], now);
  if (attended && person.id !== date.hostId && now < opinionsClose(date)) {
    await enqueue(tx, opinionDelivery(organisation.id, date, person.id, now), now);
  }
  // Late or not, it is the same points: what was switched on since then is for the dates since then.
  if (attended === wasThere) return;
  // Locks accounts: after everything else.
  await correctPoints(context, tx, date, { personId: person.id, attended, byId: actor.id });
}

const CorrectInput = z.object({
  person: z.custom<readonly PersonHint[]>((value) => value === undefined || Array.isArray(value)).optional(),
  standing: z.enum(STANDINGS, 'seminars.errors.correct_standing'),
});

const correctForm = form({
  id: 'seminars.correct',
  role: 'employee',
  payload: CorrectRef,
  input: CorrectInput,
  build: async (context, { dateId, personId }) => {
    const { db, organisation } = context;
    const date = await demandOwnDate(context, dateId);
    const named = personId === undefined ? undefined : await findPerson(db, organisation.id, personId);
    const recorded = named && (await findAttendance(db, organisation.id, dateId, named.id));
    const whom: readonly Field[] = named ? [] : [{ kind: 'people', name: 'person', label: key('seminars.correct.person') }];
    return {
      title: key('seminars.correct.title'),
      submit: key('seminars.correct.submit'),
      intro: [{ kind: 'paragraph', text: introText(date, named) }],
      fields: [
        ...whom,
        {
          kind: 'choice',
          name: 'standing',
          label: key('seminars.correct.standing'),
          style: 'radio',
          options: STANDINGS.map((standing) => ({
            value: standing,
            label: key('seminars.people.standing', { standing: select(standing) }),
          })),
          initial: recorded ? standingOf(recorded) : 'present',
        },
      ],
    };
  },
  submit: async (context, { payload: { dateId, personId }, input }) => {
    const date = await demandOwnDate(context, dateId);
    const whom = personId === undefined ? await whomOf(context, input.person ?? []) : await known(context, personId);
    if ('errors' in whom) return formErrors(whom.errors);
    await correct(context, { date, person: whom.person, standing: input.standing });
    const standing = key('seminars.people.standing', { standing: select(input.standing) });
    return update(await peopleCard(context, date, 0, key('seminars.correct.done', { person: personText(whom.person.name), standing })));
  },
});

function introText(date: SeminarDate, named: Person | undefined): Text {
  const params = { title: words(date.title), start: instant(date.startsAt) };
  return named ? key('seminars.correct.intro', { ...params, person: personText(named.name) }) : key('seminars.correct.intro_add', params);
}

async function known({ db, organisation }: HandlerContext, personId: string): Promise<{ readonly person: Person }> {
  const person = await findPerson(db, organisation.id, personId);
  if (!person) throw new BellhopError('people.person_gone');
  return { person };
}

/** The one person that was named. */
async function whomOf(
  context: HandlerContext,
  hints: readonly PersonHint[],
): Promise<{ readonly person: Person } | { readonly errors: FormErrors }> {
  const [hint, ...more] = hints;
  if (!hint || more.length > 0) return { errors: { person: key('seminars.errors.correct_whom') } };
  const found = await findByHint(context, hint);
  if ('person' in found) return found;
  const name = words(hint.by === 'typed' ? hint.typed : '');
  if ('ambiguous' in found) {
    const names = list(found.ambiguous.map((candidate) => personText(candidate.name)));
    return { errors: { person: key('people.errors.person_ambiguous', { name, names }) } };
  }
  return {
    errors: { person: hint.by === 'typed' ? key('people.errors.person_unknown', { name }) : key('people.errors.person_not_served') },
  };
}

const correctOpen = action({
  id: 'seminars.correct_open',
  role: 'employee',
  payload: CorrectRef,
  run: async (context, { dateId, personId }) => {
    demandRunning(context, await demandOwnDate(context, dateId));
    return open(within.correctForm(dateId, personId));
  },
});

export const correctActions = [correctOpen];
export const correctForms = [correctForm];
