import { BellhopError } from '../../../core/errors.js';
import { type KeyText, key } from '../../../core/text.js';
import { checkAudience } from '../../../people/audience.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { checkPlan, planErrors } from '../calendar/check.js';
import { type Followed, followSeries } from '../changing/follow.js';
import type { Series } from '../model.js';
import { findSeries } from '../store-dates.js';
import { createSeries } from './create-series.js';
import { planOf } from './fields.js';
import { tellHost } from './hosting.js';
import { hostName } from './series-facts.js';
import { type Draft, lockDraft, settleDraft } from './store-drafts.js';
import { isChangedSince } from './store-series.js';

/** What came of saving a draft. `mend`: it can't be saved as it is any more. */
export type Saved =
  | { readonly kind: 'made'; readonly series: Series }
  | { readonly kind: 'followed'; readonly series: Series; readonly followed: Followed }
  | { readonly kind: 'mend'; readonly text: KeyText }
  | { readonly kind: 'before'; readonly seriesId: string };

/**
 * Saves a draft: a new series with its dates, or what follows upon a date of an old one. Of two attempts at once, one saves.
 * @throws BellhopError `seminars.draft_gone`; what followSeries throws
 */
export async function saveDraft(context: HandlerContext, draftId: string, now: Date): Promise<Saved> {
  try {
    return await save(context, draftId, now);
  } catch (error) {
    // What others have done meanwhile: nothing was saved, and the draft can be mended.
    if (error instanceof BellhopError && MENDABLE.has(error.code)) return { kind: 'mend', text: key(error.key, error.params) };
    throw error;
  }
}

const MENDABLE: ReadonlySet<string> = new Set(['seminars.capacity_low', 'seminars.date_taken', 'seminars.follow_early']);

async function save(context: HandlerContext, draftId: string, now: Date): Promise<Saved> {
  const { db, organisation, person } = context;
  return await inTransaction(db, async (tx): Promise<Saved> => {
    const draft = await lockDraft(tx, organisation.id, person.id, draftId);
    if (draft?.state === 'saved' && draft.savedSeriesId !== null) return { kind: 'before', seriesId: draft.savedSeriesId };
    if (draft?.state !== 'open') throw new BellhopError('seminars.draft_gone');
    const mistake = await mistakeOf(context, tx, draft, now);
    if (mistake) return { kind: 'mend', text: mistake };
    const saved = draft.following ? await follow(context, tx, draft, draft.following, now) : await make(context, tx, draft, now);
    await settleDraft(tx, organisation.id, draftId, saved.series.id, now);
    return saved;
  });
}

async function make(context: HandlerContext, tx: Tx, { fields }: Draft, now: Date): Promise<Extract<Saved, { kind: 'made' }>> {
  const { organisation, person } = context;
  const series = await createSeries(context, tx, fields, person.id, now);
  if (series.hostId !== person.id) await tellHost(tx, organisation.id, series, now);
  return { kind: 'made', series };
}

async function follow(
  context: HandlerContext,
  tx: Tx,
  { fields, reason }: Draft,
  { seriesId, fromDateId }: NonNullable<Draft['following']>,
  now: Date,
): Promise<Extract<Saved, { kind: 'followed' }>> {
  const followed = await followSeries(context, tx, { seriesId, fromDateId, fields, words: reason }, now);
  const series = await findSeries(tx, context.organisation, seriesId);
  if (!series) throw new BellhopError('seminars.series_gone');
  return { kind: 'followed', series, followed };
}

/** What has come in the way since the draft was filled in; undefined when nothing has. */
async function mistakeOf(
  { organisation }: HandlerContext,
  tx: Tx,
  { fields, following, createdAt }: Draft,
  now: Date,
): Promise<KeyText | undefined> {
  // What was looked at would undo what somebody else has done since.
  if (following && (await isChangedSince(tx, organisation.id, following.seriesId, createdAt))) return key('seminars.draft.overtaken');
  const [problem] = planErrors(checkPlan(planOf(fields, organisation), now));
  if (problem) return problem.text;
  const host = await findPerson(tx, organisation.id, fields.hostId);
  if (!host?.active) return key('seminars.errors.host_left', { host: await hostName(tx, organisation, fields.hostId) });
  try {
    await checkAudience(tx, organisation.id, fields.audience);
  } catch (error) {
    if (error instanceof BellhopError) return key(error.key, error.params);
    throw error;
  }
  return undefined;
}
