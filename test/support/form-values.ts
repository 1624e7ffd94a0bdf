import type { FormValues } from '../../src/core/form.js';
import type { Answer } from '../../src/core/reply.js';

/** What stands in a form when it is opened, as it comes back from somebody (on Slack) who changes nothing. */
export function valuesOf(form: Answer): FormValues {
  if (form.kind !== 'form' && form.kind !== 'errors') throw new Error(`That is no form but ${JSON.stringify(form)}`);
  const values: Record<string, FormValues[string]> = {};
  for (const field of form.form.fields) {
    if (!('initial' in field) || field.initial === undefined) continue;
    values[field.name] =
      field.kind === 'people' ? field.initial.map((externalId) => ({ by: 'account' as const, externalId })) : field.initial;
  }
  return values;
}
