import type { JSX } from 'preact';
import { type PageForm, RESERVED_FIELDS } from '../../../src/core/page.js';
import { key } from '../../../src/core/text.js';
import { Field, fieldId } from './fields.js';
import { ourPath } from './links.js';
import type { Speech } from './text.js';

/** What a form carries for the guard (guard.ts). */
export interface FormTicket {
  readonly ticket: string;
  /** The proof of work that is asked for, as JSON. */
  readonly challenge: string;
}

export interface FormProps {
  readonly form: PageForm;
  /** Its number on the page. */
  readonly index: number;
  readonly guard: FormTicket;
  readonly speech: Speech;
}

/**
 * Works without JavaScript: what is missing is told by the answer, in the page's language, and not by the browser in its own.
 * @throws Error for an action that is no path of ours, and for a field whose name can't be used
 */
export function FormBlock({ form, index, guard, speech }: FormProps): JSX.Element {
  const action = ourPath(form.action);
  if (action === undefined) throw new Error('The action of a form must be a path of ours.');
  for (const { name } of form.fields)
    if (!/^[A-Za-z][\w-]*$/.test(name) || RESERVED.has(name)) throw new Error(`A field of a public form can't be called "${name}".`);
  return (
    <form method="post" action={action} novalidate accept-charset="utf-8" data-wait={speech.plain(key('core.page.sending'))}>
      {Object.entries(form.hidden ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <input type="hidden" name={RESERVED_FIELDS.ticket} value={guard.ticket} />
      <input type="hidden" name={RESERVED_FIELDS.proof} data-challenge={guard.challenge} />
      {form.fields.map((field) => (
        <Field key={field.name} field={field} id={fieldId(index, field.name)} speech={speech} />
      ))}
      {/* Machines fill in every field. Neither shown, nor read out, nor reached with the keyboard. */}
      <div class="website" aria-hidden="true">
        <label>
          {speech.plain(key('core.page.leave_empty'))}
          <input type="text" name={RESERVED_FIELDS.honeypot} tabIndex={-1} autocomplete="off" />
        </label>
      </div>
      <button type="submit" class={form.style === 'quiet' ? 'button quiet' : 'button'}>
        {speech.plain(form.submit)}
      </button>
    </form>
  );
}

const RESERVED: ReadonlySet<string> = new Set(Object.values(RESERVED_FIELDS));
