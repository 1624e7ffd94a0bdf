import { BellhopError } from '../../core/errors.js';
import { ref } from '../../core/ref.js';
import { open, say, update } from '../../core/reply.js';
import { action } from '../../people/handlers.js';
import { findPerson } from '../../people/people.js';
import { again, allAgain, deliveriesCard } from './deliveries.js';
import { eraseFormer } from './erase.js';
import { helpCard } from './help.js';
import { locationsCard } from './locations.js';
import { peopleCard, personCard, rolesCard, unreachableCard } from './people-cards.js';
import { recordCard } from './record.js';
import { DELIVERY, LOCATION, NOTHING, PAGE, PERSON } from './schema.js';

export const actions = [
  action({ id: 'bellhop.help', role: 'employee', payload: NOTHING, run: async (context) => say(helpCard(context)) }),
  action({ id: 'bellhop.language_open', role: 'employee', payload: NOTHING, run: async () => open(ref('bellhop.language')) }),
  action({ id: 'bellhop.settings_open', role: 'owner', payload: NOTHING, run: async () => open(ref('bellhop.settings')) }),

  action({
    id: 'bellhop.people_page',
    role: 'manager',
    payload: PAGE,
    // The first page is opened from App Home, which it mustn't replace.
    run: async (context, { page }) => (context.place.kind === 'home' ? say : update)(await peopleCard(context, page)),
  }),
  action({
    id: 'bellhop.unreachable',
    role: 'manager',
    payload: PAGE,
    run: async (context, { page }) => say(await unreachableCard(context, page)),
  }),
  action({
    id: 'bellhop.person',
    role: 'manager',
    payload: PERSON,
    run: async (context, { personId }) => say(await personCard(context, personId)),
  }),
  action({
    id: 'bellhop.record',
    role: 'employee',
    payload: PERSON,
    run: async (context, { personId }) => {
      const owner = await findPerson(context.db, context.organisation.id, personId);
      if (!owner) throw new BellhopError('people.person_gone');
      return say(await recordCard(context, owner));
    },
  }),
  action({ id: 'bellhop.role_open', role: 'owner', payload: PERSON, run: async (_, payload) => open(ref('bellhop.role', payload)) }),
  action({ id: 'bellhop.place_open', role: 'owner', payload: PERSON, run: async (_, payload) => open(ref('bellhop.place', payload)) }),
  action({ id: 'bellhop.import_open', role: 'owner', payload: NOTHING, run: async () => open(ref('bellhop.import')) }),
  action({
    id: 'bellhop.roles_page',
    role: 'owner',
    payload: PAGE,
    run: async (context, { page }) => update(await rolesCard(context, page)),
  }),

  action({
    id: 'bellhop.erase',
    role: 'owner',
    payload: PERSON,
    run: async (context, { personId }) => update(await eraseFormer(context, personId)),
  }),
  action({
    id: 'bellhop.locations_page',
    role: 'owner',
    payload: PAGE,
    run: async (context, { page }) => update(await locationsCard(context, page)),
  }),
  action({
    id: 'bellhop.location_open',
    role: 'owner',
    payload: LOCATION,
    run: async (_, payload) => open(ref('bellhop.location', payload)),
  }),

  action({ id: 'bellhop.deliveries', role: 'manager', payload: NOTHING, run: async (context) => say(await deliveriesCard(context)) }),
  action({
    id: 'bellhop.send_again',
    role: 'manager',
    payload: DELIVERY,
    run: async (context, { deliveryId }) => update(await again(context, deliveryId)),
  }),
  action({ id: 'bellhop.send_all', role: 'manager', payload: NOTHING, run: async (context) => update(await allAgain(context)) }),
];
