import { BellhopError } from '../../core/errors.js';
import { formErrors, say } from '../../core/reply.js';
import { ROLES } from '../../core/roles.js';
import { key, list, person as personText, words } from '../../core/text.js';
import { changePerson } from '../../people/changes.js';
import { inTransaction } from '../../people/db.js';
import { findByHint } from '../../people/find-person.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { cleanName } from '../../people/names.js';
import { findPerson } from '../../people/people.js';
import { personCard } from './people-cards.js';
import { tellRole } from './role-given.js';
import { PERSON, PLACE_INPUT, ROLE_INPUT } from './schema.js';
import * as store from './store.js';
import { roleText } from './texts.js';

/** Slack takes no more options in a menu. */
const MOST_OPTIONS = 100;
/** Names of teams in a hint, which has to stay short. */
const TEAMS_SHOWN = 8;

async function present(context: HandlerContext, personId: string) {
  const person = await findPerson(context.db, context.organisation.id, personId);
  if (!person?.active) throw new BellhopError('people.person_gone');
  return person;
}

export const roleForm = form({
  id: 'bellhop.role',
  role: 'owner',
  payload: PERSON,
  input: ROLE_INPUT,
  build: async (context, { personId }) => {
    const person = await present(context, personId);
    const isSelf = personId === context.person.id;
    return {
      title: key('bellhop.role_form.title'),
      submit: key('bellhop.ui.save'),
      intro: [{ kind: 'paragraph', text: key('bellhop.role_form.intro', { person: personText(person.name) }) }],
      fields: [
        {
          kind: 'choice',
          name: 'role',
          label: key('bellhop.person.role'),
          style: 'radio',
          options: ROLES.map((role) => ({ value: role, label: roleText(role) })),
          initial: person.role,
        },
        ...(isSelf
          ? [
              {
                kind: 'check',
                name: 'confirm',
                label: key('bellhop.role_form.confirm_label'),
                text: key('bellhop.role_form.confirm'),
                optional: true,
              } as const,
            ]
          : []),
      ],
    };
  },
  submit: async (context, { payload: { personId }, input }) => {
    const now = context.clock.now();
    const organisationId = context.organisation.id;
    if (personId === context.person.id && input.role !== 'owner' && !input.confirm) {
      return formErrors({ confirm: key('bellhop.errors.confirm_own_role') });
    }
    await inTransaction(context.db, async (tx) => {
      const before = await findPerson(tx, organisationId, personId);
      const changed = await changePerson(tx, organisationId, personId, { role: input.role }, { actorId: context.person.id, now });
      if (changed.length > 0 && before) {
        await tellRole(tx, organisationId, { personId, from: before.role, to: input.role, byId: context.person.id }, now);
      }
    });
    return say(await personCard(context, personId));
  },
});

export const placeForm = form({
  id: 'bellhop.place',
  role: 'owner',
  payload: PERSON,
  input: PLACE_INPUT,
  build: async (context, { personId }) => {
    const { db, organisation } = context;
    const person = await present(context, personId);
    const teams = await store.listTeams(db, organisation.id);
    const locations = (await store.listLocations(db, organisation.id)).slice(0, MOST_OPTIONS - 1);
    const manager = person.lineManagerId ? await findPerson(db, organisation.id, person.lineManagerId) : undefined;
    const managerAccounts = manager ? await store.listAccounts(db, organisation.id, manager.id) : [];
    const onSlack = context.actor.platform === 'slack';
    const managerAccount = managerAccounts.find((account) => account.workspaceId === context.workspaceId)?.externalId;
    const initialManager = onSlack ? managerAccount : manager?.name;
    const team = teams.find((one) => one.id === person.teamId);
    return {
      title: key('bellhop.place_form.title'),
      submit: key('bellhop.ui.save'),
      intro: [{ kind: 'paragraph', text: key('bellhop.place_form.intro', { person: personText(person.name) }) }],
      fields: [
        {
          kind: 'people',
          name: 'line_manager',
          label: key('bellhop.person.line_manager'),
          hint: key('bellhop.place_form.line_manager_hint'),
          optional: true,
          ...(initialManager && { initial: [initialManager] }),
        },
        {
          kind: 'text',
          name: 'team',
          label: key('bellhop.person.team'),
          hint:
            teams.length > 0
              ? key('bellhop.place_form.team_hint', { teams: list(teams.slice(0, TEAMS_SHOWN).map((one) => words(one.name))) })
              : key('bellhop.place_form.team_hint_first'),
          optional: true,
          maxLength: 80,
          ...(team && { initial: team.name }),
        },
        {
          kind: 'choice',
          name: 'location',
          label: key('bellhop.person.location'),
          hint: key('bellhop.place_form.location_hint'),
          optional: true,
          style: 'menu',
          options: [
            { value: 'none', label: key('bellhop.none') },
            ...locations.map((location) => ({ value: location.id, label: words(location.name) })),
          ],
          initial: locations.some((location) => location.id === person.locationId) && person.locationId ? person.locationId : 'none',
        },
      ],
    };
  },
  submit: async (context, { payload: { personId }, input }) => {
    const { organisation } = context;
    const now = context.clock.now();
    const [hint, ...more] = input.line_manager;
    if (more.length > 0) return formErrors({ line_manager: key('bellhop.errors.one_line_manager') });
    const current = await present(context, personId);
    let lineManagerId: string | null = null;
    if (hint && !(hint.by === 'typed' && hint.typed.trim() === '')) {
      const found = await findByHint(context, hint);
      if ('none' in found) return formErrors({ line_manager: key('bellhop.errors.person_unknown', { typed: words(typedName(hint)) }) });
      // Two people of one name: the one who is it already was left in the field.
      const kept = 'ambiguous' in found ? found.ambiguous.find((one) => one.id === current.lineManagerId) : undefined;
      if ('ambiguous' in found && !kept) {
        const names = list(found.ambiguous.map((one) => personText(one.name)));
        return formErrors({ line_manager: key('bellhop.errors.person_ambiguous', { typed: words(typedName(hint)), names }) });
      }
      lineManagerId = 'person' in found ? found.person.id : (kept?.id ?? null);
    }
    const locationId = input.location && input.location !== 'none' ? input.location : null;
    const known = locationId === null || (await store.listLocations(context.db, organisation.id)).some((one) => one.id === locationId);
    if (!known) return formErrors({ location: key('bellhop.errors.location_unknown') });
    const teamName = cleanName(input.team ?? '');
    try {
      await inTransaction(context.db, async (tx) => {
        // The lock on people comes first everywhere.
        const change = { lineManagerId, locationId };
        await changePerson(tx, organisation.id, personId, change, { actorId: context.person.id, now });
        const teamId = teamName ? await store.ensureTeam(tx, organisation.id, teamName, now) : null;
        await changePerson(tx, organisation.id, personId, { teamId }, { actorId: context.person.id, now });
      });
    } catch (error) {
      const isLine = error instanceof BellhopError && ['people.own_line', 'people.manager_left'].includes(error.code);
      if (isLine) return formErrors({ line_manager: key(error.key, error.params) });
      throw error;
    }
    return say(await personCard(context, personId));
  },
});

function typedName(hint: { by: 'account'; externalId: string } | { by: 'typed'; typed: string }): string {
  return hint.by === 'typed' ? hint.typed.trim() : hint.externalId;
}
