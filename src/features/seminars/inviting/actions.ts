import { type Action, button, type Card, notice } from '../../../core/card.js';
import { file, type OutgoingFile, type Reply, whisper, whisperSecret } from '../../../core/reply.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { calendarFile } from '../calendar/ics.js';
import { addLinks } from '../calendar/links.js';
import { dateCard } from '../looking/date-card.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { demandDate } from '../rights.js';
import { DateRef, Nothing } from '../schema.js';
import { eventOf } from './event.js';
import { feedAddress, ownToken, personCalendar, renewToken } from './feed.js';
import { calendarFileRef, feedFileRef, feedRef, feedRenewRef } from './refs.js';

/** The reader's own calendar address, with how to use it; where Bellhop has no address of its own, a file instead. */
export async function feedReply(context: HandlerContext): Promise<Reply> {
  const { publicUrl } = context;
  if (publicUrl === undefined) return whisper(fileInsteadCard());
  return whisperSecret(feedCard(feedAddress(publicUrl, await ownToken(context)), key('seminars.feed.lead')));
}

function feedCard(address: string, lead: Text): Card {
  return {
    summary: lead,
    title: key('seminars.feed.title'),
    lead,
    body: [
      { kind: 'rich', blocks: [{ kind: 'preformatted', text: address }] },
      { kind: 'heading', text: key('seminars.feed.how') },
      { kind: 'paragraph', text: key('seminars.feed.how_outlook') },
      { kind: 'paragraph', text: key('seminars.feed.how_google') },
      { kind: 'paragraph', text: key('seminars.feed.how_apple') },
    ],
    actions: [
      button(key('seminars.action.mine'), to.mine()),
      button(key('seminars.feed.renew'), feedRenewRef(), {
        style: 'danger',
        confirm: {
          title: key('seminars.feed.renew_title'),
          text: key('seminars.feed.renew_text'),
          yes: key('seminars.feed.renew_yes'),
          no: key('core.ui.cancel'),
        },
      }),
    ],
    footer: key('seminars.feed.secret'),
  };
}

function fileInsteadCard(): Card {
  const lead = key('seminars.feed.no_address');
  return {
    summary: lead,
    title: key('seminars.feed.title'),
    lead,
    body: [{ kind: 'paragraph', text: key('seminars.feed.file_instead') }],
    actions: [button(key('seminars.feed.file'), feedFileRef(), { style: 'primary' }), button(key('seminars.action.mine'), to.mine())],
  };
}

/** Ways to put one date into a calendar. */
async function addCard(context: HandlerContext, date: SeminarDate): Promise<Card> {
  const lead = key('seminars.calendar.lead', { title: words(date.title), at: instant(date.startsAt) });
  const links = addLinks(eventOf(context, date, context.reader));
  const actions: readonly Action[] = [
    { kind: 'link', label: key('seminars.calendar.google'), url: links.google },
    { kind: 'link', label: key('seminars.calendar.outlook'), url: links.outlook },
    button(key('seminars.calendar.file'), calendarFileRef(date.id)),
    button(key('seminars.action.feed'), feedRef()),
  ];
  return {
    summary: lead,
    title: key('seminars.calendar.title'),
    lead,
    actions,
    footer: key('seminars.calendar.no_updates'),
  };
}

const calendarOf = (name: string, content: string): OutgoingFile => ({
  name,
  mime: 'text/calendar; charset=utf-8',
  content: Buffer.from(content),
});

/** Whether there is anything to put into a calendar still. */
const isToCome = (date: SeminarDate, now: Date): boolean => date.state === 'planned' && date.endsAt > now;

export const invitingActions = [
  action({ id: 'seminars.feed', role: 'employee', payload: Nothing, run: feedReply }),
  action({
    id: 'seminars.feed_renew',
    role: 'employee',
    payload: Nothing,
    run: async (context) => {
      const { publicUrl } = context;
      if (publicUrl === undefined) return whisper(fileInsteadCard());
      return whisperSecret(feedCard(feedAddress(publicUrl, await renewToken(context)), key('seminars.feed.renewed')));
    },
  }),
  action({
    id: 'seminars.feed_file',
    role: 'employee',
    payload: Nothing,
    run: async (context) => {
      const content = await personCalendar(context, context.person.id, context.reader);
      return file(calendarOf('bellhop.ics', content), notice(key('seminars.feed.file_ready')));
    },
  }),
  action({
    id: 'seminars.calendar',
    role: 'employee',
    payload: DateRef,
    run: async (context, { dateId }) => {
      const date = await demandDate(context, dateId);
      return whisper(await (isToCome(date, context.clock.now()) ? addCard : dateCard)(context, date));
    },
  }),
  action({
    id: 'seminars.calendar_file',
    role: 'employee',
    payload: DateRef,
    run: async (context, { dateId }) => {
      const date = await demandDate(context, dateId);
      if (!isToCome(date, context.clock.now())) return whisper(await dateCard(context, date));
      const event = eventOf(context, date, context.reader);
      const day = localDay(date.startsAt, context.reader.zone);
      const ready = key('seminars.calendar.file_ready', { title: words(date.title) });
      return file(calendarOf(`seminar-${day}.ics`, calendarFile({ method: 'PUBLISH', events: [event] })), notice(ready));
    },
  }),
];
