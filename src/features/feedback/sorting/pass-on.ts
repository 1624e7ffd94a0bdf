import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { openCase } from '../cases/open-case.js';
import type { Said, Settings } from '../model.js';
import { type Post, postMany } from '../posting/post.js';
import { factsOf, loadRouting, type Routing, route } from '../rules/route.js';
import { findManyFeedback } from '../store-feedback.js';
import { loadSettings } from '../store-settings.js';
import { complains } from './decide.js';
import { findFirstOwner, type Passed, setPassed } from './store-passing.js';

/** What decides where feedback goes; one reading serves a batch. */
export interface PassingBasis {
  readonly routing: Routing;
  readonly settings: Settings;
}

export async function loadPassingBasis({ organisation }: Pick<WorkContext, 'organisation'>, tx: Tx): Promise<PassingBasis> {
  return { routing: await loadRouting(tx, organisation), settings: await loadSettings(tx, organisation) };
}

/**
 * Passes one piece of feedback on to where the rules send it: a complaint or a low rating with a case, opened first. Its state is
 * `passed` then. Where there is neither a rule nor a channel, it goes to whoever manages, else to an owner: nothing is lost.
 */
export async function passOn(context: WorkContext, tx: Tx, feedbackId: string, now: Date): Promise<void> {
  const found = await findManyFeedback(tx, context.organisation.id, [feedbackId]);
  await passOnMany(context, tx, [...found.values()], await loadPassingBasis(context, tx), now);
}

/** The same for many at once, in a few statements. */
export async function passOnMany(context: WorkContext, tx: Tx, many: readonly Said[], basis: PassingBasis, now: Date): Promise<void> {
  const { organisation } = context;
  const { routing, settings } = basis;
  const passed: Passed[] = [];
  const posts: Post[] = [];
  let nobody: string | null | undefined;
  for (const said of many) {
    if (said.caseId === null && complains(said.kind, said.stars, settings.lowStars)) await follow(context, tx, said, false, now);
    const { ruleId, to } = route(routing, factsOf(said));
    if (to === null && nobody === undefined) {
      nobody = settings.managerId ?? settings.leadId ?? (await findFirstOwner(tx, organisation)) ?? null;
    }
    const target = to ?? (nobody ? { personId: nobody } : null);
    passed.push({ id: said.id, ruleId, channelId: null, personId: null, ...target });
    if (target) posts.push({ feedbackId: said.id, to: target });
  }
  await setPassed(tx, organisation.id, passed);
  await postMany(context, tx, posts, now);
}

/** Opens the case that follows a piece of feedback. */
export async function follow(
  context: WorkContext,
  tx: Tx,
  said: Pick<Said, 'id' | 'locationId' | 'stars' | 'kind' | 'source'>,
  isPrivate: boolean,
  now: Date,
): Promise<void> {
  const { locationId, stars, kind, source } = said;
  await openCase(context, tx, { feedbackId: said.id, locationId, stars, kind, source, private: isPrivate }, now);
}
