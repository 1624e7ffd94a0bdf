import { BellhopError } from '../../../core/errors.js';
import { ref } from '../../../core/ref.js';
import { open } from '../../../core/reply.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { demandDate, demandOwnDate } from '../rights.js';
import { openFollowing } from '../scheduling/following.js';
import { DateRef, SeriesRef } from '../schema.js';
import { findSeries } from '../store-dates.js';

/** Before somebody fills in a form that would be refused anyway. */
function demandAhead({ clock }: HandlerContext, date: SeminarDate): void {
  if (date.state === 'cancelled') throw new BellhopError('seminars.date_cancelled');
  if (date.startsAt <= clock.now()) throw new BellhopError('seminars.date_begun');
}

const change = action({
  id: 'seminars.change_open',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    const date = await demandOwnDate(context, dateId);
    demandAhead(context, date);
    return open(ref('seminars.change', { dateId, seen: date.changedAt.getTime() }));
  },
});

const cancel = action({
  id: 'seminars.cancel_open',
  role: 'employee',
  payload: DateRef,
  run: async (context, { dateId }) => {
    demandAhead(context, await demandOwnDate(context, dateId));
    return open(ref('seminars.cancel', { dateId }));
  },
});

const follow = action({
  id: 'seminars.follow_open',
  role: 'manager',
  payload: DateRef,
  run: async (context, { dateId }) => {
    const date = await demandDate(context, dateId);
    demandAhead(context, date);
    return open(await openFollowing(context, date));
  },
});

const add = action({
  id: 'seminars.add_open',
  role: 'manager',
  payload: SeriesRef,
  run: async ({ db, organisation }, { seriesId }) => {
    if (!(await findSeries(db, organisation, seriesId))) throw new BellhopError('seminars.series_gone');
    return open(ref('seminars.add', { seriesId }));
  },
});

export const changeActions = [change, cancel, follow, add];
