import { BellhopError } from '../../core/errors.js';
import type { Field, FormErrors } from '../../core/form.js';
import { ref } from '../../core/ref.js';
import { formErrors, open, update } from '../../core/reply.js';
import { key, type Text } from '../../core/text.js';
import { inTransaction } from '../../people/db.js';
import { action, form, type HandlerContext } from '../../people/handlers.js';
import { optionName } from './messages-parts.js';
import type { Version } from './model.js';
import { showDraft } from './publishing.js';
import { findReason, MOST_REASONS, nameOf, reasonOfName, reasonsOf, suggestReasons } from './reasons.js';
import { ReasonRef, ReasonsInput } from './schema.js';
import { getVersion } from './store.js';
import { changedClauses, lockVersion, type NamedClause, type ReasonKey, setReason } from './store-reasons.js';

/** A menu takes at most 100 options on Slack. */
const MOST_OPTIONS = 95;

/** Which reason the form is about: the one that is changed, or none yet. */
const reasonOf = ({ source, key: reasonKey }: { readonly source?: string | undefined; readonly key?: string | undefined }) =>
  source === undefined || reasonKey === undefined ? undefined : { source, key: reasonKey };

/** A version that can still be said something about. */
const isSayable = ({ state }: Version): boolean => state === 'draft' || state === 'published';

const reason = action({
  id: 'handbook.reason',
  role: 'manager',
  payload: ReasonRef,
  run: async (context, payload) => {
    const version = await getVersion(context.db, context.organisation.id, payload.versionId);
    if (!isSayable(version)) return update(await showDraft(context, version));
    const known = reasonOf(payload);
    if (!known && (await reasonsOf(context, version.id)).length >= MOST_REASONS) {
      throw new BellhopError('handbook.reasons_many', { most: MOST_REASONS });
    }
    return open(ref('handbook.reason', { versionId: version.id, ...known }));
  },
});

const say = form({
  id: 'handbook.reason',
  role: 'manager',
  payload: ReasonRef,
  input: ReasonsInput,
  build: async (context, payload) => {
    const changed = await changedClauses(context.db, context.organisation.id, payload.versionId);
    if (changed.length === 0) throw new BellhopError('handbook.nothing_changed');
    const had = await reasonsOf(context, payload.versionId);
    const known = reasonOf(payload);
    const one = known && had.find((each) => nameOf(each) === nameOf(known));
    return {
      title: key('handbook.reasons.form_title'),
      submit: key('handbook.reasons.submit'),
      intro: [{ kind: 'paragraph', text: one ? key('handbook.reasons.intro_one', { reason: one.text }) : key('handbook.reasons.intro') }],
      fields: [
        ...(known ? [] : [await reasonField(context, had)]),
        clausesField(changed, one?.clauses ?? onlyOne(changed), known !== undefined),
      ],
    };
  },
  submit: async (context, { payload, input }) => {
    const { db, organisation } = context;
    const version = await getVersion(db, organisation.id, payload.versionId);
    if (!isSayable(version)) return update(await showDraft(context, version));
    const known = reasonOf(payload);
    // Withdrawn while the form was open: the card does without it.
    if (known && !(await findReason(context, known))) return update(await showDraft(context, version));
    const chosen = known ?? reasonOfName(input.reason);
    const errors: Record<string, Text> = {};
    if (!known) Object.assign(errors, await reasonErrors(context, version.id, input.reason, chosen));
    if (!known && input.clauses.length === 0) errors.clauses = key('handbook.errors.reason_clauses');
    if (!chosen || Object.keys(errors).length > 0) return formErrors(errors);
    const kept = await keep(context, version.id, chosen, input.clauses, known !== undefined);
    if (!kept) return formErrors({ clauses: key('handbook.errors.clauses_other') });
    return update(await showDraft(context, await getVersion(db, organisation.id, version.id)));
  },
});

/** @throws BellhopError `handbook.reasons_none` where there is nothing to choose */
async function reasonField(context: HandlerContext, had: readonly ReasonKey[]): Promise<Field> {
  const suggested = await suggestReasons(context, had);
  if (suggested.length === 0) throw new BellhopError('handbook.reasons_none');
  return {
    kind: 'choice',
    name: 'reason',
    label: key('handbook.reasons.reason'),
    hint: key('handbook.reasons.reason_hint'),
    options: suggested.slice(0, MOST_OPTIONS).map((each) => ({ value: nameOf(each), label: each.text })),
  };
}

function clausesField(changed: readonly NamedClause[], chosen: readonly NamedClause[], optional: boolean): Field {
  const shown = changed.slice(0, MOST_OPTIONS);
  return {
    kind: 'choices',
    name: 'clauses',
    label: key('handbook.reasons.clauses'),
    ...(optional && { hint: key('handbook.reasons.clauses_hint'), optional }),
    options: shown.map((clause) => ({ value: clause.id, label: optionName(clause) })),
    // What was chosen and isn't different any more can't be chosen again.
    initial: shown.filter(({ id }) => chosen.some((each) => each.id === id)).map(({ id }) => id),
  };
}

/** Where there is only one clause to choose it is chosen. */
const onlyOne = (changed: readonly NamedClause[]): readonly NamedClause[] => (changed.length === 1 ? changed : []);

async function reasonErrors(context: HandlerContext, versionId: string, typed: string, chosen: ReasonKey | undefined): Promise<FormErrors> {
  if (typed === '') return { reason: key('handbook.errors.reason_unchosen') };
  if (!chosen || !(await findReason(context, chosen))) return { reason: key('handbook.errors.reason_gone') };
  const had = await reasonsOf(context, versionId);
  if (had.length < MOST_REASONS || had.some((each) => nameOf(each) === nameOf(chosen))) return {};
  return { reason: key('handbook.errors.reasons_many', { most: MOST_REASONS }) };
}

/**
 * @param anew whether it is for these clauses alone; without it they are added to those that it was for
 * @returns false when one of the clauses is none of the version's changed ones (any more)
 */
async function keep(
  context: HandlerContext,
  versionId: string,
  chosen: ReasonKey,
  clauses: readonly string[],
  anew: boolean,
): Promise<boolean> {
  const { db, organisation, person } = context;
  const now = context.clock.now();
  return await inTransaction(db, async (tx) => {
    if (!(await lockVersion(tx, organisation.id, versionId))) throw new BellhopError('handbook.version_gone');
    const changed = new Set((await changedClauses(tx, organisation.id, versionId)).map(({ id }) => id));
    if (!clauses.every((id) => changed.has(id))) return false;
    await setReason(tx, organisation.id, versionId, chosen, clauses, anew, person.id, now);
    return true;
  });
}

export const reasonActions = [reason];
export const reasonForms = [say];
