import { type Action, button, type Card, notice } from '../../../core/card.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { hostText } from '../rights.js';
import type { Attendance } from './store-attendance.js';
import { windowOf } from './times.js';

const titled = (date: SeminarDate) => ({ title: words(date.title) });

/** What helps whoever is on the way in. */
function wayIn(date: SeminarDate): readonly Action[] {
  return [
    ...(date.link === '' ? [] : [{ kind: 'link' as const, label: key('seminars.action.join'), url: date.link }]),
    button(key('seminars.action.details'), to.date(date.id)),
  ];
}

function where(date: SeminarDate): NonNullable<Card['facts']> {
  return date.place === '' ? [] : [{ label: key('seminars.date.where'), value: words(date.place) }];
}

/** Asks to check in, as long as one can. */
export function askCard(date: SeminarDate): Card {
  const { closes } = windowOf(date);
  return {
    summary: key('seminars.check_in.summary', titled(date)),
    title: words(date.title),
    lead: key('seminars.check_in.lead', { start: instant(date.startsAt), until: instant(closes) }),
    facts: where(date),
    actions: [button(key('seminars.action.here'), to.here(date.id), { style: 'primary' }), ...wayIn(date)],
  };
}

/** Somebody is checked in. @param again they were before */
export function hereCard(date: SeminarDate, attendance: Pick<Attendance, 'late' | 'at'>, again: boolean): Card {
  const lead = leadText(date, attendance, again);
  return { summary: lead, title: words(date.title), lead, facts: where(date), actions: wayIn(date) };
}

function leadText(date: SeminarDate, { late, at }: Pick<Attendance, 'late' | 'at'>, again: boolean): Text {
  if (again) return key('seminars.here.since', { ...titled(date), at: instant(at) });
  return late ? key('seminars.here.late', titled(date)) : key('seminars.here.done', titled(date));
}

/** The check-in of a date is over, or came to nothing. */
export function closedCard(date: SeminarDate): Card {
  const lead =
    date.state === 'cancelled'
      ? key('seminars.errors.here_cancelled', { ...titled(date), start: instant(date.startsAt) })
      : key('seminars.errors.here_closed', { ...titled(date), closed: instant(windowOf(date).closes), host: hostText(date) });
  return { ...notice(lead), title: words(date.title), actions: [button(key('seminars.action.details'), to.date(date.id))] };
}

/** Tells the host that people check in now. */
export function hostCard(date: SeminarDate, going: number): Card {
  const { closes } = windowOf(date);
  return {
    summary: key('seminars.check_in_host.summary', titled(date)),
    title: words(date.title),
    lead: key('seminars.check_in_host.lead', { start: instant(date.startsAt), until: instant(closes), going }),
    body: [{ kind: 'paragraph', text: key('seminars.check_in_host.how') }],
    actions: [
      button(key('seminars.action.code'), to.code(date.id), { style: 'primary' }),
      button(key('seminars.action.people'), to.people(date.id)),
      ...wayIn(date),
    ],
  };
}
