import { isDatabaseAway } from '../../../people/db.js';
import type { JobContext } from '../../../people/handlers.js';
import { foldedForRepeats } from '../intake/rules.js';
import type { Said } from '../model.js';
import { findManyFeedback } from '../store-feedback.js';
import { openTalks } from '../talks/open-talks.js';
import { celebrate } from '../talks/praise.js';
import { loadThemes } from '../themes/store-themes.js';
import { suggestThemes, type ThemeRules } from '../themes/suggest.js';
import { decide } from './decide.js';
import { type Names, namedInEach } from './names.js';
import { follow, loadPassingBasis, type PassingBasis, passOnMany } from './pass-on.js';
import { type Fresh, findRepeats, putOff, storeSorted, takeFresh } from './store-sorting.js';
import { tellOfWaiting } from './tell.js';

/** Entries of one transaction. */
export const BATCH = 50;

/** Words of fewer letters are short: “Very good!” is said by many. */
const SHORT = 12;

interface Basis extends PassingBasis {
  readonly themes: readonly ThemeRules[];
}

/**
 * Sorts what came in: themes, names, what waits, what is private, what is passed on; everything in the batch's own transaction, so
 * that a process killed in the middle loses nothing and does nothing twice. An entry that can't be sorted is put off and logged; the
 * others of its batch go on without it.
 * @returns how many entries it took; fewer than `BATCH` when nothing more waits
 */
export async function sortBatch(context: JobContext): Promise<number> {
  const { tx, organisation, clock } = context;
  const taken = await takeFresh(tx, organisation.id, BATCH, clock.now());
  if (taken.length === 0) return 0;
  const basis: Basis = { ...(await loadPassingBasis(context, tx)), themes: await loadThemes(tx, organisation.id) };
  if (!(await attempt(context, taken, basis))) {
    for (const one of taken) await attempt(context, [one], basis);
  }
  return taken.length;
}

/** Sorts some in a part of the transaction that can be taken back. @returns false when it failed; a single one is put off then */
async function attempt(context: JobContext, taken: readonly Fresh[], basis: Basis): Promise<boolean> {
  const { tx, organisation, clock, log } = context;
  await tx.$executeRaw`SAVEPOINT feedback_sorting`;
  try {
    await sortSome(context, taken, basis, clock.now());
    await tx.$executeRaw`RELEASE SAVEPOINT feedback_sorting`;
    return true;
  } catch (error) {
    // Then nothing more can be done in this transaction.
    if (isDatabaseAway(error)) throw error;
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT feedback_sorting`;
    const [only, ...others] = taken;
    if (only !== undefined && others.length === 0) {
      log.error({ err: error, organisationId: organisation.id, feedbackId: only.id }, 'Feedback could not be sorted; it is tried again.');
      await putOff(tx, organisation.id, [only.id], clock.now());
    }
    return false;
  }
}

/** Sorts one entry again that a manager has called real, whatever was doubted. Its row is locked. */
export async function sortAgain(context: JobContext, feedbackId: string, now: Date): Promise<void> {
  const { tx, organisation } = context;
  const basis: Basis = { ...(await loadPassingBasis(context, tx)), themes: await loadThemes(tx, organisation.id) };
  await sortSome(context, [{ id: feedbackId, quiet: false }], basis, now, true);
}

async function sortSome(context: JobContext, taken: readonly Fresh[], basis: Basis, now: Date, isReal = false): Promise<void> {
  const { tx, organisation } = context;
  const sorted = await look(context, taken, basis, isReal);
  await storeSorted(
    tx,
    organisation.id,
    sorted.map(({ said, decision, ...one }) => ({ ...one, id: said.id, state: decision.state })),
    now,
  );
  const privately = sorted.filter(({ decision }) => decision.follow === 'private').map(({ said }) => said);
  await follow(context, tx, privately, true, now);
  for (const { said, decision } of sorted) {
    if (decision.talks) await openTalks(context, tx, said.id, now);
    if (decision.celebrates) await celebrate(context, tx, said.id, now);
  }
  const passed = sorted.filter(({ decision, quiet }) => decision.state === 'passed' && !quiet);
  // Rules look at the themes that were just found.
  const withThemes = passed.map(({ said, themeIds }) => ({ ...said, themes: basis.themes.filter(({ id }) => themeIds.includes(id)) }));
  await passOnMany(context, tx, withThemes, basis, now);
  if (sorted.some(({ decision }) => decision.waits)) await tellOfWaiting(context, tx, now);
}

/** What is found of each entry, and what becomes of it. */
async function look({ tx, organisation }: JobContext, taken: readonly Fresh[], basis: Basis, isReal: boolean) {
  const found = await findManyFeedback(
    tx,
    organisation.id,
    taken.map(({ id }) => id),
  );
  const entries = taken.flatMap(({ id, quiet }) => {
    const said = found.get(id);
    return said ? [{ said, quiet }] : [];
  });
  const repeatable = entries.filter(({ said }) => isPublic(said));
  const repeats = await findRepeats(
    tx,
    organisation.id,
    repeatable.map(({ said }) => ({ id: said.id, short: foldedForRepeats(said.words).length < SHORT })),
  );
  const names = await namedInEach(
    tx,
    organisation,
    entries.map(({ said }) => said),
  );
  return entries.map(({ said, quiet }, index) => {
    const isRepeat = repeats.has(said.id) && !said.doubts.includes('repeated');
    const doubts = isRepeat ? [...said.doubts, 'repeated' as const] : said.doubts;
    const { named, unclear } = withChosen(said, names[index]);
    const { lowStars } = basis.settings;
    const themeIds = suggestThemes(
      basis.themes,
      said.words.map(({ words }) => words),
    );
    return {
      said,
      quiet,
      themeIds,
      doubts,
      named,
      decision: decide({ ...said, lowStars, doubts: isReal ? [] : doubts, named, unclear, quiet }),
    };
  });
}

/** Whom somebody has chosen settles whom the words mean: of the others those stay who are surely named. */
function withChosen({ concerns }: Said, names: Names = { named: [], unclear: false }): Names {
  const picked = concerns.filter(({ how }) => how === 'chosen');
  if (picked.length === 0) return names;
  const chosen = picked.map(({ personId, how }) => ({ personId, how, sure: true }));
  const others = names.named.filter(({ personId, sure }) => sure && !chosen.some((one) => one.personId === personId));
  return { named: [...chosen, ...others], unclear: false };
}

/** What anybody can send without a name. Staff and signed systems may well bring the same words twice. */
const isPublic = ({ source, loggedById }: Said): boolean => (source === 'page' || source === 'card') && loggedById === null;
