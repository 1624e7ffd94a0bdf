import { button, CARD_LIMITS, type Card, notice } from '../../core/card.js';
import { homeCards } from '../../core/dispatch.js';
import { BellhopError } from '../../core/errors.js';
import type { Command, CommandInput } from '../../core/feature.js';
import type { PersonHint } from '../../core/form.js';
import { ref } from '../../core/ref.js';
import { open, type Reply, say, whisper } from '../../core/reply.js';
import { hasRole } from '../../core/roles.js';
import { commandWords, key, person as personText, words } from '../../core/text.js';
import { listChannels } from '../../people/channels.js';
import { claimOwner } from '../../people/claim.js';
import { findByHint, findFormer } from '../../people/find-person.js';
import type { HandlerContext } from '../../people/handlers.js';
import { recordOwner } from '../../people/record-access.js';
import { deliveriesCard } from './deliveries.js';
import { eraseCommand } from './erase.js';
import { askFirstRun } from './first-run.js';
import { helpCard } from './help.js';
import { exportPeople, importPeople } from './import.js';
import { chooseLanguage } from './language.js';
import { locationsCard } from './locations.js';
import { peopleCard, personCard, rolesCard } from './people-cards.js';
import { recordCard } from './record.js';
import { platformText, roleText } from './texts.js';

type Run = (context: HandlerContext, input: CommandInput) => Promise<Reply>;

export function createCommand(locales: readonly string[]): Command<HandlerContext> {
  return {
    name: 'bellhop',
    bare: 'help',
    verbs: [
      { name: 'help', role: 'employee', describe: key('bellhop.verb.help'), run: async (context) => whisper(helpCard(context)) },
      {
        name: 'home',
        role: 'employee',
        describe: key('bellhop.verb.home'),
        run: async (context) => ({ kind: 'home', cards: await homeCards(context.registry, context) }),
      },
      {
        name: 'language',
        role: 'employee',
        describe: key('bellhop.verb.language'),
        usage: `[${locales.join('|')}]`,
        run: async (context, { text }) => (text === '' ? open(ref('bellhop.language')) : await chooseLanguage(context, text, locales)),
      },
      {
        name: 'record',
        role: 'employee',
        describe: key('bellhop.verb.record'),
        usage: '[@person]',
        run: async (context, input) => whisper(await recordCard(context, await recordOwner(context, input))),
      },
      { name: 'people', role: 'manager', describe: key('bellhop.verb.people'), usage: '[@person|import|export]', run: people },
      {
        name: 'channels',
        role: 'manager',
        describe: key('bellhop.verb.channels'),
        run: async (context) => whisper(await channelsCard(context)),
      },
      {
        name: 'deliveries',
        role: 'manager',
        describe: key('bellhop.verb.deliveries'),
        run: async (context) => whisper(await deliveriesCard(context)),
      },
      { name: 'roles', role: 'owner', describe: key('bellhop.verb.roles'), usage: '[@person]', run: roles },
      {
        name: 'locations',
        role: 'owner',
        describe: key('bellhop.verb.locations'),
        run: async (context) => whisper(await locationsCard(context, 0)),
      },
      { name: 'settings', role: 'owner', describe: key('bellhop.verb.settings'), run: async () => open(ref('bellhop.settings')) },
      { name: 'erase', role: 'owner', describe: key('bellhop.verb.erase'), usage: 'NAME', run: eraseCommand },
      { name: 'claim', role: 'employee', describe: key('bellhop.verb.claim'), usage: 'CODE', run: claim },
    ],
  };
}

const people: Run = async (context, input) => {
  const [first] = input.tokens;
  const word = first?.kind === 'word' ? first.text.toLowerCase() : undefined;
  if (first === undefined) {
    // On Teams the file comes with the message; a file alone can only mean this.
    return input.files.length > 0
      ? await ownersOnly(context, () => importPeople(context, input.files))
      : whisper(await peopleCard(context, 0));
  }
  if (word === 'import') {
    return await ownersOnly(context, async () =>
      input.files.length > 0 ? await importPeople(context, input.files) : open(ref('bellhop.import')),
    );
  }
  if (word === 'export') return await ownersOnly(context, () => exportPeople(context));
  return await about(context, input, async (personId) => whisper(await personCard(context, personId)), { former: true });
};

const roles: Run = async (context, input) => {
  if (input.tokens.length === 0) return whisper(await rolesCard(context, 0));
  return await about(context, input, async (personId) => open(ref('bellhop.role', { personId })));
};

const claim: Run = async (context, { text }) => {
  if (text === '')
    throw new BellhopError('bellhop.claim_code_missing', { command: commandWords(context.actor.platform, 'bellhop', 'claim CODE') });
  const now = context.clock.now();
  await claimOwner(context, context.organisation.id, context.person.id, text, async (tx) => {
    await askFirstRun(tx, context.organisation.id, now);
  });
  return whisper({
    summary: key('bellhop.claim.done'),
    title: key('bellhop.claim.title'),
    lead: key('bellhop.claim.done'),
    actions: [button(key('bellhop.first_run.start'), ref('bellhop.settings_open'), { style: 'primary' })],
  });
};

async function ownersOnly(context: HandlerContext, act: () => Promise<Reply>): Promise<Reply> {
  if (!hasRole(context.role, 'owner')) throw new BellhopError('core.role_needed', { role: { kind: 'select', value: 'owner' } });
  return await act();
}

/**
 * The person that the rest of a command names: a mention, or a name or address typed.
 * @param among `former`: whoever left counts too, where nobody who is here is meant
 */
async function about(
  context: HandlerContext,
  input: CommandInput,
  act: (personId: string) => Promise<Reply>,
  among: { readonly former?: boolean } = {},
): Promise<Reply> {
  const mention = input.tokens.find((token) => token.kind === 'person');
  const hint: PersonHint = mention ? mention.hint : { by: 'typed', typed: input.text };
  const here = await findByHint(context, hint);
  const found = 'none' in here && among.former ? await findFormer(context, hint) : here;
  if ('person' in found) return await act(found.person.id);
  const typed = words(hint.by === 'typed' ? hint.typed : hint.externalId);
  if ('none' in found) {
    throw hint.by === 'typed' ? new BellhopError('bellhop.person_unknown', { typed }) : new BellhopError('bellhop.mention_unknown');
  }
  return say(await whichCard(context, found.ambiguous, typed));
}

/** Several have this name: a button for each, with what tells them apart. */
async function whichCard(
  context: HandlerContext,
  people: readonly { readonly id: string; readonly name: string; readonly role: 'owner' | 'manager' | 'employee' }[],
  typed: ReturnType<typeof words>,
): Promise<Card> {
  return {
    summary: key('bellhop.which.lead', { typed }),
    title: key('bellhop.which.title'),
    lead: key('bellhop.which.lead', { typed }),
    rows: people.map((one) => ({
      text: personText(one.name),
      detail: roleText(one.role),
      action: button(key('core.ui.open'), ref('bellhop.person', { personId: one.id })),
    })),
    ...(people.length >= CARD_LIMITS.rows && {
      footer: key('bellhop.which.footer', { command: commandWords(context.actor.platform, 'bellhop', 'people') }),
    }),
  };
}

/** Where the bot can post; there is nothing to press, so the list is one block. */
async function channelsCard(context: HandlerContext): Promise<Card> {
  const channels = await listChannels(context.db, context.organisation.id);
  if (channels.length === 0) return { ...notice(key('bellhop.channels.none')), title: key('bellhop.channels.title') };
  const shown = channels.slice(0, CARD_LIMITS.rows);
  return {
    summary: key('bellhop.channels.lead', { count: channels.length }),
    title: key('bellhop.channels.title'),
    lead: key('bellhop.channels.lead', { count: channels.length }),
    rows: shown.map((channel) => ({ text: words(`#${channel.name}`), detail: platformText(channel.platform) })),
    ...(channels.length > shown.length && { footer: key('bellhop.ui.page', { first: 1, last: shown.length, total: channels.length }) }),
  };
}
