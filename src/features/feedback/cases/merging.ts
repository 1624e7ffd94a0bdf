import { BellhopError } from '../../../core/errors.js';
import type { Option } from '../../../core/form.js';
import { formErrors } from '../../../core/reply.js';
import { join, key, type Text, words } from '../../../core/text.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { caseName } from '../labels.js';
import { shortened } from '../posting/said-parts.js';
import { refreshFeedback } from '../refresh.js';
import { demandCase, mayReadCase } from '../rights.js';
import { CaseRef } from '../schema.js';
import { findCaseByNumber, lockCase } from '../store-cases.js';
import { findFeedback } from '../store-feedback.js';
import { foldWords } from '../themes/fold.js';
import { applyChange, lockStanding, type Standing } from './changing.js';
import { merge } from './rules.js';
import { MergeInput } from './schema.js';
import { showCase } from './show.js';
import { leadOn } from './store-changes.js';
import { type Candidate, feedbackMergedInto, findCandidates } from './store-merge.js';
import { sightOf } from './store-sight.js';

/** What is about the same thing comes within so many days. */
const DAYS = 14;
const MOST_CHOICES = 7;
/** Share of words in common from which two complaints sound alike. */
const ALIKE = 0.2;
/** Shorter words are in every sentence. */
const TELLING = 4;

export const mergeForm = form({
  id: 'feedback.merge',
  role: 'employee',
  payload: CaseRef,
  input: MergeInput,
  build: async (context, { caseId }) => {
    const standing = await demandCase(context, caseId);
    const choices = await likely(context, standing);
    return {
      title: key('feedback.merge.title'),
      submit: key('feedback.merge.submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.merge.intro', { case: caseName(standing.case) }) }],
      fields: [
        ...(choices.length === 0
          ? []
          : [
              {
                kind: 'choice',
                style: 'radio',
                name: 'into',
                label: key('feedback.merge.into'),
                optional: true,
                options: choices,
              } as const,
            ]),
        {
          kind: 'text',
          name: 'number',
          label: key(choices.length === 0 ? 'feedback.merge.number' : 'feedback.merge.or_number'),
          optional: choices.length > 0,
          maxLength: 12,
        },
      ],
    };
  },
  submit: async (context, { payload: { caseId }, input: { into, number } }) => {
    const field = number === '' ? 'into' : 'number';
    const target = number === '' ? into : await numbered(context, number);
    if (!target) return formErrors({ number: key(number === '' ? 'feedback.errors.merge_missing' : 'feedback.errors.merge_unknown') });
    try {
      const { from, standing } = await mergeInto(context, caseId, target);
      return await showCase(context, standing, key('feedback.merge.merged', { case: from, other: caseName(standing.case) }));
    } catch (error) {
      if (error instanceof BellhopError && FIELD_ERRORS.has(error.code)) return formErrors({ [field]: key(error.key, error.params) });
      throw error;
    }
  },
});

/** What another choice would mend. */
const FIELD_ERRORS: ReadonlySet<string> = new Set([
  'feedback.merge_itself',
  'feedback.merge_over',
  'feedback.merge_private',
  'feedback.merge_unknown',
]);

/** The id of a case by the number that somebody typed; undefined for none, and for one that they may not read. */
async function numbered(context: HandlerContext, typed: string): Promise<string | undefined> {
  const digits = /^#?\s*(\d{1,9})$/.exec(typed)?.[1];
  const found = digits === undefined ? undefined : await findCaseByNumber(context.db, context.organisation.id, Number(digits));
  return found?.id;
}

/**
 * Lets a case go on in another one. Both are locked, in the order of their ids, so that two who merge them into one another never wait in a ring.
 * @throws BellhopError as rules.ts, merge; `feedback.case_gone`; `feedback.merge_unknown` for a target that isn't there to be read
 */
async function mergeInto(
  context: HandlerContext,
  fromId: string,
  intoId: string,
): Promise<{ readonly from: Text; readonly standing: Standing }> {
  const { db, organisation, person, role, clock } = context;
  const now = clock.now();
  return await inTransaction(db, async (tx) => {
    for (const id of [fromId, intoId].sort()) await lockCase(tx, organisation.id, id);
    const from = await demandReadable(context, tx, await lockedCase(tx, organisation.id, fromId), 'feedback.case_gone');
    // Of one that was merged itself: where it goes on. The one that is merged must be what the actor saw.
    const into = await demandReadable(context, tx, await lockStanding(tx, organisation.id, intoId), 'feedback.merge_unknown');
    const change = merge(from.case, into.case, { id: person.id, role }, sameConcerned(from, into), now);
    const led = await feedbackMergedInto(tx, organisation.id, fromId);
    const { number, id: caseId } = into.case;
    await applyChange(context, tx, from, { change, events: [{ actorId: person.id, kind: 'merged', data: { caseId, number } }] }, now);
    await leadOn(tx, organisation.id, fromId, caseId);
    for (const feedbackId of led) await refreshFeedback(tx, organisation.id, feedbackId, now);
    const owners = new Set([into.case.ownerId, from.case.ownerId].filter((id): id is string => id !== null && id !== person.id));
    const event = { actorId: person.id, kind: 'merged_in', data: { caseId: fromId, number: from.case.number }, tell: [...owners] } as const;
    return { from: caseName(from.case), standing: await applyChange(context, tx, into, { change: {}, events: [event] }, now) };
  });
}

async function lockedCase(tx: Tx, organisationId: string, caseId: string): Promise<Standing> {
  const it = await lockCase(tx, organisationId, caseId);
  const feedback = it && (await findFeedback(tx, organisationId, it.feedbackId));
  if (!it || !feedback) throw new BellhopError('feedback.case_gone');
  return { case: it, feedback };
}

type Unseen = 'feedback.case_gone' | 'feedback.merge_unknown';

async function demandReadable(context: HandlerContext, tx: Tx, standing: Standing, orElse: Unseen): Promise<Standing> {
  if (!(await mayReadCase({ ...context, db: tx }, standing.feedback, standing.case))) throw new BellhopError(orElse);
  return standing;
}

function sameConcerned(one: Standing, other: Standing): boolean {
  const ids = ({ feedback }: Standing) =>
    feedback.concerns
      .map(({ personId }) => personId)
      .sort()
      .join();
  return ids(one) === ids(other);
}

/** Cases that may be about the same, the likeliest first. */
async function likely(context: HandlerContext, standing: Standing): Promise<Option[]> {
  const found = await findCandidates(context.db, context.organisation.id, await sightOf(context), standing, DAYS);
  const own = tellingWords(standing.feedback.words.map((said) => said.words));
  return found
    .map((candidate) => ({ candidate, likeness: likenessOf(candidate, own) }))
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness || b.candidate.number - a.candidate.number)
    .slice(0, MOST_CHOICES)
    .map(({ candidate }) => ({ value: candidate.id, label: choiceLabel(candidate) }));
}

function likenessOf({ sameContact, sameLocation, words: said }: Candidate, own: ReadonlySet<string>): number {
  const alike = likeness(own, tellingWords(said));
  return (sameContact ? 4 : 0) + (alike >= ALIKE ? 3 * alike : 0) + (sameLocation ? 0.5 : 0);
}

/** The words of a text that tell something, folded; their beginnings, since Latvian words change their ends. */
export function tellingWords(texts: readonly string[]): ReadonlySet<string> {
  return new Set(
    texts
      .flatMap((text) => foldWords(text).split(' '))
      .filter((word) => word.length >= TELLING)
      .map((word) => word.slice(0, 5)),
  );
}

/** What share of the shorter one's words the other has too, from 0 to 1. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shorter = Math.min(one.size, other.size);
  return shorter === 0 ? 0 : [...one].filter((word) => other.has(word)).length / shorter;
}

/** "Case 12 · 1 of 5 · Riga · We waited an ho…", within a choice's 75 characters (Slack). */
function choiceLabel({ number, stars, locationName, words: said }: Candidate): Text {
  const begins = said.join(' ').replace(/\s+/gu, ' ').trim();
  return join(
    [
      caseName({ number }),
      ...(stars === null ? [] : [key('feedback.stars', { stars })]),
      ...(locationName === null ? [] : [words(shortened(locationName, 14))]),
      ...(begins === '' ? [] : [words(shortened(begins, 28))]),
    ],
    ' · ',
  );
}
