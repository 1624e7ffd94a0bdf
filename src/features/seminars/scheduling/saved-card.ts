import { button, type Card } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { instant, type KeyText, key, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { timesOf } from '../date-times.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { listFollowing } from '../store-dates.js';
import { loadSettings } from '../store-settings.js';
import { announcingOf, announcingText, announcingWarning } from './announcing.js';
import type { Saved } from './save-draft.js';
import { whenText } from './series-facts.js';

type Done = Extract<Saved, { kind: 'made' | 'followed' }>;

/** What was saved, and what happens next by itself. */
export async function savedCard(context: HandlerContext, saved: Done, now: Date): Promise<Card> {
  const { db, organisation, person } = context;
  const { series } = saved;
  const [next] = await listFollowing(db, organisation.id, series.id, now);
  const host = series.hostId === person.id ? undefined : await findPerson(db, organisation.id, series.hostId);
  const announcing = await announcingOf(db, organisation, series);
  const warning = announcingWarning(announcing, context.actor.platform);
  const lead = leadOf(saved);
  const times = next && (await timesNow(context, next, now));
  const told: Block[] = [
    ...(saved.kind === 'made' && host
      ? [{ kind: 'paragraph' as const, text: key('seminars.saved.host_told', { host: words(host.name) }) }]
      : []),
    ...(warning ? [{ kind: 'paragraph' as const, text: warning }] : []),
  ];
  return {
    summary: lead,
    title: words(series.title),
    lead,
    facts: [
      { label: key('seminars.plan.label_when'), value: whenText(series) },
      ...(next && times
        ? [
            { label: key('seminars.plan.label_next'), value: instant(next.startsAt, series.plan.zone) },
            { label: key('seminars.plan.label_announced'), value: announcingText(announcing, times.postAt ?? undefined) },
            {
              label: key('seminars.saved.label_reminder'),
              value: times.nextStageAt ? instant(times.nextStageAt) : key('seminars.saved.no_reminder'),
            },
          ]
        : []),
    ],
    body: told,
    actions: [
      ...(next ? [button(key('seminars.plan.open_date'), to.date(next.id), { style: 'primary' })] : []),
      button(key('seminars.plan.open_series'), to.series(series.id)),
    ],
  };
}

function leadOf(saved: Done): KeyText {
  const title = words(saved.series.title);
  if (saved.kind === 'made') return key('seminars.saved.made', { title });
  const { changed, cancelled, added, told } = saved.followed;
  return key('seminars.saved.followed', { title, changed, cancelled, added, told });
}

async function timesNow({ db, organisation }: HandlerContext, { startsAt, series }: SeminarDate, now: Date) {
  return timesOf({ startsAt, zone: series.plan.zone }, await loadSettings(db, organisation), false, now);
}
