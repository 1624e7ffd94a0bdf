import { button, notice } from '../../../core/card.js';
import { instant, key, person, words } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { findDate } from '../store-dates.js';
import { decidedCard, itemCard } from './agenda-card.js';
import { isOpen, takesTopics } from './agenda-view.js';
import { shortened, shownItems } from './lines.js';
import type { ShownItem } from './model.js';
import { TopicTold } from './schema.js';
import { findItem } from './store-items.js';

interface Loaded {
  readonly date: SeminarDate;
  /** Undefined once its author was erased. */
  readonly item: ShownItem | undefined;
}

async function load(context: WorkContext, itemId: string): Promise<Loaded | undefined> {
  const found = await findItem(context.db, context.organisation.id, itemId);
  const date = found && (await findDate(context.db, context.organisation.id, found.dateId));
  if (!found || !date) return undefined;
  const [item] = await shownItems(context, date.id, [found]);
  return { date, item };
}

/** To the host: somebody proposes a topic. */
const proposed = message({
  id: 'seminars.topic_proposed',
  payload: TopicTold,
  guard: async (context, { itemId }) => {
    const found = await load(context, itemId);
    if (!found?.item) return 'gone';
    if (!takesTopics(found.date, context.clock.now())) return 'past';
    return found.item.state === 'proposed' ? null : found.item.state;
  },
  card: async (context, { itemId }) => {
    const found = await load(context, itemId);
    if (!found) return notice(key('seminars.errors.item_gone'));
    return itemCard(found.date, found.item, { here: false, open: isOpen(found.date, context.clock.now()) });
  },
  line: async (context, { itemId }) => {
    const found = await load(context, itemId);
    if (!found?.item) return { text: key('seminars.errors.item_gone') };
    const { date, item } = found;
    return {
      text: key('seminars.topic.line_by', {
        person: person(item.proposedByName),
        topic: shortened(item.text),
        seminar: words(date.title),
      }),
      action: button(key('seminars.action.agenda'), to.agenda(date.id)),
    };
  },
});

/** To whoever proposed it: what became of it. */
const decided = message({
  id: 'seminars.topic_decided',
  payload: TopicTold,
  guard: async (context, { itemId }) => {
    const found = await load(context, itemId);
    if (!found?.item) return 'gone';
    if (!isOpen(found.date, context.clock.now())) return 'past';
    return found.item.state === 'proposed' ? 'undecided' : null;
  },
  card: async (context, { itemId }) => {
    const found = await load(context, itemId);
    return found?.item ? decidedCard(found.date, found.item) : notice(key('seminars.errors.item_gone'));
  },
  line: async (context, { itemId }) => {
    const found = await load(context, itemId);
    if (!found?.item) return { text: key('seminars.errors.item_gone') };
    const { date, item } = found;
    const params = { topic: shortened(item.text), seminar: words(date.title), when: instant(date.startsAt) };
    return {
      text: item.state === 'accepted' ? key('seminars.topic.taken_up', params) : key('seminars.topic.not_this_time', params),
      action: button(key('seminars.agenda.to_date'), to.date(date.id)),
    };
  },
});

export const topicMessages = [proposed, decided];
