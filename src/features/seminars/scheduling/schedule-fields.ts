import type { Field, Option } from '../../../core/form.js';
import { key, type Text } from '../../../core/text.js';
import { audienceFields, initialPerson } from '../../../people/audience-form.js';
import { channelField } from '../../../people/channel-form.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { wallTime } from '../calendar/dates.js';
import { MOST } from '../model.js';
import type { SeriesFields } from './fields.js';
import { ruleValues } from './rule-input.js';
import type { Draft } from './store-drafts.js';
import { homePlace } from './store-home-place.js';

/** What the form of a series asks. @param draft what it begins with; a new series without it */
export async function scheduleFields(context: HandlerContext, draft: Draft | undefined): Promise<Field[]> {
  const fields = draft?.fields;
  return [
    line('title', key('seminars.schedule.name'), fields?.title, MOST.title, { optional: false }),
    area('purpose', key('seminars.schedule.purpose'), fields?.purpose, MOST.purpose),
    ...whenFields(fields),
    ...(await whereFields(context, fields)),
    ...(await whoFields(context, fields)),
    area(
      'pre_reading',
      key('seminars.schedule.pre_reading'),
      fields?.preReading,
      MOST.preReading,
      key('seminars.schedule.pre_reading_hint'),
    ),
    await channelField(context, {
      name: 'announce',
      label: key('seminars.schedule.announce'),
      hint: key('seminars.schedule.announce_hint'),
      current: fields?.channelId ?? null,
    }),
    ...(draft?.following
      ? [area('reason', key('seminars.schedule.reason'), draft.reason, MOST.words, key('seminars.schedule.reason_hint'))]
      : []),
  ];
}

function whenFields(fields: SeriesFields | undefined): Field[] {
  const plan = fields?.plan;
  const rule = plan ? ruleValues(plan.rhythm) : undefined;
  const count = plan?.ending.count;
  return [
    { kind: 'date', name: 'first_day', label: key('seminars.schedule.first_day'), ...initial(plan?.firstDay) },
    { kind: 'time', name: 'start', label: key('seminars.schedule.start'), initial: wallTime(plan?.minutes ?? 10 * 60) },
    line('length', key('seminars.schedule.length'), String(plan?.length ?? 60), 20, {
      optional: false,
      hint: key('seminars.schedule.length_hint'),
    }),
    menu('repeats', key('seminars.schedule.repeats'), repeatOptions(), rule?.repeats ?? 'month_weekday'),
    line('every', key('seminars.schedule.every'), rule?.every ?? '1', 10, { hint: key('seminars.schedule.every_hint') }),
    { ...menu('nth', key('seminars.schedule.nth'), nthOptions(), rule?.nth), hint: key('seminars.schedule.nth_hint'), optional: true },
    { ...menu('weekday', key('seminars.schedule.weekday'), weekdayOptions(), rule?.weekday), optional: true },
    line('day', key('seminars.schedule.day'), rule?.day, 10, { hint: key('seminars.schedule.day_hint') }),
    { kind: 'date', name: 'until', label: key('seminars.schedule.until'), optional: true, ...initial(plan?.ending.until) },
    line('count', key('seminars.schedule.count'), count === undefined ? '' : String(count), 10, {
      hint: key('seminars.schedule.count_hint'),
    }),
    area('exceptions', key('seminars.schedule.exceptions'), plan?.exceptions.join(', '), 2_000, key('seminars.schedule.exceptions_hint')),
  ];
}

async function whereFields(context: HandlerContext, fields: SeriesFields | undefined): Promise<Field[]> {
  const home = await homePlace(context.db, context.organisation, context.person);
  return [
    menu('holidays', key('seminars.schedule.holidays'), holidayOptions(), fields?.plan.holidays ?? 'ignore'),
    line('country', key('seminars.schedule.country'), (fields ? fields.plan.country : home.country) ?? '', 20, {
      hint: key('seminars.schedule.country_hint'),
    }),
    line('zone', key('seminars.schedule.zone'), fields?.plan.zone ?? home.zone, 100, { hint: key('seminars.schedule.zone_hint') }),
    line('place', key('seminars.schedule.place'), fields?.place, MOST.place),
    line('link', key('seminars.schedule.link'), fields?.link, MOST.link, { hint: key('seminars.schedule.link_hint') }),
    line('capacity', key('seminars.schedule.capacity'), fields?.capacity ? String(fields.capacity) : '', 10, {
      hint: key('seminars.schedule.capacity_hint'),
    }),
  ];
}

async function whoFields(context: HandlerContext, fields: SeriesFields | undefined): Promise<Field[]> {
  const host = fields ? await findPerson(context.db, context.organisation.id, fields.hostId) : context.person;
  // Who left can't be chosen: then the field is empty, and somebody has to be named.
  const named = await initialPerson(context, host?.active ? host : undefined);
  return [
    {
      kind: 'people',
      name: 'host',
      label: key('seminars.schedule.host'),
      hint: key('seminars.schedule.host_hint'),
      optional: true,
      ...(named.length > 0 && { initial: named }),
    },
    ...(await audienceFields(context, key('seminars.schedule.audience'), fields?.audience)),
    menu('track', key('seminars.schedule.track'), trackOptions(), fields?.track ?? 'none'),
    menu('requirement', key('seminars.schedule.requirement'), requirementOptions(), fields?.requirement ?? 'voluntary'),
  ];
}

const initial = (value: string | undefined): { readonly initial?: string } => (value ? { initial: value } : {});

function line(
  name: string,
  label: Text,
  value: string | undefined,
  maxLength: number,
  { optional = true, hint }: { readonly optional?: boolean; readonly hint?: Text } = {},
): Field {
  return { kind: 'text', name, label, optional, maxLength, ...(hint && { hint }), ...initial(value) };
}

function area(name: string, label: Text, value: string | undefined, maxLength: number, hint?: Text): Field {
  return { kind: 'text', name, label, optional: true, multiline: true, maxLength, ...(hint && { hint }), ...initial(value) };
}

function menu(name: string, label: Text, options: readonly Option[], value: string | undefined): Field & { kind: 'choice' } {
  return { kind: 'choice', name, label, options, ...initial(value) };
}

const repeatOptions = (): Option[] => [
  { value: 'month_weekday', label: key('seminars.schedule.repeats_month_weekday') },
  { value: 'month_day', label: key('seminars.schedule.repeats_month_day') },
  { value: 'month_last_day', label: key('seminars.schedule.repeats_month_last_day') },
  { value: 'month_first_workday', label: key('seminars.schedule.repeats_month_first_workday') },
  { value: 'month_last_workday', label: key('seminars.schedule.repeats_month_last_workday') },
  { value: 'weeks', label: key('seminars.schedule.repeats_weeks') },
  { value: 'once', label: key('seminars.schedule.repeats_once') },
];

const nthOptions = (): Option[] => [
  { value: '1', label: key('seminars.schedule.nth_1') },
  { value: '2', label: key('seminars.schedule.nth_2') },
  { value: '3', label: key('seminars.schedule.nth_3') },
  { value: '4', label: key('seminars.schedule.nth_4') },
  { value: 'last', label: key('seminars.schedule.nth_last') },
];

const weekdayOptions = (): Option[] => [
  { value: '1', label: key('seminars.schedule.monday') },
  { value: '2', label: key('seminars.schedule.tuesday') },
  { value: '3', label: key('seminars.schedule.wednesday') },
  { value: '4', label: key('seminars.schedule.thursday') },
  { value: '5', label: key('seminars.schedule.friday') },
  { value: '6', label: key('seminars.schedule.saturday') },
  { value: '7', label: key('seminars.schedule.sunday') },
];

const holidayOptions = (): Option[] => [
  { value: 'ignore', label: key('seminars.schedule.holidays_ignore') },
  { value: 'move', label: key('seminars.schedule.holidays_move') },
  { value: 'skip', label: key('seminars.schedule.holidays_skip') },
];

const trackOptions = (): Option[] => [
  { value: 'none', label: key('seminars.schedule.track_none') },
  { value: 'new_employees', label: key('seminars.schedule.track_new_employees') },
  { value: 'front_line', label: key('seminars.schedule.track_front_line') },
  { value: 'managers', label: key('seminars.schedule.track_managers') },
];

const requirementOptions = (): Option[] => [
  { value: 'voluntary', label: key('seminars.schedule.voluntary') },
  { value: 'every', label: key('seminars.schedule.required_every') },
  { value: 'once', label: key('seminars.schedule.required_once') },
];
