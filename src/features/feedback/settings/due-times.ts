import type { Field, FormErrors } from '../../../core/form.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { priorityLabel } from '../labels.js';
import { PRIORITIES, type Priority } from '../model.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { durationText, minutesOfDay, readDuration, writeDuration } from './durations.js';
import { save } from './saving.js';
import { DueTimesInput } from './schema.js';

/** What is more urgent is due no later. */
const ORDER = PRIORITIES.toReversed();
const LEAST_MINUTES = 15;
/** Working days. */
const MOST_DAYS = 60;
const MOST_SILENT = 90;
const MOST_TALK = 60;

export const dueTimesForm = form({
  id: 'feedback.due_times',
  role: 'manager',
  payload: Nothing,
  input: DueTimesInput,
  build: async ({ db, organisation }) => {
    const settings = await loadSettings(db, organisation);
    const { hours } = organisation;
    const figure = (name: string, label: Text, value: number, hint?: Text): Field => ({
      kind: 'text',
      name,
      label,
      maxLength: 4,
      initial: String(value),
      ...(hint && { hint }),
    });
    return {
      title: key('feedback.settings.due_title'),
      submit: key('feedback.settings.save'),
      intro: [{ kind: 'paragraph', text: key('feedback.settings.due_intro', { day: durationText(minutesOfDay(hours) * 2, hours) }) }],
      fields: [
        ...ORDER.map(
          (priority): Field => ({
            kind: 'text',
            name: priority,
            label: priorityLabel(priority),
            hint: key('feedback.settings.due_hint'),
            maxLength: 20,
            initial: writeDuration(settings.dueMinutes[priority], hours),
          }),
        ),
        {
          kind: 'choice',
          name: 'low_stars',
          label: key('feedback.settings.low_stars'),
          options: [1, 2, 3, 4].map((stars) => ({ value: String(stars), label: key('feedback.settings.stars_or_fewer', { stars }) })),
          initial: String(settings.lowStars),
        },
        figure('silent_days', key('feedback.settings.silent_days'), settings.silentDays, key('feedback.settings.silent_hint')),
        figure('talk_days', key('feedback.settings.talk_days'), settings.talkDays, key('feedback.settings.talk_hint')),
      ],
    };
  },
  submit: async (context, { input }) => {
    const errors: Record<string, Text> = {};
    const dueMinutes = readDue(context, input, errors);
    const silentDays = readDays(input.silent_days, MOST_SILENT);
    const talkDays = readDays(input.talk_days, MOST_TALK);
    if (silentDays === undefined) errors.silent_days = key('feedback.errors.settings_days', { most: MOST_SILENT });
    if (talkDays === undefined) errors.talk_days = key('feedback.errors.settings_days', { most: MOST_TALK });
    if (Object.keys(errors).length > 0 || silentDays === undefined || talkDays === undefined) return formErrors(errors);
    return await save(context, { dueMinutes, lowStars: input.low_stars, silentDays, talkDays }, key('feedback.settings.saved_due'));
  },
});

export const dueTimesOpen = action({
  id: 'feedback.due_times_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.due_times')),
});

/** Due times by priority; what has to be mended goes into `errors`. */
function readDue(
  { organisation: { hours } }: HandlerContext,
  input: Readonly<Record<Priority, string>>,
  errors: { [field: string]: FormErrors[string] },
): Record<Priority, number> {
  const due: Record<Priority, number> = { urgent: 0, high: 0, normal: 0, low: 0 };
  const most = MOST_DAYS * minutesOfDay(hours);
  let before = 0;
  for (const priority of ORDER) {
    const minutes = readDuration(input[priority], hours);
    if (minutes === undefined) errors[priority] = key('feedback.errors.settings_duration');
    else if (minutes < LEAST_MINUTES || minutes > most) {
      errors[priority] = key('feedback.errors.settings_duration_bounds', { least: LEAST_MINUTES, most: MOST_DAYS });
    } else if (minutes < before) errors[priority] = key('feedback.errors.settings_due_order');
    before = Math.max(before, minutes ?? 0);
    due[priority] = minutes ?? 0;
  }
  return due;
}

function readDays(typed: string, most: number): number | undefined {
  const days = /^\d{1,3}$/.test(typed) ? Number(typed) : 0;
  return days >= 1 && days <= most ? days : undefined;
}
