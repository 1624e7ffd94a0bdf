import { button, type Card } from '../../../core/card.js';
import { instant, key, words } from '../../../core/text.js';
import type { NewDelivery } from '../../../delivery/enqueue.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { demandDate } from '../rights.js';
import { DateRef } from '../schema.js';
import { type DateFigures, figuresOf } from './store-settle.js';
import { CATCH_UP_DAYS, daysAfter } from './times.js';

/** Asks the host once for minutes and the recap, with what there is to know of who came. */
export function afterHost(organisationId: string, date: SeminarDate, now: Date): NewDelivery {
  return {
    organisationId,
    subjectKey: `seminars.after_host:${date.id}`,
    message: 'seminars.after_host',
    payload: { dateId: date.id },
    to: { personId: date.hostId },
    priority: 'bulk',
    capped: true,
    dueAt: now,
    expiresAt: daysAfter(now, CATCH_UP_DAYS),
  };
}

const load = async (context: WorkContext, dateId: string) => {
  const date = await demandDate(context, dateId);
  return { date, figures: await figuresOf(context.db, context.organisation, date) };
};

function afterCard(date: SeminarDate, { came, missed, excused, walkIns, catchingUp }: DateFigures): Card {
  const wanted = catchingUp > 0 && date.recap === '';
  const title = words(date.title);
  return {
    summary: key('seminars.after_host.summary', { title, came }),
    title,
    lead: key('seminars.after_host.lead', { came, start: instant(date.startsAt) }),
    facts: [
      { label: key('seminars.people.missed'), value: key('seminars.people.count', { count: missed }) },
      ...(excused > 0 ? [{ label: key('seminars.people.excused'), value: key('seminars.people.count', { count: excused }) }] : []),
      ...(walkIns > 0 ? [{ label: key('seminars.people.walk_ins'), value: key('seminars.people.count', { count: walkIns }) }] : []),
    ],
    body: [
      ...(came === 0 ? [{ kind: 'paragraph' as const, text: key('seminars.after_host.nobody') }] : []),
      { kind: 'paragraph', text: wanted ? key('seminars.after_host.recap', { count: catchingUp }) : key('seminars.after_host.minutes') },
    ],
    actions: [
      button(key('seminars.action.afterwards'), to.afterwards(date.id), { style: 'primary' }),
      button(key('seminars.action.people'), to.people(date.id)),
    ],
  };
}

const after = message({
  id: 'seminars.after_host',
  payload: DateRef,
  card: async (context, { dateId }) => {
    const { date, figures } = await load(context, dateId);
    return afterCard(date, figures);
  },
  line: async (context, { dateId }) => {
    const { date, figures } = await load(context, dateId);
    return {
      text: key('seminars.after_host.summary', { title: words(date.title), came: figures.came }),
      action: button(key('seminars.action.afterwards'), to.afterwards(dateId)),
    };
  },
});

export const afterHostMessages = [after];
