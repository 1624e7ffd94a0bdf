import { z } from 'zod';
import type { FileHandle, FormValue, FormValues } from '../../src/core/form.js';
import { SlackFile } from './files.js';
import { withoutNul } from './parse-text.js';

const Chosen = z.object({ value: z.string() }).nullish();

/** One input of a view's state; which of the members is there depends on the element. */
const Entry = z.object({
  type: z.string(),
  value: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_time: z.string().nullish(),
  selected_option: Chosen,
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
  selected_user: z.string().nullish(),
  selected_users: z.array(z.string()).nullish(),
  selected_conversation: z.string().nullish(),
  selected_channel: z.string().nullish(),
  files: z.array(SlackFile).nullish(),
});

/** `state.values`: block id (the field's name) -> action id (the field's kind) -> entry. */
export const ViewState = z.record(z.string(), z.record(z.string(), Entry));

/** The values of a form by field name, as the core has them. */
export function formValues(state: z.infer<typeof ViewState>, fileHandle: (file: SlackFile) => FileHandle): FormValues {
  const values: Record<string, FormValue | undefined> = {};
  for (const [name, actions] of Object.entries(state)) {
    const [first] = Object.entries(actions);
    if (first) values[name] = readEntry(first[0], first[1], fileHandle);
  }
  return values;
}

function readEntry(kind: string, entry: z.infer<typeof Entry>, fileHandle: (file: SlackFile) => FileHandle): FormValue | undefined {
  switch (kind) {
    case 'text':
      return withoutNul(entry.value ?? '') || undefined;
    case 'date':
      return entry.selected_date || undefined;
    case 'time':
      return entry.selected_time || undefined;
    case 'choice':
      return entry.selected_option?.value;
    case 'choices':
      return (entry.selected_options ?? []).map((option) => option.value);
    case 'check':
      return (entry.selected_options ?? []).length > 0;
    case 'people': {
      const ids = entry.selected_users ?? (entry.selected_user ? [entry.selected_user] : []);
      return ids.map((externalId) => ({ by: 'account' as const, externalId }));
    }
    case 'channel':
      return entry.selected_conversation ?? entry.selected_channel ?? undefined;
    case 'file':
      return (entry.files ?? []).map(fileHandle);
    default:
      return undefined;
  }
}
