import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { CommandInput, Verb } from '../../../core/feature.js';
import { type Reply, update, whisper } from '../../../core/reply.js';
import { commandWords, instant, key, words } from '../../../core/text.js';
import { refresh } from '../../../delivery/enqueue.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { demandDate, hostText } from '../rights.js';
import { DateRef } from '../schema.js';
import { hereCard } from './check-in-cards.js';
import { checkInKey } from './check-in-messages.js';
import { byCode, readCode } from './code.js';
import { findAttendance, holdDate, recordArrival } from './store-attendance.js';
import { openNow } from './store-code.js';
import { isLate, windowOf } from './times.js';

/**
 * Records that the actor is there: from 15 minutes before the start to 30 minutes after it, whoever it is. A repeat
 * tells since when.
 * @throws BellhopError `seminars.date_gone`, `seminars.here_cancelled`, `seminars.here_early`, `seminars.here_closed`,
 * `seminars.here_missed` for whom the host has recorded as missing
 */
async function arrive(context: HandlerContext, date: SeminarDate, via: 'button' | 'code'): Promise<Card> {
  const { db, organisation, person, clock } = context;
  const [arrived, attendance] = await inTransaction(db, async (tx) => {
    const now = clock.now();
    const held = await holdDate(tx, organisation.id, date.id);
    if (!held) throw new BellhopError('seminars.date_gone');
    const before = await findAttendance(tx, organisation.id, date.id, person.id);
    if (before?.attended && held.state === 'planned') return [false, before] as const;
    demandOpen({ ...date, state: held.state }, held.phase === 'over', now);
    if (before && !before.excused) throw new BellhopError('seminars.here_missed', { title: words(date.title), host: hostText(date) });
    const late = isLate(date, now);
    const arrival = { organisationId: organisation.id, dateId: date.id, personId: person.id, via, late };
    const isNew = await recordArrival(tx, arrival, now);
    await refresh(tx, organisation.id, [checkInKey(date, person.id)], now);
    // Pressed twice at once: the other press was first.
    const recorded = isNew ? undefined : await findAttendance(tx, organisation.id, date.id, person.id);
    return [isNew, recorded ?? { late, at: now }] as const;
  });
  return hereCard(date, attendance, !arrived);
}

function demandOpen(date: SeminarDate, over: boolean, now: Date): void {
  const title = words(date.title);
  const { opens, closes } = windowOf(date);
  if (date.state === 'cancelled') throw new BellhopError('seminars.here_cancelled', { title, start: instant(date.startsAt) });
  if (now < opens) throw new BellhopError('seminars.here_early', { title, opens: instant(opens), start: instant(date.startsAt) });
  if (now > closes || over) throw new BellhopError('seminars.here_closed', { title, closed: instant(closes), host: hostText(date) });
}

const here = action({
  id: 'seminars.here',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    const card = await arrive(context, await demandDate(context, dateId), 'button');
    // The post in a channel is everybody's: it stays as it is.
    return context.place.kind === 'direct' ? update(card) : whisper(card);
  },
});

/** `/seminar here 123456`; without a code, what can be done now. */
async function hereCommand(context: HandlerContext, input: Pick<CommandInput, 'text' | 'tokens'>): Promise<Reply> {
  if (input.tokens.some((token) => token.kind === 'person')) throw new BellhopError('seminars.here_other');
  if (input.text.trim() === '') return whisper(await openCard(context));
  return whisper(await arrive(context, await byCode(context, readCode(input.text)), 'code'));
}

/** The dates that one can check in to at this moment; those that the actor comes to, the others by their code. */
async function openCard(context: HandlerContext): Promise<Card> {
  const dates = await openNow(context.db, context.organisation.id, context.person.id, context.clock.now());
  const mine = dates.filter(({ isGoing }) => isGoing).map(({ date }) => date);
  const command = commandWords(context.actor.platform, 'seminar', 'here 123456');
  const lead = mine.length > 0 ? key('seminars.here.open', { count: mine.length }) : key('seminars.here.none');
  return {
    summary: lead,
    title: key('seminars.here.title'),
    lead,
    body: [{ kind: 'paragraph', text: key('seminars.here.by_code', { command }) }],
    rows: mine.map(openRow),
  };
}

function openRow(date: SeminarDate): Row {
  return {
    text: words(date.title),
    detail: instant(date.startsAt),
    action: button(key('seminars.action.here'), to.here(date.id), { style: 'primary' }),
  };
}

/** Both names do the same: one is what one would say, the other what it is called. */
const verb = (name: string, describe: Verb<HandlerContext>['describe']): Verb<HandlerContext> => ({
  name,
  role: 'employee',
  describe,
  usage: '[123456]',
  run: hereCommand,
});

export const checkInActions = [here];
export const checkInVerbs = [verb('here', key('seminars.verb.here')), verb('checkin', key('seminars.verb.checkin'))];
