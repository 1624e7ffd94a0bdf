import { z } from 'zod';
import type { Sweep, Verb } from '../../../core/feature.js';
import { say, update } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { enqueueJob } from '../../../delivery/jobs.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext, job, message, type WorkContext } from '../../../people/handlers.js';
import { atLocalTime, localDay } from '../../../people/hours.js';
import { flagMonthEnd, flagPatterns, refreshFlag } from './flags.js';
import { flagCard, flagFor, flagLine, flagsCard } from './flags-cards.js';
import { endedMonth } from './rules.js';
import { FlagRef, FlagTo, Rows } from './schema.js';
import { findFlag, seeFlag } from './store-flags.js';

const show = action({
  id: 'recognition.flag_show',
  role: 'manager',
  payload: FlagRef,
  run: async (context, { flagId }) => {
    await flagFor(context, flagId, context.person.id);
    return update(await flagCard(context, flagId, context.person.id));
  },
});

const seen = action({
  id: 'recognition.flag_seen',
  role: 'manager',
  payload: FlagRef,
  run: async (context, { flagId }) => {
    const { db, organisation, person } = context;
    await flagFor(context, flagId, person.id);
    await inTransaction(db, async (tx) => {
      const now = context.clock.now();
      // Seen by somebody else a moment ago: the card tells who.
      if (!(await seeFlag(tx, organisation.id, flagId, person.id, now))) return;
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.flag_seen', subjectId: flagId };
      await recordEvent(tx, act, now);
      await refreshFlag(context, tx, flagId);
    });
    return update(await flagCard(context, flagId, person.id));
  },
});

const list = action({
  id: 'recognition.flags',
  role: 'manager',
  payload: Rows,
  run: async (context, { offset }) => update(await flagsCard(context, offset)),
});

const verb: Verb<HandlerContext> = {
  name: 'flags',
  role: 'manager',
  describe: key('recognition.verb.flags'),
  run: async (context) => say(await flagsCard(context, 0)),
};

const told = message({
  id: 'recognition.flag',
  payload: FlagTo,
  guard: async ({ db, organisation }, { flagId, personId }) => {
    const flag = await findFlag(db, organisation.id, flagId);
    if (!flag || flag.personIds.includes(personId)) return 'not_theirs';
    return flag.seenAt === null ? null : 'seen';
  },
  card: async (context, { flagId, personId }) => await flagCard(context, flagId, personId),
  line: async (context, { flagId }) => await flagLine(context, flagId),
});

const MINUTE_MS = 60_000;
/** What one tick looks at: the ticks before it may have been missed, and looking twice does no harm. */
const TICK_MS = 15 * MINUTE_MS;
/** What the daily look goes back to: two days, so that a day on which the bot was down for hours is looked at as a whole. */
const DAILY_MS = 48 * 60 * MINUTE_MS;
/** When the daily look is due, minutes after midnight in the organisation's zone: before anybody is at work. */
const DAILY_AT = 5 * 60;

/** At each tick what was just given; once a day everything of two days, and the end of the month. */
const look: Sweep<WorkContext> = {
  id: 'recognition.flags',
  run: async (context) => {
    const { db, organisation, clock } = context;
    const now = clock.now();
    const day = localDay(now, organisation.zone);
    await inTransaction(db, async (tx) => {
      await flagPatterns(context, tx, new Date(now.getTime() - TICK_MS));
      if (now < atLocalTime(day, DAILY_AT, organisation.zone)) return;
      const subjectKey = `recognition.flags:${day}`;
      await enqueueJob(tx, { organisationId: organisation.id, subjectKey, kind: 'recognition.flags', payload: { day }, dueAt: now }, now);
    });
  },
};

const daily = job({
  kind: 'recognition.flags',
  payload: z.object({ day: z.iso.date() }),
  run: async (context, { day }) => {
    await flagPatterns(context, context.tx, new Date(context.clock.now().getTime() - DAILY_MS));
    const month = endedMonth(day);
    if (month !== undefined) await flagMonthEnd(context, context.tx, month);
    return { done: true };
  },
});

/** Patterns that managers may want to look at: found by themselves, punished by nobody. */
export const flags = { verb, actions: [show, seen, list], messages: [told], sweeps: [look], jobs: [daily] };
