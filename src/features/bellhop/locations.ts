import { button, CARD_LIMITS, type Card } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { ref } from '../../core/ref.js';
import { formErrors, say } from '../../core/reply.js';
import { join, key, type Text, words } from '../../core/text.js';
import { recordEvent } from '../../people/audit.js';
import { inTransaction } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { isZone } from '../../people/hours.js';
import { lockPeople } from '../../people/lock.js';
import { cleanName, foldName } from '../../people/names.js';
import { writeTime } from '../../people/typed-times.js';
import { pageActions, pageFooter } from './people-cards.js';
import { LOCATION, LOCATION_INPUT } from './schema.js';
import * as store from './store.js';
import { countryName, DAY_OPTIONS, hoursText, languageName } from './texts.js';

export async function locationsCard(context: HandlerContext, page: number): Promise<Card> {
  const { db, organisation } = context;
  const all = await store.listLocations(db, organisation.id);
  const counts = await store.countByLocation(db, organisation.id);
  const shown = all.slice(page * CARD_LIMITS.rows, (page + 1) * CARD_LIMITS.rows);
  return {
    summary: key('bellhop.locations.title'),
    title: key('bellhop.locations.title'),
    lead: all.length === 0 ? key('bellhop.locations.none') : key('bellhop.locations.lead', { count: all.length }),
    rows: shown.map((location) => ({
      text: words(location.name),
      detail: join(details(location, counts.get(location.id) ?? 0), ' · '),
      action: button(key('bellhop.ui.change'), ref('bellhop.location_open', { locationId: location.id })),
    })),
    actions: [
      button(key('bellhop.locations.add'), ref('bellhop.location_open', { locationId: null }), { style: 'primary' }),
      ...pageActions('bellhop.locations_page', page, all.length),
    ],
    ...pageFooter(page, shown.length, all.length),
  };
}

function details(location: store.LocationRow, people: number): Text[] {
  return [
    key('bellhop.locations.people', { count: people }),
    ...(location.zone ? [words(location.zone)] : []),
    ...(location.workStart !== null && location.workEnd !== null && location.workDays.length > 0
      ? [hoursText({ start: location.workStart, end: location.workEnd, days: location.workDays })]
      : []),
    ...(location.locale ? [words(languageName(location.locale))] : []),
  ];
}

/** A location: what is left empty is the organisation's. */
export function createLocationForm(locales: readonly string[]) {
  return form({
    id: 'bellhop.location',
    role: 'owner',
    payload: LOCATION,
    input: LOCATION_INPUT,
    build: async (context, { locationId }) => {
      const location = locationId ? await store.findLocation(context.db, context.organisation.id, locationId) : undefined;
      if (locationId && !location) throw new BellhopError('bellhop.location_unknown');
      return {
        title: location ? key('bellhop.location_form.change') : key('bellhop.location_form.add'),
        submit: key('bellhop.ui.save'),
        intro: [{ kind: 'paragraph', text: key('bellhop.location_form.intro') }],
        fields: [
          {
            kind: 'text',
            name: 'name',
            label: key('bellhop.location_form.name'),
            maxLength: 80,
            ...(location && { initial: location.name }),
          },
          {
            kind: 'text',
            name: 'zone',
            label: key('bellhop.settings.zone'),
            hint: key('bellhop.settings.zone_hint'),
            optional: true,
            maxLength: 64,
            ...(location?.zone && { initial: location.zone }),
          },
          {
            kind: 'text',
            name: 'country',
            label: key('bellhop.settings.country'),
            hint: key('bellhop.settings.country_hint'),
            optional: true,
            maxLength: 2,
            ...(location?.country && { initial: location.country }),
          },
          {
            kind: 'choice',
            name: 'locale',
            label: key('bellhop.settings.language'),
            optional: true,
            options: locales.map((locale) => ({ value: locale, label: words(languageName(locale)) })),
            ...(location?.locale && locales.includes(location.locale) && { initial: location.locale }),
          },
          {
            kind: 'time',
            name: 'start',
            label: key('bellhop.settings.start'),
            optional: true,
            ...(location && location.workStart !== null && { initial: writeTime(location.workStart) }),
          },
          {
            kind: 'time',
            name: 'end',
            label: key('bellhop.settings.end'),
            optional: true,
            ...(location && location.workEnd !== null && { initial: writeTime(location.workEnd) }),
          },
          {
            kind: 'choices',
            name: 'days',
            label: key('bellhop.settings.days'),
            optional: true,
            options: DAY_OPTIONS,
            ...(location && { initial: location.workDays.map(String) }),
          },
        ],
      };
    },
    submit: async (context, { payload: { locationId }, input }) => {
      const { organisation } = context;
      const name = cleanName(input.name);
      const country = input.country?.toUpperCase() ?? null;
      const start = input.start ?? null;
      const end = input.end ?? null;
      // What is left out is the organisation's: its hours must fit to those that are given.
      const opens = start ?? organisation.hours.start;
      const closes = end ?? organisation.hours.end;
      const errors = {
        ...(name === '' && { name: key('bellhop.errors.name_missing') }),
        ...(input.zone && !isZone(input.zone) && { zone: key('bellhop.errors.zone_unknown', { zone: words(input.zone) }) }),
        ...(country !== null &&
          !countryName(country, 'en') && { country: key('bellhop.errors.country_unknown', { country: words(country) }) }),
        ...(input.locale && !locales.includes(input.locale) && { locale: key('bellhop.errors.language_missing') }),
        ...(closes <= opens && { end: key('bellhop.errors.end_before_start') }),
      };
      if (Object.keys(errors).length > 0) return formErrors(errors);
      const now = context.clock.now();
      const isTaken = await inTransaction(context.db, async (tx) => {
        await lockPeople(tx, organisation.id);
        const others = await store.listLocations(tx, organisation.id);
        if (others.some((other) => other.id !== locationId && foldName(other.name) === foldName(name))) return true;
        if (locationId && !others.some((other) => other.id === locationId)) throw new BellhopError('bellhop.location_unknown');
        const data = {
          name,
          zone: input.zone ?? null,
          country,
          locale: input.locale ?? null,
          workStart: start,
          workEnd: end,
          workDays: input.days,
        };
        const id = await store.saveLocation(tx, organisation.id, locationId, data, now);
        const verb = locationId ? 'location.changed' : 'location.added';
        await recordEvent(tx, { organisationId: organisation.id, actorId: context.person.id, verb, subjectId: id }, now);
        return false;
      });
      if (isTaken) return formErrors({ name: key('bellhop.errors.location_taken', { name: words(name) }) });
      return say(await locationsCard(context, 0));
    },
  });
}
