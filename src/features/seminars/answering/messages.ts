import { button } from '../../../core/card.js';
import { instant, key, words } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { isHere } from '../attending/store-attendance.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { demandDate } from '../rights.js';
import { DateRef } from '../schema.js';
import { findDate } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { isOvertaken } from './ladder.js';
import { type Occasion, type Own, ownCard } from './own-card.js';
import { postCard } from './post-card.js';
import { DatePerson, PutOn, Reminder } from './schema.js';
import { findAnswer } from './store-answers.js';

/** Why nothing is to be said of a date any more. */
function past(date: SeminarDate | undefined, now: Date): 'date_gone' | 'date_cancelled' | 'date_begun' | null {
  if (!date) return 'date_gone';
  if (date.state === 'cancelled') return 'date_cancelled';
  return date.startsAt <= now ? 'date_begun' : null;
}

const post = message({
  id: 'seminars.post',
  payload: DateRef,
  guard: async ({ db, organisation, clock }, { dateId }) => past(await findDate(db, organisation.id, dateId), clock.now()),
  card: async (context, { dateId }) => await postCard(context, await demandDate(context, dateId)),
});

type Whom = { readonly dateId: string; readonly personId: string };

async function ownOf({ db, organisation, clock }: WorkContext, date: SeminarDate, personId: string): Promise<Own> {
  const answer = await findAnswer(db, organisation.id, date.id, personId);
  const here = date.startsAt <= clock.now() && (await isHere(db, organisation.id, date.id, personId));
  return { answer: answer?.state ?? null, ahead: answer?.ahead ?? 0, hosts: date.hostId === personId, here };
}

async function cardOf(context: WorkContext, { dateId, personId }: Whom, occasion: Occasion) {
  const date = await demandDate(context, dateId);
  return ownCard(date, await ownOf(context, date, personId), occasion, context.clock.now());
}

async function guarded(context: WorkContext, { dateId, personId }: Whom, wanted: (date: SeminarDate, own: Own) => string | null) {
  const date = await findDate(context.db, context.organisation.id, dateId);
  return past(date, context.clock.now()) ?? (date ? wanted(date, await ownOf(context, date, personId)) : null);
}

const reminder = message({
  id: 'seminars.reminder',
  payload: Reminder,
  guard: async (context, payload) => {
    const { db, organisation, clock } = context;
    const { ladder } = await loadSettings(db, organisation);
    return await guarded(context, payload, (date, { answer, hosts }) => {
      if (date.startsAt.getTime() !== payload.startsAt) return 'date_moved';
      if (isOvertaken(date, ladder, payload.stage, clock.now())) return 'overtaken';
      return answer === 'going' || answer === 'maybe' || (hosts && answer === null) ? null : 'not_coming';
    });
  },
  card: async (context, payload) => await cardOf(context, payload, 'reminder'),
  line: async (context, { dateId }) => await lineOf(context, dateId),
});

const nudge = message({
  id: 'seminars.nudge',
  payload: DatePerson,
  guard: async (context, payload) => await guarded(context, payload, (_date, { answer }) => (answer === null ? null : 'answered')),
  card: async (context, payload) => await cardOf(context, payload, 'nudge'),
  line: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    return {
      text: key('seminars.nudge.summary', { title: words(date.title), when: instant(date.startsAt) }),
      action: button(key('seminars.action.details'), to.date(dateId)),
    };
  },
});

const movedUp = message({
  id: 'seminars.moved_up',
  payload: DatePerson,
  guard: async (context, payload) => await guarded(context, payload, (_date, { answer }) => (answer === 'going' ? null : 'not_coming')),
  card: async (context, payload) => await cardOf(context, payload, 'moved_up'),
});

const putOn = message({
  id: 'seminars.put_on',
  payload: PutOn,
  guard: async (context, payload) => await guarded(context, payload, (_date, { answer }) => (answer === 'going' ? null : 'not_coming')),
  card: async (context, payload) => await cardOf(context, payload, payload.missed ? 'put_on_missed' : 'put_on'),
  line: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    return {
      text: key('seminars.put_on.summary', { title: words(date.title), when: instant(date.startsAt) }),
      action: button(key('seminars.action.details'), to.date(dateId)),
    };
  },
});

/** A reminder inside a merged message. */
async function lineOf(context: WorkContext, dateId: string) {
  const date = await demandDate(context, dateId);
  return {
    text: key('seminars.reminder.summary', { title: words(date.title), when: instant(date.startsAt) }),
    action: button(key('seminars.action.details'), to.date(dateId)),
  };
}

export const answeringMessages = [post, reminder, nudge, movedUp, putOn];
