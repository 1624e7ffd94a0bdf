import { button, CARD_LIMITS } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { date as day, key, person, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { within } from './refs.js';
import { listWaiting } from './store-items.js';
import { listOpenOf } from './store-tasks.js';

const ROWS = CARD_LIMITS.rows;

/** What waits: my action items, and topics that others proposed for what I host. */
export async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  const { db, organisation, person: actor, reader, clock } = context;
  const now = clock.now();
  const [tasks, topics] = await Promise.all([
    listOpenOf(db, organisation.id, actor.id),
    listWaiting(db, organisation.id, actor.id, now, ROWS),
  ]);
  const today = localDay(now, reader.zone);
  const sections: HomeSection[] = [];
  if (tasks.length > 0) {
    const lead = key('seminars.task.home_lead', { count: tasks.length });
    const rows = tasks.slice(0, ROWS).map((task) => ({
      text: words(task.words),
      detail: key(task.dueOn < today ? 'seminars.task.row_late' : 'seminars.task.row_due', { due: day(task.dueOn) }),
      action: button(key('core.ui.open'), within.task(task.id)),
    }));
    const more = tasks.length > ROWS ? [button(key('seminars.task.see_all'), within.tasks())] : [];
    sections.push({ slot: 'waiting', card: { summary: lead, title: key('seminars.task.mine_title'), lead, rows, actions: more } });
  }
  if (topics.length > 0) {
    const lead = key('seminars.topic.home_lead', { count: topics.length });
    const rows = topics.map((item) => ({
      text: words(item.topic),
      ...(item.proposedByName !== '' && { detail: key('seminars.agenda.by', { person: person(item.proposedByName) }) }),
      action: button(key('core.ui.open'), ref('seminars.item', { itemId: item.id })),
    }));
    sections.push({ slot: 'waiting', card: { summary: lead, title: key('seminars.topic.home_title'), lead, rows } });
  }
  return sections;
}
