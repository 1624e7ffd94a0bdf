import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { CommandInput } from '../../../core/feature.js';
import type { FormErrors, PersonHint } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, type Reply, say, update, whisper } from '../../../core/reply.js';
import { hasRole } from '../../../core/roles.js';
import { commandWords, date, key, person as personText, select, type Text } from '../../../core/text.js';
import { readPeople } from '../../../people/audience-form.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { addDays, isDay, localDay } from '../../../people/hours.js';
import { findPerson } from '../../../people/people.js';
import { to } from './refs.js';
import { AwayInput, Nothing } from './schema.js';
import { findAway, fulfilsSomething, hasReports, setAway } from './store-deputies.js';

/** The longest that somebody can be away in one go. */
const MOST_DAYS = 366;

/** Whoever is never asked for anything needs no deputy. Throws BellhopError `core.role_needed`. */
async function checkConcerned({ db, organisation, person, role }: HandlerContext): Promise<void> {
  if (hasRole(role, 'manager') || (await hasReports(db, organisation.id, person.id))) return;
  if (!(await fulfilsSomething(db, organisation.id, person.id))) throw new BellhopError('core.role_needed', { role: select('manager') });
}

const today = ({ clock, organisation }: HandlerContext): string => localDay(clock.now(), organisation.zone);

/** Notes the deputy, or tells what has to be mended in which field. */
async function appoint(
  context: HandlerContext,
  until: string,
  deputy: readonly PersonHint[],
): Promise<Card | { readonly errors: FormErrors }> {
  const { organisation, person } = context;
  const errors: Record<string, Text> = {};
  const first = today(context);
  if (!isDay(until)) errors.until = key('recognition.errors.away_until');
  else if (until < first) errors.until = key('recognition.errors.away_past', { until: date(until) });
  else if (until > addDays(first, MOST_DAYS)) errors.until = key('recognition.errors.away_long');
  const found = await readPeople(context, deputy);
  if ('error' in found) errors.deputy = found.error;
  else if (found.people.length > 1) errors.deputy = key('recognition.errors.away_one_deputy');
  else if (found.people[0]?.id === person.id) errors.deputy = key('recognition.errors.away_self');
  const acting = 'people' in found ? found.people[0] : undefined;
  if (!acting || Object.keys(errors).length > 0) return { errors };
  await inTransaction(context.db, async (tx) => {
    await setAway(tx, organisation.id, person.id, { until, deputyId: acting.id });
    const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.away', subjectId: person.id };
    await recordEvent(tx, { ...act, data: { until, deputyId: acting.id } }, context.clock.now());
  });
  return awayCard(until, acting.name);
}

function awayCard(until: string, deputy: string): Card {
  const lead = key('recognition.away.set', { until: date(until), deputy: personText(deputy) });
  return {
    summary: lead,
    title: key('recognition.away.title'),
    lead,
    actions: [button(key('recognition.away.change'), to.away()), button(key('recognition.away.back'), to.back())],
  };
}

/** `/kudos away 2027-03-12 @deputy`; without both the form. */
export async function awayCommand(context: HandlerContext, { tokens, text }: CommandInput): Promise<Reply> {
  await checkConcerned(context);
  const [first, ...rest] = tokens;
  if (!first) return await current(context);
  const mention = rest.find((token) => token.kind === 'person');
  const name = text.split(/\s+/).slice(1).join(' ');
  const deputy: PersonHint[] = mention ? [mention.hint] : name === '' ? [] : [{ by: 'typed', typed: name }];
  if (first.kind !== 'word' || !isDay(first.text) || deputy.length === 0) {
    throw new BellhopError('recognition.away_how', { command: commandWords(context.actor.platform, 'kudos', 'away') });
  }
  const card = await appoint(context, first.text, deputy);
  if (!('errors' in card)) return whisper(card);
  const [error] = Object.values(card.errors);
  throw new BellhopError('recognition.away_refused', { reason: error ?? key('recognition.errors.away_until') });
}

/** How it stands for whoever is away; the form for everybody else. */
async function current(context: HandlerContext): Promise<Reply> {
  const { db, organisation, person } = context;
  const away = await findAway(db, organisation.id, person.id, today(context));
  const deputy = away?.deputyId ? await findPerson(db, organisation.id, away.deputyId) : undefined;
  return away && deputy ? whisper(awayCard(away.until, deputy.name)) : open(ref('recognition.away'));
}

export const awayForm = form({
  id: 'recognition.away',
  role: 'employee',
  payload: Nothing,
  input: AwayInput,
  build: async (context) => {
    await checkConcerned(context);
    return {
      title: key('recognition.away.title'),
      submit: key('recognition.away.save'),
      intro: [{ kind: 'paragraph', text: key('recognition.away.intro') }],
      fields: [
        { kind: 'date', name: 'until', label: key('recognition.away.until'), initial: addDays(today(context), 7) },
        { kind: 'people', name: 'deputy', label: key('recognition.away.deputy'), hint: key('recognition.away.deputy_hint') },
      ],
    };
  },
  submit: async (context, { input }) => {
    await checkConcerned(context);
    const card = await appoint(context, input.until, input.deputy);
    return 'errors' in card ? formErrors(card.errors) : say(card);
  },
});

const away = action({ id: 'recognition.away', role: 'employee', payload: Nothing, run: async () => open(ref('recognition.away')) });

const awayEnd = action({
  id: 'recognition.away_end',
  role: 'employee',
  payload: Nothing,
  run: async (context) => {
    const { db, organisation, person } = context;
    await inTransaction(db, async (tx) => {
      await setAway(tx, organisation.id, person.id, null);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.back', subjectId: person.id };
      await recordEvent(tx, act, context.clock.now());
    });
    const lead = key('recognition.away.ended');
    return update({
      summary: lead,
      title: key('recognition.away.title'),
      lead,
      actions: [button(key('recognition.away.open'), to.away())],
    });
  },
});

export const awayActions = [away, awayEnd];
