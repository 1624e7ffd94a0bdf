import { z } from 'zod';
import type { Field, FormErrors, Option } from '../../../core/form.js';
import { lineInput } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { wakeSteps } from '../following/store-steps.js';
import { ESCALATE_TO, type EscalateTo, type LadderStep } from '../model.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { durationText, minutesOfDay } from './durations.js';
import { save } from './saving.js';

/** Steps of the list at most. */
export const MOST_STEPS = 6;

const LEVELS: Readonly<Record<EscalateTo, Text>> = {
  owner: key('feedback.settings.level_owner'),
  lead: key('feedback.settings.level_lead'),
  manager: key('feedback.settings.level_manager'),
  organisation: key('feedback.settings.level_organisation'),
};
export const levelLabel = (level: EscalateTo): Text => LEVELS[level];

const numbers = Array.from({ length: MOST_STEPS }, (_, index) => index + 1);
const LadderInput = z.object(
  Object.fromEntries(numbers.flatMap((n) => [[`to_${n}`, lineInput] as const, [`after_${n}`, lineInput] as const])),
);

/** Working minutes to choose from. */
function waits({ organisation: { hours } }: HandlerContext): readonly number[] {
  const day = minutesOfDay(hours);
  return [0, 30, 60, 120, 240, 360, day, 2 * day, 3 * day, 5 * day, 10 * day];
}

export const ladderForm = form({
  id: 'feedback.ladder',
  role: 'manager',
  payload: Nothing,
  input: LadderInput,
  build: async (context) => {
    const { ladder } = await loadSettings(context.db, context.organisation);
    return {
      title: key('feedback.settings.ladder_title'),
      submit: key('feedback.settings.save'),
      intro: [{ kind: 'paragraph', text: key('feedback.settings.ladder_intro') }],
      fields: numbers.flatMap((n) => stepFields(context, n, ladder[n - 1])),
    };
  },
  submit: async (context, { input }) => {
    const read = readLadder(input);
    if ('errors' in read) return formErrors(read.errors);
    return await save(context, { ladder: read.ladder }, key('feedback.settings.saved_ladder'), async (tx) => {
      await wakeSteps(tx, context.organisation.id, context.clock.now());
    });
  },
});

export const ladderOpen = action({
  id: 'feedback.ladder_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.ladder')),
});

function stepFields(context: HandlerContext, n: number, step: LadderStep | undefined): Field[] {
  const { hours } = context.organisation;
  const minutes = [...new Set([...waits(context), ...(step ? [step.after] : [])])].sort((one, other) => one - other);
  const after: Option[] = minutes.map((value) => ({
    value: String(value),
    label: value === 0 ? key('feedback.settings.when_due') : key('feedback.settings.after', { after: durationText(value, hours) }),
  }));
  const whom: Option[] = [
    ...ESCALATE_TO.map((level) => ({ value: level, label: LEVELS[level] })),
    { value: 'nobody', label: key('feedback.settings.level_nobody') },
  ];
  return [
    {
      kind: 'choice',
      name: `to_${n}`,
      label: key('feedback.settings.step_whom', { n }),
      options: whom,
      optional: true,
      initial: step?.to ?? 'nobody',
    },
    {
      kind: 'choice',
      name: `after_${n}`,
      label: key('feedback.settings.step_when', { n }),
      options: after,
      optional: true,
      initial: String(step?.after ?? 0),
    },
  ];
}

/** The list that was chosen; each step is later than the one before it. */
export function readLadder(
  input: Readonly<Record<string, string>>,
): { readonly ladder: readonly LadderStep[] } | { readonly errors: FormErrors } {
  const errors: Record<string, Text> = {};
  const ladder: LadderStep[] = [];
  for (const n of numbers) {
    const level = ESCALATE_TO.find((one) => one === input[`to_${n}`]);
    if (!level) continue;
    const typed = input[`after_${n}`] ?? '';
    const after = /^\d{1,6}$/.test(typed) ? Number(typed) : undefined;
    const before = ladder.at(-1);
    if (after === undefined) errors[`after_${n}`] = key('feedback.errors.settings_choose');
    else if (before && after <= before.after) errors[`after_${n}`] = key('feedback.errors.settings_ladder_order');
    else ladder.push({ after, to: level });
  }
  if (Object.keys(errors).length > 0) return { errors };
  return ladder.length === 0 ? { errors: { to_1: key('feedback.errors.settings_ladder_empty') } } : { ladder };
}
