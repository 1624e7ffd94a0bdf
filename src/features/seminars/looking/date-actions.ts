import { type Action, button } from '../../../core/card.js';
import { key } from '../../../core/text.js';
import { within } from '../attending/refs.js';
import { opinionsClose, type Step, stepAt } from '../attending/times.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import type { Standing } from './store-standing.js';

/** Where a date stands: cancelled, or where it is in time. */
export type Stage = 'cancelled' | Step;

export const stageOf = (date: Pick<SeminarDate, 'state' | 'startsAt' | 'endsAt'>, now: Date): Stage =>
  date.state === 'cancelled' ? 'cancelled' : stepAt(date, now);

export interface ActionState {
  readonly stage: Stage;
  readonly standing: Standing;
  readonly now: Date;
  /** Host or manager. */
  readonly runs: boolean;
  /** Only managers change a whole series. */
  readonly manages: boolean;
  /** The date's own host, who comes anyway. */
  readonly hosts: boolean;
}

/** What the reader can do about a date, the most wanted first; from the fourth on they lie in the menu. */
export function dateActions(date: SeminarDate, state: ActionState): readonly Action[] {
  const [main, more, run] = [mainActions(date, state), moreActions(date, state), state.runs ? runActions(date, state) : []];
  // Hosts come anyway: what they have to do leads, first the agenda, then the code for those who arrive.
  if (!state.hosts || (state.stage !== 'ahead' && state.stage !== 'open')) return [...main, ...more, ...run];
  const first =
    state.stage === 'ahead'
      ? button(key('seminars.action.agenda'), to.agenda(date.id))
      : button(key('seminars.action.code'), to.code(date.id), { style: 'primary' });
  return [first, ...[...run, ...more, ...main].filter((action) => action.kind === 'link' || action.ref.id !== first.ref.id)];
}

function mainActions(date: SeminarDate, { stage, standing, hosts, now }: ActionState): readonly Action[] {
  if (stage === 'cancelled') return [button(key('seminars.action.list'), to.list())];
  const checkIn =
    stage === 'open' && standing.attended !== true
      ? [button(key('seminars.action.here'), to.here(date.id), hosts ? {} : { style: 'primary' })]
      : [];
  const join = date.link !== '' && stage !== 'over' ? [{ kind: 'link' as const, label: key('seminars.action.join'), url: date.link }] : [];
  if (stage === 'over') {
    const recap = standing.hasRecap ? [button(key('seminars.action.recap'), within.recap(date.id), { style: 'primary' })] : [];
    return [...recap, button(key('seminars.action.afterwards'), to.afterwards(date.id))];
  }
  if (date.startsAt <= now) return [...checkIn, ...join];
  return [...checkIn, ...answerActions(date, standing, checkIn.length === 0 && !hosts), ...join];
}

/** The answers that the reader has not given. */
export function answerActions({ id }: Pick<SeminarDate, 'id'>, { answer }: Pick<Standing, 'answer'>, leads = true): readonly Action[] {
  const going = button(key('seminars.action.going'), to.going(id), leads ? { style: 'primary' } : {});
  return [
    ...(answer === 'going' || answer === 'waiting' ? [] : [going]),
    ...(answer === 'cant' ? [] : [button(key('seminars.action.cant'), to.cant(id))]),
    ...(answer === 'maybe' ? [] : [button(key('seminars.action.maybe'), to.maybe(id))]),
  ];
}

function moreActions(date: SeminarDate, { stage, standing, hosts, now }: ActionState): readonly Action[] {
  if (stage === 'cancelled') return [];
  const begun = date.startsAt <= now;
  const saysWhat = stage === 'over' && standing.attended === true && !hosts && !standing.hasSaid && now < opinionsClose(date);
  const preReading = readingLink(date);
  return [
    ...(preReading && !begun ? [{ kind: 'link' as const, label: key('seminars.action.read'), url: preReading }] : []),
    ...(stage === 'over' ? [] : [button(key('seminars.action.calendar'), to.calendar(date.id))]),
    ...(begun ? [] : [button(key('seminars.action.topic'), to.topic(date.id))]),
    ...(stage === 'over' ? [] : [button(key('seminars.action.agenda'), to.agenda(date.id))]),
    ...(saysWhat ? [button(key('seminars.action.say'), to.say(date.id))] : []),
    ...(begun && stage !== 'over' ? [button(key('seminars.action.afterwards'), to.afterwards(date.id))] : []),
  ];
}

function runActions(date: SeminarDate, { stage, now, manages }: ActionState): readonly Action[] {
  const begun = date.startsAt <= now;
  const people = button(key('seminars.action.people'), to.people(date.id));
  const all = button(key('seminars.action.series'), to.series(date.series.id));
  if (stage === 'cancelled') return [people, all];
  return [
    people,
    ...(begun
      ? []
      : [
          button(key('seminars.action.change'), to.change(date.id)),
          ...(manages ? [button(key('seminars.action.change_following'), to.changeFollowing(date.id))] : []),
          button(key('seminars.action.cancel'), to.cancel(date.id)),
        ]),
    ...(stage === 'over'
      ? [button(key('seminars.action.opinions'), to.opinions(date.id))]
      : [button(key('seminars.action.code'), to.code(date.id))]),
    ...(begun ? [] : [button(key('seminars.action.afterwards'), to.afterwards(date.id))]),
    all,
  ];
}

/** The address of the pre-reading, where it is one; undefined where it is words. */
export function readingLink({ series }: Pick<SeminarDate, 'series'>): string | undefined {
  const { preReading } = series;
  return /^https?:\/\/\S+$/i.test(preReading) ? preReading : undefined;
}
