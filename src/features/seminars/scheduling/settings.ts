import { button, type Card, type Fact } from '../../../core/card.js';
import type { Verb } from '../../../core/feature.js';
import type { Field, FormErrors } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, say } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { channelField, readChannel } from '../../../people/channel-form.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import type { Settings } from '../model.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { announcingOf, announcingText, announcingWarning } from './announcing.js';
import { ladderError, ladderText, readLadder, writeLadder } from './ladder.js';
import { wholeNumber } from './rule-input.js';
import { SettingsInput } from './schema.js';
import { applySettings, findOwnChannel, saveSettings } from './store-settings.js';

/** A date is announced so many days ahead at most. */
const MOST_POST_DAYS = 90;
const MOST_POINTS = 1_000;

/** How seminars are set up. `lead` tells what has just happened. */
async function settingsCard(context: HandlerContext, lead: Text): Promise<Card> {
  const { db, organisation } = context;
  const settings = await loadSettings(db, organisation);
  const announcing = await announcingOf(db, organisation, { channelId: null });
  // With no channel at all, the form is right below.
  const warning = announcing.channel && announcingWarning(announcing, context.actor.platform);
  return {
    summary: lead,
    title: key('seminars.settings.title'),
    lead,
    facts: [{ label: key('seminars.settings.channel'), value: announcingText(announcing, undefined) }, ...factsOf(settings)],
    body: warning ? [{ kind: 'paragraph', text: warning }] : [],
    actions: [button(key('seminars.settings.change'), ref('seminars.settings_open'), { style: 'primary' })],
  };
}

function factsOf({ ladder, postDays, attendPoints, hostPoints }: Settings): Fact[] {
  return [
    { label: key('seminars.settings.post_days'), value: key('seminars.settings.post_days_value', { count: postDays }) },
    { label: key('seminars.settings.ladder'), value: ladderText(ladder) },
    { label: key('seminars.settings.attend_points'), value: pointsText(attendPoints) },
    { label: key('seminars.settings.host_points'), value: pointsText(hostPoints) },
  ];
}

const pointsText = (count: number): Text =>
  count === 0 ? key('seminars.settings.points_off') : key('seminars.settings.points', { count });

function figure(name: string, label: Text, value: number, hint?: Text): Field {
  return { kind: 'text', name, label, maxLength: 10, initial: String(value), ...(hint && { hint }) };
}

const settingsForm = form({
  id: 'seminars.settings',
  role: 'manager',
  payload: Nothing,
  input: SettingsInput,
  build: async (context) => {
    const { db, organisation } = context;
    const settings = await loadSettings(db, organisation);
    return {
      title: key('seminars.settings.form_title'),
      submit: key('seminars.settings.save'),
      fields: [
        await channelField(context, {
          name: 'channel',
          label: key('seminars.settings.channel'),
          hint: key('seminars.settings.channel_hint'),
          current: await findOwnChannel(db, organisation.id),
        }),
        figure('post_days', key('seminars.settings.field_post_days'), settings.postDays),
        {
          kind: 'text',
          name: 'ladder',
          label: key('seminars.settings.ladder'),
          hint: key('seminars.settings.ladder_hint'),
          optional: true,
          maxLength: 200,
          ...(settings.ladder.length > 0 && { initial: writeLadder(settings.ladder) }),
        },
        figure('attend_points', key('seminars.settings.attend_points'), settings.attendPoints, key('seminars.settings.points_hint')),
        figure('host_points', key('seminars.settings.host_points'), settings.hostPoints, key('seminars.settings.points_hint')),
      ],
    };
  },
  submit: async (context, { input }) => {
    const { db, organisation, person, clock } = context;
    const channel = await readChannel(context, input.channel, await findOwnChannel(db, organisation.id));
    const ladder = readLadder(input.ladder);
    const postDays = inRange(input.post_days, MOST_POST_DAYS);
    const attendPoints = inRange(input.attend_points, MOST_POINTS);
    const hostPoints = inRange(input.host_points, MOST_POINTS);
    const points = key('seminars.errors.settings_points', { most: MOST_POINTS });
    const errors: FormErrors = {
      ...('error' in channel && { channel: channel.error }),
      ...('wrong' in ladder && { ladder: ladderError(ladder.wrong) }),
      ...(postDays === undefined && { post_days: key('seminars.errors.settings_post_days', { most: MOST_POST_DAYS }) }),
      ...(attendPoints === undefined && { attend_points: points }),
      ...(hostPoints === undefined && { host_points: points }),
    };
    if ('error' in channel || 'wrong' in ladder || postDays === undefined || attendPoints === undefined || hostPoints === undefined) {
      return formErrors(errors);
    }
    const now = clock.now();
    const settings: Settings = { channelId: channel.id, ladder: ladder.ladder, postDays, attendPoints, hostPoints };
    await inTransaction(db, async (tx) => {
      await saveSettings(tx, organisation.id, settings);
      await applySettings(tx, organisation, settings, now);
      const data = { ...settings, ladder: settings.ladder.join(' ') };
      await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb: 'seminars.settings_changed', data }, now);
    });
    return say(await settingsCard(context, key('seminars.settings.saved')));
  },
});

/** A whole number from 0 to `most`; undefined for anything else. */
function inRange(typed: string, most: number): number | undefined {
  const figure = wholeNumber(typed);
  return figure <= most ? figure : undefined;
}

const openSettings = action({
  id: 'seminars.settings_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('seminars.settings')),
});

const verb: Verb<HandlerContext> = {
  name: 'settings',
  role: 'manager',
  describe: key('seminars.verb.settings'),
  run: async (context) => say(await settingsCard(context, key('seminars.settings.lead'))),
};

/** How an organisation holds seminars, and the form that changes it. */
export const settings = { verb, actions: [openSettings], forms: [settingsForm] };
