import { z } from 'zod';
import type { Card } from '../../../core/card.js';
import type { Sweep } from '../../../core/feature.js';
import { enqueue, refresh } from '../../../delivery/enqueue.js';
import { keepPicture, removePicture } from '../../../delivery/pictures.js';
import { inTransaction } from '../../../people/db.js';
import { type JobContext, message, type WorkContext } from '../../../people/handlers.js';
import { organisationReader } from '../../../people/people.js';
import { peopleOf } from '../giving/messages.js';
import { findManyKudos } from '../giving/store-kudos.js';
import { loadFaces } from '../giving/store-names.js';
import { subject } from '../model.js';
import { addMonths } from '../periods.js';
import { loadSettings } from '../store-settings.js';
import { invitationCard, recapCard, varied } from './recap-card.js';
import { chartOf, localised, type Recap } from './recap-chart.js';
import { type DueRecap, dueRecap, startOf } from './recap-rules.js';
import { countKudos, isKept, isOnItsWay, monthFigures, recapsThatShow, spanOf, usedBefore } from './store-recap.js';
import { bestStories } from './store-stories.js';
import { topPeople, topTeams } from './store-top.js';

/** How many are named. */
const LEADERS = 5;
const TEAMS = 3;
const STORIES = 3;
/** Stories that are looked at, since some may tell the same. */
const CANDIDATES = 12;
/** A chart that can't be drawn is tried again for so long, in ms; then the recap goes without it. */
const DRAWING_PATIENCE_MS = 60 * 60_000;

/** `pictureId`: null where none could be drawn. `shown`: ids of the people whose names stand in the picture, by commas. */
const RecapDelivery = z.object({ month: z.string().regex(/^\d{4}-\d{2}$/), pictureId: z.uuid().nullable(), shown: z.string() });

async function loadRecap({ db, organisation }: WorkContext, month: string): Promise<Recap> {
  const board = { organisationId: organisation.id, period: month, valueId: null };
  const [figures, before, leaders] = await Promise.all([
    monthFigures(db, organisation, month),
    countKudos(db, organisation, addMonths(month, -1)),
    topPeople(db, board, LEADERS),
  ]);
  return { ...figures, month, before, leaders: leaders.filter(({ points }) => points > 0) };
}

const recap = message({
  id: 'recognition.recap',
  payload: RecapDelivery,
  card: async (context, { month, pictureId }): Promise<Card> => {
    const { db, organisation } = context;
    const found = await loadRecap(context, month);
    if (found.kudos === 0) return invitationCard(month);
    const [teams, ids, kept] = await Promise.all([
      topTeams(db, { organisationId: organisation.id, period: month, valueId: null }, TEAMS),
      bestStories(db, organisation.id, spanOf(month, organisation.zone), CANDIDATES),
      pictureId !== null && isKept(db, organisation.id, pictureId),
    ]);
    const byId = await findManyKudos(db, organisation.id, ids);
    const stories = varied(ids.flatMap((id) => byId.get(id) ?? [])).slice(0, STORIES);
    const faces = await loadFaces(db, organisation.id, stories.flatMap(peopleOf));
    return recapCard(found, { teams, stories, faces, pictureId: kept && pictureId !== null ? pictureId : undefined });
  },
});

/** On the first working day of a month: what the month before was like, in the channel for kudos. */
const monthly: Sweep<WorkContext> = {
  id: 'recognition.recap',
  run: async (context) => {
    const { db, clock, organisation } = context;
    const due = dueRecap(clock.now(), organisation);
    if (!due || (await isOnItsWay(db, organisation.id, subject.recap(due.month)))) return;
    const { channelId } = await loadSettings(db, organisation);
    if (channelId === null) return;
    const found = await loadRecap(context, due.month);
    // A quiet month is told of where kudos were known before it ended: not to those who began this morning.
    if (found.kudos === 0 && !(await usedBefore(db, organisation.id, startOf(addMonths(due.month, 1), organisation.zone)))) return;
    const picture = found.kudos > 0 ? await draw(context, found, due) : undefined;
    await inTransaction(db, async (tx) => {
      const now = clock.now();
      const pictureId = picture
        ? await keepPicture(tx, { organisationId: organisation.id, mime: 'image/png', content: picture }, now)
        : null;
      const shown = picture ? found.leaders.map(({ id }) => id).join(',') : '';
      await enqueue(
        tx,
        {
          organisationId: organisation.id,
          subjectKey: subject.recap(due.month),
          message: 'recognition.recap',
          payload: { month: due.month, pictureId, shown },
          to: { channelId },
          priority: 'bulk',
          dueAt: now,
          expiresAt: due.until,
        },
        now,
      );
    });
  },
};

/** @returns undefined when it could not be drawn for an hour; throws until then, so that the next tick tries again */
async function draw(context: WorkContext, found: Recap, due: DueRecap): Promise<Uint8Array | undefined> {
  try {
    return await context.charts.bars(localised(chartOf(found), context.localise, organisationReader(context.organisation)));
  } catch (error) {
    if (context.clock.now().getTime() - due.from.getTime() < DRAWING_PATIENCE_MS) throw error;
    context.log.error({ err: error, month: due.month }, 'The chart of a recap could not be drawn; the recap goes without it.');
    return undefined;
  }
}

/** Takes away the pictures that show somebody's name; the recaps' cards say in words what is left of them. */
export async function eraseFromRecaps({ tx, organisation, clock }: JobContext, personId: string): Promise<void> {
  const recaps = await recapsThatShow(tx, organisation.id, personId);
  for (const { pictureId } of recaps) await removePicture(tx, organisation.id, pictureId);
  await refresh(
    tx,
    organisation.id,
    recaps.map(({ subjectKey }) => subjectKey),
    clock.now(),
  );
}

export const recapMessages = [recap];
export const recapSweeps = [monthly];
