import type { Db, Tx } from '../../../people/db.js';
import { atLocalTime, localDay } from '../../../people/hours.js';
import type { Organisation } from '../../../people/model.js';
import { planDates } from '../calendar/dates.js';
import type { SeminarDate, Series } from '../model.js';
import { planOf } from '../scheduling/fields.js';
import { type Held, matchDates, matchedAtMost, planChange } from './match-dates.js';
import { ruleDaysOf } from './store-changes.js';

type SeriesPlan = Series['plan'];

/** When a date takes place from now on. */
export interface NewTime {
  /** The day of the rule that it stands for; null: none. */
  readonly ruleDay: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** What a change of all that follows makes of the dates that are there. */
export interface Fates {
  readonly becomes: ReadonlyMap<string, NewTime>;
  /** The new rule has no day for them. */
  readonly cancelled: ReadonlySet<string>;
  /** The days of the new rule for which dates stand that were cancelled one by one: no other is made for these. */
  readonly stand: ReadonlyMap<string, string | null>;
  /** Whether the days of the rule are others, so that it may give more than there are. */
  readonly isNewRule: boolean;
}

export interface Change {
  readonly from: SeminarDate;
  /** The planned dates that follow, that one included. */
  readonly dates: readonly SeminarDate[];
  /** The plan as it would go on with this date, and as it goes on. */
  readonly goesOn: SeriesPlan;
  readonly plan: SeriesPlan;
}

/** Reads only. */
export async function fatesOf(organisation: Organisation, db: Db | Tx, change: Change, now: Date): Promise<Fates> {
  const { dates, goesOn, plan } = change;
  const ownDay = (date: SeminarDate): NewTime => ({ ruleDay: date.ruleDay, ...timeOn(date, goesOn, plan) });
  const kind = planChange(goesOn, plan);
  if (kind !== 'days')
    return { becomes: new Map(dates.map((date) => [date.id, ownDay(date)])), cancelled: new Set(), stand: new Map(), isNewRule: false };

  const rows = await ruleDaysOf(db, organisation.id, change.from.series.id);
  const held = heldBy(change, rows);
  const moving = new Set(held.filter(({ moves }) => moves).map(({ id }) => id));
  const known = { from: plan.firstDay, limit: matchedAtMost(goesOn, held) };
  const planned = (await planDates(planOf({ plan }, organisation), known)).filter(({ startsAt }) => startsAt > now);
  const before = new Map(
    (await planDates(planOf({ plan: goesOn }, organisation), { ...known, from: goesOn.firstDay })).map((each) => [each.ruleDay, each]),
  );
  // Whoever moved it alone meant it: it stays there for as long as the rule still gives its day.
  const isOwn = ({ ruleDay, startsAt }: SeminarDate): boolean =>
    ruleDay !== null && before.get(ruleDay)?.startsAt.getTime() !== startsAt.getTime();
  const matched = matchDates(goesOn, plan, held, planned);
  const becomes = new Map<string, NewTime>();
  const cancelled = new Set<string>();
  for (const date of dates) {
    const next = matched.get(date.id);
    if (next) becomes.set(date.id, next.ruleDay === date.ruleDay && isOwn(date) ? ownDay(date) : next);
    else if (moving.has(date.id) || isPastEnd(date, plan)) cancelled.add(date.id);
    else becomes.set(date.id, ownDay(date));
  }
  const given = new Set([...becomes.values()].map(({ ruleDay }) => ruleDay));
  const stand = new Map<string, string | null>();
  // Those that stand for a new day first: none of the others may keep it.
  for (const { id, ruleDay } of held.filter(({ moves }) => !moves).sort((a, b) => Number(matched.has(b.id)) - Number(matched.has(a.id)))) {
    const day = matched.get(id)?.ruleDay ?? ruleDay;
    stand.set(id, given.has(day) ? null : day);
    given.add(day);
  }
  return { becomes, cancelled, stand, isNewRule: true };
}

/**
 * The last day of the rule before a change of what follows, if there is one: the new rule begins later.
 * @param goesOn the plan as it would have gone on
 */
export async function lastDayBefore(
  db: Db | Tx,
  organisationId: string,
  seriesId: string,
  goesOn: SeriesPlan,
): Promise<string | undefined> {
  const rows = await ruleDaysOf(db, organisationId, seriesId);
  return rows
    .map(({ ruleDay }) => ruleDay)
    .filter((day) => day < goesOn.firstDay)
    .sort()
    .at(-1);
}

/** The dates of the old rule from its next day on. One date that is a rule of its own (once) is the rule's, wherever it was moved to. */
function heldBy({ from, dates, goesOn }: Change, rows: readonly { readonly id: string; readonly ruleDay: string }[]): Held[] {
  const ids = new Set(dates.map(({ id }) => id));
  const held = rows.filter(({ ruleDay }) => ruleDay >= goesOn.firstDay).map((row) => ({ ...row, moves: ids.has(row.id) }));
  const isAlone = goesOn.rhythm.kind === 'once' && !held.some(({ id }) => id === from.id);
  return isAlone ? [...held, { id: from.id, ruleDay: goesOn.firstDay, moves: true }] : held;
}

/** A date on its own day, at the new time and with the new length as far as the plan changes these. */
function timeOn({ startsAt, endsAt }: SeminarDate, before: SeriesPlan, after: SeriesPlan): Omit<NewTime, 'ruleDay'> {
  const isLater = before.minutes !== after.minutes || before.zone !== after.zone;
  const start = isLater ? atLocalTime(localDay(startsAt, before.zone), after.minutes, after.zone) : startsAt;
  const length = before.length === after.length ? endsAt.getTime() - startsAt.getTime() : after.length * 60_000;
  return { startsAt: start, endsAt: new Date(start.getTime() + length) };
}

/** Whether a date that no rule gives lies behind the day on which the series is to end now. */
function isPastEnd({ startsAt }: SeminarDate, { ending: { until }, zone }: SeriesPlan): boolean {
  return until !== undefined && localDay(startsAt, zone) > until;
}
