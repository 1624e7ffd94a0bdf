import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import { instant, key, words } from '../../../core/text.js';
import { enqueue } from '../../../delivery/enqueue.js';
import type { Tx } from '../../../people/db.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import type { Series } from '../model.js';
import { to } from '../refs.js';
import { findSeries, listFollowing } from '../store-dates.js';
import { whenText, whereFact } from './series-facts.js';

const HostingRef = z.object({ seriesId: z.uuid(), personId: z.uuid() });

/** Tells somebody once that they host a series, in the transaction that made it so. */
export async function tellHost(tx: Tx, organisationId: string, series: Pick<Series, 'id' | 'hostId'>, now: Date): Promise<void> {
  await enqueue(
    tx,
    {
      organisationId,
      subjectKey: `seminars.hosting:${series.id}:${series.hostId}`,
      message: 'seminars.hosting',
      payload: { seriesId: series.id, personId: series.hostId },
      to: { personId: series.hostId },
      // Somebody has just decided it, and the date may be near.
      priority: 'answer',
      dueAt: now,
    },
    now,
  );
}

async function hostingCard({ db, organisation, clock }: WorkContext, seriesId: string): Promise<Card> {
  const series = await findSeries(db, organisation, seriesId);
  if (!series) return { summary: key('seminars.errors.series_gone'), lead: key('seminars.errors.series_gone') };
  const [next] = await listFollowing(db, organisation.id, seriesId, clock.now());
  const lead = key('seminars.hosting.lead', { title: words(series.title) });
  return {
    summary: lead,
    title: words(series.title),
    lead,
    facts: [
      { label: key('seminars.plan.label_when'), value: whenText(series) },
      ...(next ? [{ label: key('seminars.plan.label_next'), value: instant(next.startsAt, series.plan.zone) }] : []),
      whereFact(series),
    ],
    body: series.purpose === '' ? [] : [{ kind: 'paragraph', text: words(series.purpose) }],
    actions: next
      ? [
          button(key('seminars.plan.open_date'), to.date(next.id), { style: 'primary' }),
          button(key('seminars.plan.open_agenda'), to.agenda(next.id)),
        ]
      : [],
    footer: key('seminars.hosting.footer'),
  };
}

/** "You host this": when, where, and what one can do about it. */
export const hosting = message({
  id: 'seminars.hosting',
  payload: HostingRef,
  guard: async ({ db, organisation }, { seriesId, personId }) => {
    const series = await findSeries(db, organisation, seriesId);
    if (!series || series.endedAt !== null) return 'seminars.series_gone';
    return series.hostId === personId ? null : 'seminars.not_host';
  },
  card: async (context, { seriesId }) => await hostingCard(context, seriesId),
});
