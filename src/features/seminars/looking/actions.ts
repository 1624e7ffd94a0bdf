import { action } from '../../../people/handlers.js';
import { demandDate } from '../rights.js';
import { dateCard } from './date-card.js';
import { listCard } from './list.js';
import { mineCard } from './mine.js';
import { DatePage, ListPage, show, withWayBack } from './pages.js';

export const lookingActions = [
  action({
    id: 'seminars.list',
    role: 'employee',
    payload: ListPage,
    run: async (context, { offset, turn }) => show(await listCard(context, offset), turn === true),
    current: async (context) => await listCard(context, 0),
  }),
  action({
    id: 'seminars.mine',
    role: 'employee',
    payload: ListPage,
    run: async (context, { offset, turn }) => show(await mineCard(context, offset), turn === true),
    current: async (context) => await mineCard(context, 0),
  }),
  action({
    id: 'seminars.date',
    role: 'employee',
    payload: DatePage,
    run: async (context, { dateId, ...from }) => {
      const card = await dateCard(context, await demandDate(context, dateId));
      return show(withWayBack(card, from), from.list !== undefined || from.mine !== undefined);
    },
    current: async (context) => await listCard(context, 0),
  }),
];
