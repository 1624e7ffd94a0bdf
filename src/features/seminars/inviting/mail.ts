import type { Card, LinkAction } from '../../../core/card.js';
import type { MailContent } from '../../../core/mail.js';
import type { Block } from '../../../core/rich.js';
import { instant, key, list, type Reader, type Text, words } from '../../../core/text.js';
import { mail, type WorkContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { calendarFile } from '../calendar/ics.js';
import { differences, findChange, type LookPart } from '../changing/store-changes.js';
import { placeText, whenText } from '../looking/texts.js';
import type { SeminarDate } from '../model.js';
import { hostText } from '../rights.js';
import { findDate } from '../store-dates.js';
import { eventOf } from './event.js';
import { INVITATION } from './invite.js';
import { InvitationRef } from './schema.js';
import { changeAt, isGoing, isOvertaken, lastTold } from './store-invitations.js';

/** What a mail has to tell, beside its calendar. */
type News = 'invited' | 'changed' | 'cancelled' | 'withdrawn';

/** A date for somebody's calendar, its changes, and that it is taken back. */
export const invitation = mail({
  id: INVITATION,
  payload: InvitationRef,
  guard: async ({ db, organisation }, { dateId, personId, nth, method }) => {
    if (await isOvertaken(db, organisation.id, dateId, personId, nth)) return 'overtaken';
    if (method === 'CANCEL') {
      // Whom nothing was sent to has nothing to take out of the calendar.
      return (await lastTold(db, organisation.id, dateId, personId, nth)) === 'REQUEST' ? null : 'not_invited';
    }
    const date = await findDate(db, organisation.id, dateId);
    if (date?.state !== 'planned') return 'cancelled';
    return date.hostId === personId || (await isGoing(db, organisation.id, dateId, personId)) ? null : 'not_going';
  },
  compose: async (context, { dateId, personId, nth, sequence, method }, reader, { from, to }): Promise<MailContent> => {
    const { db, organisation, clock } = context;
    const [date, attendee] = await Promise.all([findDate(db, organisation.id, dateId), findPerson(db, organisation.id, personId)]);
    if (!date) throw new Error(`There is no date ${dateId}.`);
    const news = await newsOf(context, date, { dateId, personId, nth, sequence, method });
    const event = eventOf(context, date, reader, {
      sequence,
      stampedAt: clock.now(),
      organiserEmail: from.address,
      attendee: { name: attendee?.name ?? '', email: to, accepted: method === 'REQUEST' ? 'yes' : 'no' },
    });
    return {
      subject: subjectOf(news, date),
      card: await cardOf(context, date, news, reader),
      calendar: { method, content: calendarFile({ method, events: [event] }) },
    };
  },
});

async function newsOf(context: WorkContext, date: SeminarDate, { method, personId, nth }: InvitationRef): Promise<News> {
  if (method === 'CANCEL') return date.state === 'cancelled' ? 'cancelled' : 'withdrawn';
  const told = await lastTold(context.db, context.organisation.id, date.id, personId, nth);
  return told === 'REQUEST' ? 'changed' : 'invited';
}

function subjectOf(news: News, date: SeminarDate): Text {
  const params = { title: words(date.title), at: instant(date.startsAt) };
  switch (news) {
    case 'invited':
      return key('seminars.mail.subject_invited', params);
    case 'changed':
      return key('seminars.mail.subject_changed', params);
    case 'cancelled':
      return key('seminars.mail.subject_cancelled', params);
    case 'withdrawn':
      return key('seminars.mail.subject_withdrawn', params);
  }
}

async function cardOf(context: WorkContext, date: SeminarDate, news: News, reader: Reader): Promise<Card> {
  const lead = leadOf(news, date);
  const holds = news === 'invited' || news === 'changed';
  const joins: readonly LinkAction[] =
    holds && date.link !== '' ? [{ kind: 'link', label: key('seminars.action.join'), url: date.link }] : [];
  return {
    summary: lead,
    title: words(date.title),
    lead,
    facts: [
      { label: key('seminars.fact.when'), value: whenText(date, reader.zone) },
      ...(holds ? [{ label: key('seminars.fact.place'), value: placeText(date) }] : []),
      { label: key('seminars.fact.host'), value: hostText(date) },
    ],
    body: await bodyOf(context, date, news),
    actions: joins,
    footer: holds ? key('seminars.mail.how_to_answer') : key('seminars.mail.more_in_chat'),
  };
}

function leadOf(news: News, date: SeminarDate): Text {
  const title = words(date.title);
  switch (news) {
    case 'invited':
      return key('seminars.mail.invited', { title });
    case 'changed':
      return key('seminars.mail.changed', { title });
    case 'cancelled':
      return key('seminars.mail.cancelled', { title });
    case 'withdrawn':
      return key('seminars.mail.withdrawn', { title });
  }
}

async function bodyOf({ db, organisation }: WorkContext, date: SeminarDate, news: News): Promise<readonly Block[]> {
  if (news === 'cancelled') return date.cancelWords === '' ? [] : [{ kind: 'quote', text: words(date.cancelWords) }];
  if (news === 'withdrawn') return [];
  if (news === 'invited') return date.series.purpose === '' ? [] : [{ kind: 'paragraph', text: words(date.series.purpose) }];
  const id = await changeAt(db, organisation.id, date.series.id, date.changedAt);
  const change = id === undefined ? undefined : await findChange(db, organisation.id, id);
  const own = change?.dates.find(({ dateId }) => dateId === date.id);
  const parts = own?.before && own.after ? partsOf(differences(own.before, own.after)) : [];
  return [
    ...(parts.length > 0 ? [{ kind: 'paragraph' as const, text: key('seminars.mail.what_changed', { parts: list(parts) }) }] : []),
    ...(change && change.words !== '' ? [{ kind: 'quote' as const, text: words(change.words) }] : []),
  ];
}

/** What of a date is another now, each once: a new start moves the end too. */
function partsOf(changed: readonly LookPart[]): readonly Text[] {
  const is = (part: LookPart) => changed.includes(part);
  return [
    ...(is('title') ? [key('seminars.mail.part_title')] : []),
    ...(is('startsAt') ? [key('seminars.mail.part_time')] : is('endsAt') ? [key('seminars.mail.part_length')] : []),
    ...(is('place') ? [key('seminars.mail.part_place')] : []),
    ...(is('link') ? [key('seminars.mail.part_link')] : []),
    ...(is('hostId') ? [key('seminars.mail.part_host')] : []),
  ];
}
