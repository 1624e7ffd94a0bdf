import { button, type Card } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import { key, person, select, words } from '../../core/text.js';
import { message } from '../../people/handlers.js';
import { findPerson } from '../../people/people.js';
import { NOTHING, ROLE_GIVEN } from './schema.js';
import { settingsFacts } from './settings.js';
import { hoursText } from './texts.js';

/** Asks the first owner how the organisation works; once answered, it shows what was set. */
export const firstRun = message({
  id: 'bellhop.first_run',
  payload: NOTHING,
  card: async (context): Promise<Card> => {
    const { organisation } = context;
    if (organisation.firstRunDone) {
      return {
        summary: key('bellhop.first_run.done'),
        title: key('bellhop.first_run.title'),
        lead: key('bellhop.first_run.done'),
        facts: await settingsFacts(context.db, organisation),
        actions: [button(key('bellhop.settings.change'), ref('bellhop.settings_open'))],
      };
    }
    return {
      summary: key('bellhop.first_run.summary'),
      title: key('bellhop.first_run.title'),
      lead: key('bellhop.first_run.lead'),
      facts: [
        { label: key('bellhop.settings.zone'), value: words(organisation.zone) },
        { label: key('bellhop.settings.hours'), value: hoursText(organisation.hours) },
      ],
      body: [{ kind: 'paragraph', text: key('bellhop.first_run.body') }],
      actions: [button(key('bellhop.first_run.start'), ref('bellhop.settings_open'), { style: 'primary' })],
    };
  },
});

/** Tells somebody of a role that they were given. */
export const roleGiven = message({
  id: 'bellhop.role_given',
  payload: ROLE_GIVEN,
  guard: async (context, payload) => {
    const given = await findPerson(context.db, context.organisation.id, payload.personId);
    if (!given?.active) return 'left';
    return given.role === payload.role ? null : 'role_changed';
  },
  card: async (context, payload): Promise<Card> => {
    const by = payload.byId ? await findPerson(context.db, context.organisation.id, payload.byId) : undefined;
    const role = select(payload.role);
    return {
      summary: key('bellhop.role_given.title', { role }),
      title: key('bellhop.role_given.title', { role }),
      lead: by ? key('bellhop.role_given.by', { person: person(by.name), role }) : key('bellhop.role_given.lead', { role }),
      actions: [button(key('bellhop.help.open'), ref('bellhop.help'), { style: 'primary' })],
    };
  },
});
