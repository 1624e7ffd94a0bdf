import { button, type Card, type Fact } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import { formErrors, say } from '../../core/reply.js';
import { key, type Text, words } from '../../core/text.js';
import { recordEvent } from '../../people/audit.js';
import { canPost, findChannel } from '../../people/channels.js';
import { type Db, inTransaction, type Tx } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { isZone } from '../../people/hours.js';
import type { Organisation } from '../../people/model.js';
import { loadOrganisation } from '../../people/organisation.js';
import { refreshFirstRun } from './first-run.js';
import { NOTHING, SETTINGS_INPUT } from './schema.js';
import * as store from './store.js';
import { clockTime, countryName, DAY_OPTIONS, hoursText, languageName, noneText } from './texts.js';

/** How an organisation is set up, in six lines. */
export async function settingsFacts(db: Db | Tx, organisation: Organisation): Promise<Fact[]> {
  const channelText = async (id: string | null): Promise<Text> => {
    const channel = id ? await findChannel(db, organisation.id, { value: id }) : undefined;
    return channel ? words(`#${channel.name}`) : noneText;
  };
  return [
    { label: key('bellhop.settings.zone'), value: words(organisation.zone) },
    { label: key('bellhop.settings.hours'), value: hoursText(organisation.hours) },
    { label: key('bellhop.settings.country'), value: organisation.country ? words(organisation.country) : noneText },
    { label: key('bellhop.settings.language'), value: words(languageName(organisation.locale)) },
    { label: key('bellhop.settings.announcements'), value: await channelText(organisation.announcementsChannelId) },
    { label: key('bellhop.settings.managers'), value: await channelText(organisation.managersChannelId) },
  ];
}

async function settingsCard(context: HandlerContext): Promise<Card> {
  const organisation = await loadOrganisation(context.db, context.organisation.id);
  return {
    summary: key('bellhop.settings.saved'),
    title: key('bellhop.settings.title'),
    lead: key('bellhop.settings.saved'),
    facts: await settingsFacts(context.db, organisation),
    actions: [button(key('bellhop.settings.change'), ref('bellhop.settings_open'))],
  };
}

/** What stands in a channel field at first: Slack's picker knows Slack's ids only, the lists of others know Bellhop's. */
async function initialChannel(context: HandlerContext, id: string | null): Promise<{ initial: string } | undefined> {
  if (!id) return undefined;
  if (context.actor.platform !== 'slack') return { initial: id };
  const channel = await findChannel(context.db, context.organisation.id, { value: id });
  return channel?.workspaceId === context.workspaceId ? { initial: channel.externalId } : undefined;
}

/** The channel that was chosen; a message when the bot can't post there. */
async function chosenChannel(
  context: HandlerContext,
  value: string | undefined,
  current: string | null,
): Promise<{ readonly id: string | null } | { readonly error: Text }> {
  if (!value) {
    // A channel of another platform can't be shown in this one's picker: leaving it empty doesn't take it away.
    const kept = current ? await findChannel(context.db, context.organisation.id, { value: current }) : undefined;
    const isElsewhere = kept !== undefined && context.actor.platform === 'slack' && kept.workspaceId !== context.workspaceId;
    return { id: isElsewhere ? kept.id : null };
  }
  const channel = await findChannel(context.db, context.organisation.id, { value, workspaceId: context.workspaceId });
  if (channel && canPost(channel)) return { id: channel.id };
  return {
    error: channel?.archived
      ? key('bellhop.errors.channel_archived', { channel: words(channel.name) })
      : key('bellhop.errors.channel_not_joined'),
  };
}

export function createSettingsForm(locales: readonly string[]) {
  return form({
    id: 'bellhop.settings',
    role: 'owner',
    payload: NOTHING,
    input: SETTINGS_INPUT,
    build: async (context) => {
      const { organisation } = context;
      return {
        title: key('bellhop.settings.form_title'),
        submit: key('bellhop.ui.save'),
        fields: [
          {
            kind: 'text',
            name: 'zone',
            label: key('bellhop.settings.zone'),
            hint: key('bellhop.settings.zone_hint'),
            maxLength: 64,
            // Before the first answer the owner's own zone is the best guess.
            initial: organisation.firstRunDone ? organisation.zone : context.person.zone,
          },
          { kind: 'time', name: 'start', label: key('bellhop.settings.start'), initial: clockTime(organisation.hours.start) },
          { kind: 'time', name: 'end', label: key('bellhop.settings.end'), initial: clockTime(organisation.hours.end) },
          {
            kind: 'choices',
            name: 'days',
            label: key('bellhop.settings.days'),
            options: DAY_OPTIONS,
            initial: organisation.hours.days.map(String),
          },
          {
            kind: 'text',
            name: 'country',
            label: key('bellhop.settings.country'),
            hint: key('bellhop.settings.country_hint'),
            optional: true,
            maxLength: 2,
            ...(organisation.country && { initial: organisation.country }),
          },
          {
            kind: 'choice',
            name: 'locale',
            label: key('bellhop.settings.language'),
            hint: key('bellhop.settings.language_hint'),
            options: locales.map((locale) => ({ value: locale, label: words(languageName(locale)) })),
            initial: locales.includes(organisation.locale) ? organisation.locale : 'en',
          },
          {
            kind: 'channel',
            name: 'announcements',
            label: key('bellhop.settings.announcements'),
            hint: key('bellhop.settings.channel_hint'),
            optional: true,
            ...(await initialChannel(context, organisation.announcementsChannelId)),
          },
          {
            kind: 'channel',
            name: 'managers',
            label: key('bellhop.settings.managers'),
            hint: key('bellhop.settings.channel_hint'),
            optional: true,
            ...(await initialChannel(context, organisation.managersChannelId)),
          },
          {
            kind: 'text',
            name: 'daily_cap',
            label: key('bellhop.settings.daily_cap'),
            hint: key('bellhop.settings.daily_cap_hint'),
            maxLength: 2,
            initial: String(organisation.dailyCap),
          },
          {
            kind: 'check',
            name: 'guests',
            label: key('bellhop.settings.guests'),
            text: key('bellhop.settings.guests_text'),
            optional: true,
            initial: organisation.guestsAllowed,
          },
        ],
      };
    },
    submit: async (context, { input }) => {
      const { organisation } = context;
      const country = input.country?.toUpperCase() ?? null;
      const announcements = await chosenChannel(context, input.announcements, organisation.announcementsChannelId);
      const managers = await chosenChannel(context, input.managers, organisation.managersChannelId);
      const errors = {
        ...(!isZone(input.zone) && { zone: key('bellhop.errors.zone_unknown', { zone: words(input.zone) }) }),
        ...(input.end <= input.start && { end: key('bellhop.errors.end_before_start') }),
        ...(country !== null &&
          !countryName(country, 'en') && { country: key('bellhop.errors.country_unknown', { country: words(country) }) }),
        ...(!locales.includes(input.locale) && { locale: key('bellhop.errors.language_missing') }),
        ...('error' in announcements && { announcements: announcements.error }),
        ...('error' in managers && { managers: managers.error }),
      };
      if ('error' in announcements || 'error' in managers || Object.keys(errors).length > 0) return formErrors(errors);
      const now = context.clock.now();
      await inTransaction(context.db, async (tx) => {
        await store.saveSettings(
          tx,
          organisation.id,
          {
            zone: input.zone,
            locale: input.locale,
            country,
            workStart: input.start,
            workEnd: input.end,
            workDays: input.days,
            dailyCap: input.daily_cap,
            guestsAllowed: input.guests,
            announcementsChannelId: announcements.id,
            managersChannelId: managers.id,
          },
          now,
        );
        await recordEvent(
          tx,
          {
            organisationId: organisation.id,
            actorId: context.person.id,
            verb: 'organisation.settings_changed',
            data: {
              zone: input.zone,
              locale: input.locale,
              country,
              start: input.start,
              end: input.end,
              days: input.days.join(','),
              dailyCap: input.daily_cap,
              guestsAllowed: input.guests,
              announcementsChannelId: announcements.id,
              managersChannelId: managers.id,
            },
          },
          now,
        );
        await refreshFirstRun(tx, organisation.id, now);
      });
      return say(await settingsCard(context));
    },
  });
}
