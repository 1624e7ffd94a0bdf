import { z } from 'zod';
import { BellhopError } from '../../../core/errors.js';
import type { Field, FormErrors, Option, PersonHint } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, type Reply, whisper } from '../../../core/reply.js';
import type { Block } from '../../../core/rich.js';
import { join, key, list, person, type Text, words } from '../../../core/text.js';
import { findByHint } from '../../../people/find-person.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { MOST_POINTS, MOST_RECEIVERS, REASON_CHARACTERS, type Value } from '../model.js';
import { listValues, loadSettings } from '../store-settings.js';
import { type Draft, DraftRef, draftOf, draftPayload, MOST_UNSURE, type Problem } from './draft.js';
import { give } from './give.js';
import { givenCard } from './given-card.js';
import { valueText } from './messages.js';
import { initialPeople, namedPeople } from './people-named.js';
import { cleanReason, readPoints, reasonProblem } from './reason.js';
import { allowanceLeft } from './spend.js';
import { hasManyWorkspaces, teamsOf } from './store-accounts.js';

/** No value: a choice needs an answer on every platform. */
export const NO_VALUE = 'none';

const people = z.custom<readonly PersonHint[]>((value) => value === undefined || Array.isArray(value)).optional();

const GiveInput = z.object({
  people,
  others: z.string().default(''),
  who1: z.string().optional(),
  who2: z.string().optional(),
  who3: z.string().optional(),
  value: z.string().default(NO_VALUE),
  points: z.string().default(''),
  reason: z.string({ error: 'recognition.errors.reason_missing' }),
  public: z.boolean().default(false),
});
type Input = z.output<typeof GiveInput>;

/** The line that the form begins with: what is missing, or has to be chosen. */
async function problemText(context: HandlerContext, { problem, about = '' }: Draft): Promise<Text | undefined> {
  if (problem === undefined) return undefined;
  const settings = await loadSettings(context.db, context.organisation);
  const texts: Readonly<Record<Problem, () => Promise<Text> | Text>> = {
    nobody: () => key('recognition.missing.nobody'),
    unknown: () => key('recognition.missing.unknown', { name: words(about) }),
    group: () => key('recognition.missing.group', { name: words(about) }),
    mention: () => (about === '' ? key('recognition.missing.mention') : key('recognition.missing.mention_named', { name: person(about) })),
    unsure: () => key('recognition.missing.unsure', { name: words(about) }),
    check_names: () => key('recognition.missing.check_names', { name: words(about) }),
    self: () => key('recognition.missing.self'),
    too_many: () => key('recognition.errors.too_many_people', { most: MOST_RECEIVERS }),
    gone: () => key('recognition.missing.gone'),
    reason_missing: () => key('recognition.errors.reason_missing'),
    reason_short: () => key('recognition.errors.reason_short', { least: REASON_CHARACTERS.least }),
    reason_long: () => key('recognition.errors.reason_long', { most: REASON_CHARACTERS.most }),
    value: () => key('recognition.missing.value', { name: words(about) }),
    points: () => key('recognition.errors.points_invalid', { most: MOST_POINTS }),
    too_few_points: async () => key('recognition.missing.too_few_points', { left: await allowanceLeft(context, context.person.id) }),
    pair_cap: () => key('recognition.missing.pair_cap', { cap: settings.pairCap }),
  };
  return await texts[problem]();
}

const WHO = ['who1', 'who2', 'who3'] as const;

/** Those who share a name, to choose from, each with what tells them apart. */
async function candidateFields(context: HandlerContext, unsure: readonly string[]): Promise<Field[]> {
  const fields: Field[] = [];
  for (const [index, name] of unsure.slice(0, MOST_UNSURE).entries()) {
    const found = await findByHint(context, { by: 'typed', typed: name });
    const candidates = 'ambiguous' in found ? found.ambiguous : 'person' in found ? [found.person] : [];
    if (candidates.length === 0) continue;
    const teams = await teamsOf(
      context.db,
      context.organisation.id,
      candidates.map((one) => one.id),
    );
    const options = candidates.map((one): Option => {
      const team = teams.get(one.id);
      return { value: one.id, label: team ? join([person(one.name), words(team)], ' · ') : person(one.name) };
    });
    fields.push({
      kind: 'choice',
      name: WHO[index] ?? 'who1',
      label: key('recognition.form.which', { name: words(name) }),
      hint: key('recognition.form.which_hint'),
      style: 'radio',
      optional: true,
      options,
    });
  }
  return fields;
}

export function valueField(values: readonly Value[], chosen: string | undefined): Field {
  return {
    kind: 'choice',
    name: 'value',
    label: key('recognition.form.value'),
    options: [
      { value: NO_VALUE, label: key('recognition.form.no_value') },
      ...values.map((value) => ({ value: value.id, label: valueText(value) })),
    ],
    initial: values.some((value) => value.id === chosen) && chosen ? chosen : NO_VALUE,
  };
}

export function reasonField(initial: string): Field {
  const { least, most } = REASON_CHARACTERS;
  return {
    kind: 'text',
    name: 'reason',
    label: key('recognition.form.reason'),
    hint: key('recognition.form.reason_hint', { least, most }),
    multiline: true,
    ...(initial !== '' && { initial }),
  };
}

async function peopleFields(context: HandlerContext, draft: Draft): Promise<Field[]> {
  const initial = await initialPeople(context, draft.to);
  const elsewhere = context.actor.platform === 'slack' && (await hasManyWorkspaces(context.db, context.organisation.id));
  const others = elsewhere || initial.typed.length > 0;
  return [
    {
      kind: 'people',
      name: 'people',
      label: key('recognition.form.people'),
      multiple: true,
      // Whom else the form asks for may be all there are; that nobody was chosen at all is said when it is sent.
      optional: others || draft.unsure.length > 0,
      ...(initial.picked.length > 0 && { initial: initial.picked }),
    },
    ...(others
      ? [
          {
            kind: 'text' as const,
            name: 'others',
            label: key('recognition.form.others'),
            hint: key('recognition.form.others_hint'),
            optional: true,
            ...(initial.typed.length > 0 && { initial: initial.typed.join(', ') }),
          },
        ]
      : []),
  ];
}

const giveForm = form({
  id: 'recognition.give',
  role: 'employee',
  payload: DraftRef,
  input: GiveInput,
  build: async (context, payload) => {
    const draft = draftOf(payload);
    const problem = await problemText(context, draft);
    const left = await allowanceLeft(context, context.person.id);
    const intro: Block[] = problem ? [{ kind: 'paragraph', text: problem }] : [];
    return {
      title: key('recognition.form.title'),
      submit: key('recognition.form.submit'),
      ...(intro.length > 0 && { intro }),
      fields: [
        ...(await candidateFields(context, draft.unsure)),
        ...(await peopleFields(context, draft)),
        valueField(await listValues(context.db, context.organisation.id), draft.valueId),
        {
          kind: 'text',
          name: 'points',
          label: key('recognition.form.points'),
          hint: key('recognition.form.points_hint', { left }),
          optional: true,
          maxLength: 20,
          ...(draft.points !== undefined && { initial: String(draft.points) }),
        },
        reasonField(draft.words),
        {
          kind: 'check',
          name: 'public',
          label: key('recognition.form.public'),
          text: key('recognition.form.public_text'),
          optional: true,
          initial: !draft.private,
        },
      ],
    };
  },
  submit: async (context, { payload, input }) => await submitGift(context, draftOf(payload), input),
});

async function submitGift(context: HandlerContext, before: Draft, input: Input): Promise<Reply> {
  const others = input.others
    .split(/[,;\n]/)
    .filter((name) => name.trim() !== '')
    .map((typed): PersonHint => ({ by: 'typed', typed }));
  const named = await namedPeople(context, [...(input.people ?? []), ...others]);
  const chosen = WHO.flatMap((name) => input[name] ?? []).filter((id) => z.uuid().safeParse(id).success);
  const to = [...new Set([...named.people.map((one) => one.id), ...chosen])];
  const points = readPoints(input.points);
  const valueId = input.value === NO_VALUE ? null : input.value;
  const errors: Record<string, Text> = {};
  const [unknown] = [...named.unknown, ...named.outside];
  if (named.outside.length > 0) errors.people = key('recognition.missing.mention');
  else if (unknown !== undefined) errors.people = key('recognition.errors.person_unknown', { names: list([...named.unknown].map(words)) });
  else if (to.length === 0 && named.unsure.length === 0) errors.people = key('recognition.errors.nobody');
  const reason = reasonProblem(input.reason);
  if (reason) errors.reason = reason;
  if (points === undefined) errors.points = key('recognition.errors.points_invalid', { most: MOST_POINTS });
  const values = await listValues(context.db, context.organisation.id);
  if (valueId !== null && !values.some((value) => value.id === valueId)) errors.value = key('recognition.errors.value_gone');
  if (Object.keys(errors).length > 0 || points === undefined) return formErrors(errors);

  const gift = { words: cleanReason(input.reason), private: !input.public };
  if (named.unsure.length > 0) {
    const next: Draft = {
      ...gift,
      to,
      unsure: named.unsure,
      valueId: valueId ?? undefined,
      points: points > 0 ? points : undefined,
      problem: 'unsure',
      about: named.unsure[0],
    };
    return open(ref('recognition.give', draftPayload({ ...before, ...next })));
  }
  try {
    const kudosId = await give(context, {
      giverId: context.person.id,
      receiverIds: to,
      valueId,
      words: gift.words,
      points,
      public: input.public,
      source: 'peer',
    });
    return whisper(await givenCard(context, kudosId));
  } catch (error) {
    if (!(error instanceof BellhopError)) throw error;
    return formErrors(atField(error));
  }
}

/** What giving refused, at the field that it is about. */
function atField(error: BellhopError): FormErrors {
  const field: Readonly<Record<string, string>> = {
    'recognition.self': 'people',
    'recognition.nobody': 'people',
    'recognition.too_many_people': 'people',
    'recognition.receiver_gone': 'people',
    'recognition.points_invalid': 'points',
    'recognition.too_few_points': 'points',
    'recognition.pair_cap': 'points',
    'recognition.value_gone': 'value',
  };
  return { [field[error.code] ?? 'form']: key(error.key, error.params) };
}

const openForm = action({
  id: 'recognition.give_open',
  role: 'employee',
  payload: DraftRef,
  run: async (_, payload) => open(ref('recognition.give', payload)),
});

export const giveForms = [giveForm];
export const giveActions = [openForm];
