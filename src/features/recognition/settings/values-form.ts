import { BellhopError } from '../../../core/errors.js';
import type { Field } from '../../../core/form.js';
import { formErrors, say } from '../../../core/reply.js';
import { key, plain, type Text, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import { form, type HandlerContext } from '../../../people/handlers.js';
import { cleanName, foldName } from '../../../people/names.js';
import { organisationReader } from '../../../people/people.js';
import type { Value } from '../model.js';
import { listValues, valueName } from '../store-settings.js';
import { readEmoji } from './emoji.js';
import { ValueFormRef, ValueInput } from './schema.js';
import { addValue, changeValue, lockValues, orderValues } from './store.js';
import { valuesCard } from './values.js';

/** Few enough to choose from at a glance. */
const MOST_VALUES = 20;
/** Characters of a value's name: it stands in menus and, as a hashtag, in commands. */
const LONGEST_NAME = 40;

const nameFor = (context: HandlerContext, value: Value) => plain(context.localise(valueName(value), context.reader));

/** What somebody has typed for a value, made fit. */
interface Wanted {
  readonly name: string;
  readonly emoji: string;
  /** From 1; undefined: where it is, or last. */
  readonly position: number | undefined;
}

export const valueForm = form({
  id: 'recognition.value_edit',
  role: 'manager',
  payload: ValueFormRef,
  input: ValueInput,
  build: async (context, { valueId }) => {
    const values = await listValues(context.db, context.organisation.id);
    const index = values.findIndex(({ id }) => id === valueId);
    const value = values[index];
    // Archived meanwhile: sending the form says so, and what was typed is still there.
    const places = valueId === null ? values.length + 1 : values.length;
    return {
      title: key(valueId === null ? 'recognition.value.form_add' : 'recognition.value.form_change'),
      submit: key('recognition.settings.save'),
      fields: [
        {
          kind: 'text',
          name: 'name',
          label: key('recognition.value.name'),
          hint: key('recognition.value.name_hint'),
          maxLength: LONGEST_NAME,
          ...(value && { initial: nameFor(context, value) }),
        },
        {
          kind: 'text',
          name: 'emoji',
          label: key('recognition.value.emoji'),
          hint: key('recognition.value.emoji_hint'),
          maxLength: 40,
          ...(value && { initial: value.emoji }),
        },
        placeField(places, value ? index + 1 : places),
      ],
    };
  },
  submit: async (context, { payload: { valueId }, input }) => {
    const name = cleanName(input.name);
    const emoji = readEmoji(input.emoji);
    const errors = {
      ...(foldName(name) === '' && { name: key('recognition.errors.value_name') }),
      ...([...name].length > LONGEST_NAME && { name: key('recognition.errors.value_name_long', { most: LONGEST_NAME }) }),
      ...(emoji === undefined && { emoji: key('recognition.errors.value_emoji') }),
      ...(emoji === 'name' && { emoji: key('recognition.errors.value_emoji_name', { typed: words(input.emoji) }) }),
    };
    if (emoji === undefined || emoji === 'name' || Object.keys(errors).length > 0) return formErrors(errors);
    const position = /^\d{1,3}$/.test(input.position ?? '') ? Number(input.position) : undefined;
    const wanted: Wanted = { name, emoji: emoji.emoji, position };
    const problem = await inTransaction(context.db, async (tx) => await save(context, tx, valueId, wanted));
    if (problem) return formErrors({ name: problem });
    const lead = valueId === null ? 'recognition.values.added' : 'recognition.values.changed';
    return say(await valuesCard(context, 0, key(lead, { name: words(name) })));
  },
});

function placeField(places: number, initial: number): Field {
  return {
    kind: 'choice',
    name: 'position',
    label: key('recognition.value.position'),
    optional: true,
    style: 'menu',
    options: Array.from({ length: places }, (_, index) => ({
      value: String(index + 1),
      label: key('recognition.value.place', { place: index + 1 }),
    })),
    initial: String(initial),
  };
}

/** @returns what is wrong with the name; undefined when it was saved. Throws BellhopError `recognition.value_gone`, `recognition.values_full` */
async function save(context: HandlerContext, tx: Tx, valueId: string | null, wanted: Wanted): Promise<Text | undefined> {
  const { organisation, person } = context;
  const now = context.clock.now();
  await lockValues(tx, organisation.id);
  const values = await listValues(tx, organisation.id);
  const value = values.find(({ id }) => id === valueId);
  if (valueId !== null && !value) throw new BellhopError('recognition.value_gone');
  if (valueId === null && values.length >= MOST_VALUES) throw new BellhopError('recognition.values_full', { most: MOST_VALUES });
  const others = values.filter(({ id }) => id !== valueId);
  if (others.some((other) => isNamed(context, other, wanted.name))) {
    return key('recognition.errors.value_taken', { name: words(wanted.name) });
  }
  // Left as it was offered: it goes on being shown in everybody's own language.
  const isKept = value?.name === null && wanted.name === nameFor(context, value);
  const id = value?.id ?? (await addValue(tx, organisation.id, { name: wanted.name, emoji: wanted.emoji }, now));
  if (value) await changeValue(tx, organisation.id, id, { name: isKept ? null : wanted.name, emoji: wanted.emoji });
  if (wanted.position !== undefined) {
    const place = Math.max(0, Math.min(wanted.position - 1, others.length));
    await orderValues(tx, organisation.id, [...others.slice(0, place), { id }, ...others.slice(place)]);
  }
  const verb = value ? 'recognition.value_changed' : 'recognition.value_added';
  await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb, subjectId: id }, now);
  return undefined;
}

/** Whether a value goes by this name, in the language of whoever asks or of the organisation. */
function isNamed(context: HandlerContext, value: Value, name: string): boolean {
  return [context.reader, organisationReader(context.organisation)].some(
    (reader) => foldName(plain(context.localise(valueName(value), reader))) === foldName(name),
  );
}
