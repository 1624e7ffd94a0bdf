import { z } from 'zod';
import { type Card, notice } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { CommandInput, Verb } from '../../../core/feature.js';
import type { PersonHint } from '../../../core/form.js';
import type { CommandToken } from '../../../core/interaction.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, type Reply, say } from '../../../core/reply.js';
import { commandWords, key, person as personText, words } from '../../../core/text.js';
import { enqueue } from '../../../delivery/enqueue.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { form, type HandlerContext, message } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { findPerson } from '../../../people/people.js';
import { type AccountKey, balanceOf, lockAccounts, post } from '../ledger/store-ledger.js';
import { CorrectionTo, MOST_WORDS, Nothing, reason } from './schema.js';
import { addNote, findMovementActor, findNote } from './store-notes.js';
import { hintsOf, peopleOf } from './whom.js';

/** The most that one correction moves: a slip of the finger is not a fortune. */
const MOST_CORRECTED = 10_000;

const AMOUNT = /^[+\-−–]?\d{1,6}$/;

/** Points to add, or with a minus to take away. Throws BellhopError `recognition.correct_amount`. */
function amountOf(typed: string): number {
  const amount = AMOUNT.test(typed) ? Number(typed.replace(/[−–]/, '-')) : 0;
  if (amount === 0 || Math.abs(amount) > MOST_CORRECTED) throw new BellhopError('recognition.correct_amount', { most: MOST_CORRECTED });
  return amount;
}

interface Correction {
  readonly person: Person;
  readonly amount: number;
  readonly words: string;
}

/** Posts the correction, and lets the person know why. @returns the balance after it */
async function correct(context: HandlerContext, { person, amount, words: why }: Correction): Promise<number> {
  const { db, organisation, person: owner } = context;
  // Not even an owner writes the own points.
  if (person.id === owner.id) throw new BellhopError('recognition.correct_self');
  return await inTransaction(db, async (tx) => {
    const now = context.clock.now();
    const account: AccountKey = { kind: 'balance', owner: person.id };
    const [standing] = await lockAccounts(tx, organisation.id, [account, { kind: 'issued', owner: organisation.id }]);
    const balance = standing?.balance ?? 0;
    if (balance + amount < 0) throw new BellhopError('recognition.correct_too_few', { person: personText(person.name), balance });
    const entries = [
      { ...account, amount },
      { kind: 'issued' as const, owner: organisation.id, amount: -amount },
    ];
    const movement = {
      organisationId: organisation.id,
      kind: 'correction' as const,
      actorId: owner.id,
      reason: 'owner_correction',
      entries,
    };
    const movementId = await post(tx, movement, now);
    await addNote(tx, organisation.id, { movementId, personId: person.id, words: why });
    const act = { organisationId: organisation.id, actorId: owner.id, verb: 'recognition.points_corrected', subjectId: person.id };
    await recordEvent(tx, { ...act, data: { movementId, amount } }, now);
    const delivery = {
      organisationId: organisation.id,
      subjectKey: `recognition.corrected:${movementId}`,
      message: 'recognition.corrected',
      payload: { movementId, personId: person.id, amount },
      to: { personId: person.id },
      priority: 'answer' as const,
      dueAt: now,
    };
    await enqueue(tx, delivery, now);
    return balance + amount;
  });
}

function doneCard(person: Person, balance: number): Card {
  const lead = key('recognition.correct.done', { person: personText(person.name), balance });
  return { ...notice(lead), title: key('recognition.correct.title'), footer: key('recognition.correct.done_footer') };
}

const CorrectInput = z.object({
  person: z.custom<readonly PersonHint[]>((value) => Array.isArray(value) && value.length > 0, 'recognition.errors.correct_whom'),
  amount: z.string('recognition.errors.correct_amount_missing').trim().min(1, 'recognition.errors.correct_amount_missing'),
  words: reason('recognition.errors.correct_reason'),
});

const correctForm = form({
  id: 'recognition.correct',
  role: 'owner',
  payload: Nothing,
  input: CorrectInput,
  build: async () => ({
    title: key('recognition.correct.form_title'),
    submit: key('recognition.correct.submit'),
    intro: [{ kind: 'paragraph', text: key('recognition.correct.form_intro') }],
    fields: [
      { kind: 'people', name: 'person', label: key('recognition.correct.field_person') },
      {
        kind: 'text',
        name: 'amount',
        label: key('recognition.correct.field_amount'),
        hint: key('recognition.correct.amount_hint'),
        maxLength: 10,
      },
      { kind: 'text', name: 'words', label: key('recognition.correct.field_words'), multiline: true, maxLength: MOST_WORDS },
    ],
  }),
  submit: async (context, { input }) => {
    try {
      const [person, ...more] = await peopleOf(context, input.person);
      if (!person || more.length > 0) return formErrors({ person: key('recognition.errors.correct_whom') });
      const amount = amountOf(input.amount);
      return say(doneCard(person, await correct(context, { person, amount, words: input.words })));
    } catch (error) {
      const field = error instanceof BellhopError ? FIELDS[error.code] : undefined;
      if (field === undefined || !(error instanceof BellhopError)) throw error;
      return formErrors({ [field]: key(error.key, error.params) });
    }
  },
});

/** At which field a refusal stands. */
const FIELDS: Readonly<Record<string, string>> = {
  'recognition.whom_unknown': 'person',
  'recognition.whom_unsure': 'person',
  'recognition.whom_outside': 'person',
  'recognition.correct_self': 'person',
  'recognition.correct_amount': 'amount',
  'recognition.correct_too_few': 'amount',
};

/** `/kudos correct @ana +20 for the tombola`; alone it opens a form. */
async function correctCommand(context: HandlerContext, { tokens }: CommandInput): Promise<Reply> {
  if (tokens.length === 0) return open(ref('recognition.correct'));
  const at = tokens.findIndex((token) => token.kind === 'word' && /^[+\-−–]?\d/.test(token.text));
  const [hints, amount] = [hintsOf(at < 0 ? [] : tokens.slice(0, at)), at < 0 ? undefined : tokens[at]];
  const usage = { command: commandWords(context.actor.platform, 'kudos', 'correct @NAME +20 REASON') };
  if (hints.length === 0 || amount?.kind !== 'word') throw new BellhopError('recognition.correct_how', usage);
  const [person, ...more] = await peopleOf(context, hints);
  if (!person || more.length > 0) throw new BellhopError('recognition.correct_whom');
  const points = amountOf(amount.text);
  const why = reason('recognition.errors.correct_reason').safeParse(spoken(tokens.slice(at + 1)));
  if (!why.success) throw new BellhopError('recognition.correct_reason');
  return say(doneCard(person, await correct(context, { person, amount: points, words: why.data })));
}

/** The words of a command; whom they mention is left to the platform's own names. */
function spoken(tokens: readonly CommandToken[]): string {
  return tokens
    .flatMap((token) => (token.kind === 'word' ? token.text : []))
    .join(' ')
    .trim();
}

const verb: Verb<HandlerContext> = {
  name: 'correct',
  role: 'owner',
  describe: key('recognition.verb.correct'),
  usage: '[@NAME +20 REASON]',
  run: correctCommand,
};

const corrected = message({
  id: 'recognition.corrected',
  payload: CorrectionTo,
  card: async ({ db, organisation }, { movementId, personId, amount }) => {
    const [note, balance = 0] = [
      await findNote(db, organisation.id, movementId),
      await balanceOf(db, organisation.id, { kind: 'balance', owner: personId }),
    ];
    const actorId = await findMovementActor(db, organisation.id, movementId);
    const owner = actorId === undefined ? undefined : await findPerson(db, organisation.id, actorId);
    const by = personText(owner?.name ?? '—');
    const count = Math.abs(amount);
    const lead = amount > 0 ? key('recognition.corrected.more', { by, count }) : key('recognition.corrected.less', { by, count });
    return {
      summary: lead,
      title: key('recognition.corrected.title'),
      lead,
      facts: [{ label: key('recognition.corrected.balance'), value: key('recognition.fair.points_value', { count: balance }) }],
      ...(note && { body: [{ kind: 'quote' as const, text: words(note), by }] }),
      footer: key('recognition.corrected.footer'),
    };
  },
});

/** Corrections of points by owners: new movements, with a reason that the person hears. */
export const corrections = { verb, forms: [correctForm], messages: [corrected] };
