import { button, type Card, type Fact } from '../../../core/card.js';
import type { Verb } from '../../../core/feature.js';
import type { Field } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, say } from '../../../core/reply.js';
import { key, type Text, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { channelField, readChannel } from '../../../people/channel-form.js';
import { findChannel } from '../../../people/channels.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import type { Settings } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { readEmojiName } from './emoji.js';
import { Nothing, SettingsInput } from './schema.js';
import { findOwnChannel, saveSettings } from './store.js';

/** How recognition is set up, in six lines. `lead` tells what has just happened. */
async function settingsCard(context: HandlerContext, lead: Text): Promise<Card> {
  const settings = await loadSettings(context.db, context.organisation);
  return {
    summary: lead,
    title: key('recognition.settings.title'),
    lead,
    facts: await factsOf(context, settings),
    actions: [
      button(key('recognition.settings.change'), ref('recognition.settings_open'), { style: 'primary' }),
      button(key('recognition.values.open'), ref('recognition.values', { offset: 0 })),
    ],
    footer: key('recognition.settings.next_month'),
  };
}

async function factsOf({ db, organisation }: HandlerContext, settings: Settings): Promise<Fact[]> {
  const channel = settings.channelId ? await findChannel(db, organisation.id, { value: settings.channelId }) : undefined;
  const { allowance, leadAllowance, pairCap, joinPoints, reactionEmoji, reactionPoints } = settings;
  return [
    { label: key('recognition.settings.allowance'), value: key('recognition.settings.allowance_value', { allowance, leadAllowance }) },
    { label: key('recognition.settings.pair_cap'), value: key('recognition.settings.points', { count: pairCap }) },
    { label: key('recognition.settings.join_points'), value: key('recognition.settings.points', { count: joinPoints }) },
    {
      label: key('recognition.settings.reaction'),
      value:
        reactionEmoji === ''
          ? key('recognition.settings.reaction_off')
          : key('recognition.settings.reaction_value', { emoji: words(`:${reactionEmoji}:`), count: reactionPoints }),
    },
    {
      label: key('recognition.settings.channel'),
      value: channel ? words(`#${channel.name}`) : key('recognition.settings.channel_none'),
    },
    { label: key('recognition.settings.currency'), value: words(settings.currency) },
  ];
}

const figure = (name: string, label: string, initial: number, hint?: Text): Field => ({
  kind: 'text',
  name,
  label: key(label),
  initial: String(initial),
  maxLength: 6,
  ...(hint && { hint }),
});

/** Currencies that this machine can write out, which are those of ISO 4217. */
const isCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code);

const settingsForm = form({
  id: 'recognition.settings',
  role: 'manager',
  payload: Nothing,
  input: SettingsInput,
  build: async (context) => {
    const { db, organisation } = context;
    const settings = await loadSettings(db, organisation);
    return {
      title: key('recognition.settings.form_title'),
      submit: key('recognition.settings.save'),
      fields: [
        figure('allowance', 'recognition.settings.field_allowance', settings.allowance, key('recognition.settings.next_month')),
        figure('lead_allowance', 'recognition.settings.field_lead_allowance', settings.leadAllowance),
        figure('pair_cap', 'recognition.settings.field_pair_cap', settings.pairCap, key('recognition.settings.pair_cap_hint')),
        figure('join_points', 'recognition.settings.field_join_points', settings.joinPoints),
        {
          kind: 'text',
          name: 'reaction_emoji',
          label: key('recognition.settings.field_reaction_emoji'),
          hint: key('recognition.settings.reaction_hint'),
          optional: true,
          maxLength: 110,
          ...(settings.reactionEmoji !== '' && { initial: `:${settings.reactionEmoji}:` }),
        },
        figure('reaction_points', 'recognition.settings.field_reaction_points', settings.reactionPoints),
        await channelField(context, {
          name: 'channel',
          label: key('recognition.settings.channel'),
          hint: key('recognition.settings.channel_hint'),
          current: await findOwnChannel(db, organisation.id),
        }),
        {
          kind: 'text',
          name: 'currency',
          label: key('recognition.settings.currency'),
          hint: key('recognition.settings.currency_hint'),
          maxLength: 3,
          initial: settings.currency,
        },
      ],
    };
  },
  submit: async (context, { input }) => {
    const { db, organisation, person } = context;
    const emoji = readEmojiName(input.reaction_emoji);
    const channel = await readChannel(context, input.channel, await findOwnChannel(db, organisation.id));
    const errors = {
      ...(emoji === undefined && { reaction_emoji: key('recognition.errors.settings_emoji') }),
      ...('error' in channel && { channel: channel.error }),
      ...(!isCurrency(input.currency) && { currency: key('recognition.errors.settings_currency') }),
    };
    if (emoji === undefined || 'error' in channel || Object.keys(errors).length > 0) return formErrors(errors);
    const before = await loadSettings(db, organisation);
    const settings: Settings = {
      allowance: input.allowance,
      leadAllowance: input.lead_allowance,
      pairCap: input.pair_cap,
      joinPoints: input.join_points,
      reactionEmoji: emoji,
      reactionPoints: input.reaction_points,
      channelId: channel.id,
      currency: input.currency,
    };
    await inTransaction(db, async (tx) => {
      await saveSettings(tx, organisation.id, settings);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'recognition.settings_changed', data: { ...settings } };
      await recordEvent(tx, act, context.clock.now());
    });
    const isAllowance = before.allowance !== settings.allowance || before.leadAllowance !== settings.leadAllowance;
    return say(await settingsCard(context, key(isAllowance ? 'recognition.settings.saved_allowance' : 'recognition.settings.saved')));
  },
});

const openSettings = action({
  id: 'recognition.settings_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('recognition.settings')),
});

const verb: Verb<HandlerContext> = {
  name: 'settings',
  role: 'manager',
  describe: key('recognition.verb.settings'),
  run: async (context) => say(await settingsCard(context, key('recognition.settings.lead'))),
};

/** The figures of recognition, and the form that changes them. */
export const settings = { verb, actions: [openSettings], forms: [settingsForm] };
