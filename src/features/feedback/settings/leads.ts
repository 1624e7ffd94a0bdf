import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Field, PersonHint } from '../../../core/form.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, say } from '../../../core/reply.js';
import { join, key, person as personText, type Text, words } from '../../../core/text.js';
import { initialPerson, readPeople } from '../../../people/audience-form.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import type { Person } from '../../../people/model.js';
import { findPeople } from '../../../people/people.js';
import { ensureDefaults } from '../defaults.js';
import { to } from '../refs.js';
import { Offset } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { here } from './refs.js';
import { LeadInput, LeadRef } from './schema.js';
import { findLocationLeads, listLeads, saveLeads, saveSettings } from './store.js';

/** Who leads and who manages: everywhere else first, then by location. */
async function leadsCard(context: HandlerContext, offset: number, lead: Text): Promise<Card> {
  const { db, organisation } = context;
  const [{ locations, total }, settings] = await Promise.all([
    // The first row of the first page is everywhere else.
    listLeads(db, organisation.id, { offset: Math.max(0, offset - 1), limit: offset === 0 ? ROWS - 1 : ROWS }),
    loadSettings(db, organisation),
  ]);
  const shown = [...locations, settings];
  const people = await findPeople(
    db,
    organisation.id,
    shown.flatMap(({ leadId, managerId }) => [leadId ?? [], managerId ?? []].flat()),
  );
  const row = (name: Text, locationId: string | null, of: Pick<typeof settings, 'leadId' | 'managerId'>): Row => ({
    text: name,
    detail: whoText(people, of),
    action: button(key('feedback.settings.change'), here.lead(locationId)),
  });
  const rows = [
    ...(offset === 0 ? [row(key('feedback.settings.everywhere'), null, settings)] : []),
    ...locations.map((location) => row(words(location.name), location.id, location)),
  ];
  return {
    summary: lead,
    title: key('feedback.settings.leads_title'),
    lead,
    rows,
    actions: [...turnRows(offset, total + 1, here.leads), button(key('feedback.settings.back'), to.settings())],
    ...shownFooter(offset, rows.length, total + 1),
  };
}

function whoText(people: ReadonlyMap<string, Person>, of: { readonly leadId: string | null; readonly managerId: string | null }): Text {
  const named = (id: string | null): Text => {
    const found = id === null ? undefined : people.get(id);
    return found?.active ? personText(found.name) : key('feedback.settings.nobody_set');
  };
  return join(
    [
      join([key('feedback.settings.field_lead'), named(of.leadId)], ': '),
      join([key('feedback.settings.field_manager'), named(of.managerId)], ': '),
    ],
    ' · ',
  );
}

export const leads = action({
  id: 'feedback.leads',
  role: 'manager',
  payload: Offset,
  run: async (context, { offset }) => say(await leadsCard(context, offset, key('feedback.settings.leads_lead'))),
});

export const leadOpen = action({
  id: 'feedback.lead_open',
  role: 'manager',
  payload: LeadRef,
  run: async (_context, { locationId }) => open(ref('feedback.lead', { locationId })),
});

/** What is set for a location, or for everywhere else. */
async function currentLeads({ db, organisation }: HandlerContext, locationId: string | null) {
  if (locationId === null) {
    const { leadId, managerId } = await loadSettings(db, organisation);
    return { name: key('feedback.settings.everywhere') as Text, leadId, managerId };
  }
  const found = await findLocationLeads(db, organisation.id, locationId);
  if (!found) throw new BellhopError('feedback.location_gone');
  return { name: words(found.name) as Text, leadId: found.leadId, managerId: found.managerId };
}

export const leadForm = form({
  id: 'feedback.lead',
  role: 'manager',
  payload: LeadRef,
  input: LeadInput,
  build: async (context, { locationId }) => {
    const { db, organisation } = context;
    const current = await currentLeads(context, locationId);
    const people = await findPeople(db, organisation.id, [current.leadId ?? [], current.managerId ?? []].flat());
    const field = async (name: string, label: Text, hint: Text, id: string | null): Promise<Field> => {
      const set = id === null ? undefined : people.get(id);
      const initial = set?.active ? await initialPerson(context, set) : [];
      return { kind: 'people', name, label, hint, optional: true, ...(initial.length > 0 && { initial }) };
    };
    return {
      title: key('feedback.settings.lead_title'),
      submit: key('feedback.settings.save'),
      intro: [{ kind: 'paragraph', text: key('feedback.settings.lead_intro', { location: current.name }) }],
      fields: [
        await field('lead', key('feedback.settings.field_lead'), key('feedback.settings.lead_hint'), current.leadId),
        await field('manager', key('feedback.settings.field_manager'), key('feedback.settings.manager_hint'), current.managerId),
      ],
    };
  },
  submit: async (context, { payload: { locationId }, input }) => {
    const { db, organisation, person, clock } = context;
    const { name } = await currentLeads(context, locationId);
    const [lead, manager] = [await readOne(context, input.lead), await readOne(context, input.manager)];
    if ('error' in lead || 'error' in manager) {
      return formErrors({ ...('error' in lead && { lead: lead.error }), ...('error' in manager && { manager: manager.error }) });
    }
    const set = { leadId: lead.id, managerId: manager.id };
    await ensureDefaults(context);
    await inTransaction(db, async (tx) => {
      if (locationId === null) await saveSettings(tx, organisation.id, set);
      else await saveLeads(tx, organisation.id, locationId, set);
      const data = { ...set, locationId };
      await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb: 'feedback.leads_changed', data }, clock.now());
    });
    return say(await leadsCard(context, 0, key('feedback.settings.saved_leads', { location: name })));
  },
});

/** One person or nobody. */
async function readOne(
  context: HandlerContext,
  hints: readonly PersonHint[],
): Promise<{ readonly id: string | null } | { readonly error: Text }> {
  if (hints.length === 0) return { id: null };
  const found = await readPeople(context, hints);
  if ('error' in found) return found;
  const [only] = found.people;
  return found.people.length > 1 ? { error: key('feedback.errors.settings_one_person') } : { id: only?.id ?? null };
}
