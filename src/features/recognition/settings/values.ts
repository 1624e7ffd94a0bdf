import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { open, say, update } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { join, key, type Text, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import type { Value } from '../model.js';
import { listValues, valueName } from '../store-settings.js';
import { Rows, ValueFormRef, ValueRef } from './schema.js';
import { archiveValue, lockValues } from './store.js';

/** "🤝 Courtesy" */
const shownValue = (value: Value): Text => join([words(value.emoji), valueName(value)], ' ');

/** The organisation's values; managers can change them. `lead` tells what has just happened. */
export async function valuesCard(context: HandlerContext, offset = 0, lead?: Text): Promise<Card> {
  const values = await listValues(context.db, context.organisation.id);
  const manages = hasRole(context.role, 'manager');
  const told = lead ?? key('recognition.values.lead');
  return {
    summary: told,
    title: key('recognition.values.title'),
    lead: told,
    rows: values.slice(offset, offset + ROWS).map((value) => ({
      text: shownValue(value),
      ...(manages && { action: button(key('recognition.values.change'), ref('recognition.value', { valueId: value.id })) }),
    })),
    actions: [
      ...turnRows(offset, values.length, (next) => ref('recognition.values', { offset: next })),
      ...(manages ? [button(key('recognition.values.add'), ref('recognition.value_open', { valueId: null }))] : []),
    ],
    ...shownFooter(offset, Math.min(ROWS, values.length - offset), values.length),
  };
}

/** One value, for those who may change it. */
function valueCard(value: Value, alone: boolean): Card {
  const name = valueName(value);
  const lead = key(alone ? 'recognition.value.lead_last' : 'recognition.value.lead');
  return {
    summary: shownValue(value),
    title: shownValue(value),
    lead,
    actions: [
      button(key('recognition.value.edit'), ref('recognition.value_open', { valueId: value.id }), { style: 'primary' }),
      ...(alone
        ? []
        : [
            button(key('recognition.value.archive'), ref('recognition.value_archive', { valueId: value.id }), {
              style: 'danger',
              confirm: {
                title: key('recognition.value.archive_title'),
                text: key('recognition.value.archive_text', { name }),
                yes: key('recognition.value.archive'),
                no: key('core.ui.cancel'),
              },
            }),
          ]),
      button(key('recognition.value.back'), ref('recognition.values', { offset: 0 })),
    ],
  };
}

const showValues = action({
  id: 'recognition.values',
  role: 'employee',
  payload: Rows,
  run: async (context, { offset }) => update(await valuesCard(context, offset)),
});

const showValue = action({
  id: 'recognition.value',
  role: 'manager',
  payload: ValueRef,
  run: async (context, { valueId }) => {
    const values = await listValues(context.db, context.organisation.id);
    const value = values.find(({ id }) => id === valueId);
    // Archived by somebody else meanwhile: here are those that are left.
    return update(value ? valueCard(value, values.length === 1) : await valuesCard(context, 0, key('recognition.values.gone')));
  },
});

const openValue = action({
  id: 'recognition.value_open',
  role: 'manager',
  payload: ValueFormRef,
  run: async (_, payload) => open(ref('recognition.value_edit', payload)),
});

const archive = action({
  id: 'recognition.value_archive',
  role: 'manager',
  payload: ValueRef,
  run: async (context, { valueId }) => {
    const { db, organisation, person } = context;
    const archived = await inTransaction(db, async (tx) => {
      await lockValues(tx, organisation.id);
      const values = await listValues(tx, organisation.id);
      const value = values.find(({ id }) => id === valueId);
      if (!value) return undefined;
      if (values.length === 1) throw new BellhopError('recognition.value_last');
      const now = context.clock.now();
      await archiveValue(tx, organisation.id, valueId, now);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.value_archived', subjectId: valueId };
      await recordEvent(tx, act, now);
      return value;
    });
    const lead = archived ? key('recognition.values.archived', { name: valueName(archived) }) : key('recognition.values.gone');
    return update(await valuesCard(context, 0, lead));
  },
});

const verb: Verb<HandlerContext> = {
  name: 'values',
  role: 'employee',
  describe: key('recognition.verb.values'),
  run: async (context) => say(await valuesCard(context)),
};

/** What the organisation values: seen by everybody, kept by managers. The form that changes one is in values-form.ts. */
export const values = { verb, actions: [showValues, showValue, openValue, archive] };
