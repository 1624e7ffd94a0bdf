import { button, type Card, type Fact } from '../../core/card.js';
import { ref } from '../../core/ref.js';
import { formErrors, say } from '../../core/reply.js';
import { key, type Text, words } from '../../core/text.js';
import { recordEvent } from '../../people/audit.js';
import { channelField, readChannel } from '../../people/channel-form.js';
import { findChannel } from '../../people/channels.js';
import { type Db, inTransaction, type Tx } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { isZone } from '../../people/hours.js';
import type { Organisation } from '../../people/model.js';
import { loadOrganisation } from '../../people/organisation.js';
import { writeTime } from '../../people/typed-times.js';
import { refreshFirstRun } from './first-run.js';
import { NOTHING, SETTINGS_INPUT } from './schema.js';
import * as store from './store.js';
import { countryName, DAY_OPTIONS, hoursText, languageName, noneText } from './texts.js';

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
          { kind: 'time', name: 'start', label: key('bellhop.settings.start'), initial: writeTime(organisation.hours.start) },
          { kind: 'time', name: 'end', label: key('bellhop.settings.end'), initial: writeTime(organisation.hours.end) },
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
          await channelField(context, {
            name: 'announcements',
            label: key('bellhop.settings.announcements'),
            hint: key('bellhop.settings.channel_hint'),
            current: organisation.announcementsChannelId,
          }),
          await channelField(context, {
            name: 'managers',
            label: key('bellhop.settings.managers'),
            hint: key('bellhop.settings.channel_hint'),
            current: organisation.managersChannelId,
          }),
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
      const announcements = await readChannel(context, input.announcements, organisation.announcementsChannelId);
      const managers = await readChannel(context, input.managers, organisation.managersChannelId);
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
