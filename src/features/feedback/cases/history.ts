import { button, type Card } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { join, key, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { caseName } from '../labels.js';
import { to } from '../refs.js';
import { demandCase } from '../rights.js';
import type { Standing } from './changing.js';
import { eventLine, writtenWith } from './event-lines.js';
import { stateText } from './lines.js';
import { HistoryRef } from './schema.js';
import { shown } from './show.js';
import { type CaseEvent, listEvents } from './store-events.js';
import { findMessages } from './store-list.js';

/** What happened to a case, the latest first, with what was noted and written. */
async function historyCard({ db, organisation }: HandlerContext, { case: it }: Standing, offset: number): Promise<Card> {
  const { events, total } = await listEvents(db, organisation.id, it.id, { offset, limit: ROWS });
  const messages = await findMessages(db, organisation.id, it.id, events.flatMap(messageOf));
  const title = key('feedback.history.title', { case: caseName(it) });
  return {
    summary: join([title, stateText(it)], ': '),
    title,
    lead: stateText(it),
    body: events.flatMap((event): readonly Block[] => {
      const message = messages.get(messageOf(event)[0] ?? '');
      const written = event.words === '' && message ? [words(message)] : writtenWith(event);
      return [{ kind: 'paragraph', text: eventLine(event) }, ...written.map((text) => ({ kind: 'quote', text }) as const)];
    }),
    actions: [...turnRows(offset, total, (next) => to.history(it.id, next)), button(key('feedback.history.back'), to.case(it.id))],
    ...shownFooter(offset, events.length, total),
  };
}

const messageOf = ({ data: { messageId } }: CaseEvent): string[] => (typeof messageId === 'string' ? [messageId] : []);

export const historyAction = action({
  id: 'feedback.history',
  role: 'employee',
  payload: HistoryRef,
  run: async (context, { caseId, offset }) => shown(context, await historyCard(context, await demandCase(context, caseId), offset)),
});
