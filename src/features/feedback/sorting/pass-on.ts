import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { openCases } from '../cases/open-case.js';
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
  const settings = await loadSettings(tx, organisation);
  return { routing: await loadRouting(tx, organisation, settings), settings };
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
  if (many.length === 0) return;
  const { organisation } = context;
  const { routing, settings } = basis;
  const followed = many.filter(({ caseId, kind, stars }) => caseId === null && complains(kind, stars, settings.lowStars));
  await follow(context, tx, followed, false, now);
  const routes = many.map((said) => ({ said, ...route(routing, factsOf(said)) }));
  const nobody = routes.some(({ to }) => to === null)
    ? (settings.managerId ?? settings.leadId ?? (await findFirstOwner(tx, organisation)))
    : undefined;
  const passed = routes.map(({ said, ruleId, to }) => ({
    id: said.id,
    ruleId,
    to: to ?? (nobody === undefined ? null : { personId: nobody }),
  }));
  await setPassed(
    tx,
    organisation.id,
    passed.map(({ to, ...one }): Passed => ({ ...one, channelId: null, personId: null, ...to })),
  );
  const posts = passed.flatMap(({ id, to }): Post[] => (to === null ? [] : [{ feedbackId: id, to }]));
  await postMany(context, tx, posts, now);
}

/** Opens the cases that follow pieces of feedback. @param isPrivate they are about a colleague, or may be */
export async function follow(context: WorkContext, tx: Tx, many: readonly Said[], isPrivate: boolean, now: Date): Promise<void> {
  await openCases(
    context,
    tx,
    many.map((said) => ({ ...said, private: isPrivate })),
    now,
  );
}
