import type { ComponentChildren, InputHTMLAttributes, JSX } from 'preact';
import type { PageField } from '../../../src/core/page.js';
import { key } from '../../../src/core/text.js';
import { Scale } from './scale.js';
import type { Speech } from './text.js';

export interface FieldProps<F extends PageField = PageField> {
  readonly field: F;
  /** The id of the part that the error summary leads to: unique in the page. */
  readonly id: string;
  readonly speech: Speech;
}

type Of<Kind extends PageField['kind']> = Extract<PageField, { kind: Kind }>;

/** Where a field's own control stands: the first one, for a group of them. */
export const fieldId = (form: number, name: string): string => `f${form}-${name}`;

/** One question with what belongs to it: label, hint, error. */
export function Field({ field, id, speech }: FieldProps): JSX.Element {
  switch (field.kind) {
    case 'scale':
      return (
        <Group field={field} id={id} speech={speech} ends={<Ends field={field} id={id} speech={speech} />}>
          <Scale field={field} id={id} speech={speech} />
        </Group>
      );
    case 'text':
      return <TextField field={field} id={id} speech={speech} />;
    case 'choice':
      return field.style === 'menu' ? <Menu field={field} id={id} speech={speech} /> : <Radios field={field} id={id} speech={speech} />;
    case 'check':
      return <Check field={field} id={id} speech={speech} />;
  }
}

/** What describes a control, for screen readers: its hint, its error and what its ends mean. */
function describedBy(field: PageField, id: string, ends = false): string | undefined {
  const parts = [field.hint && `${id}-hint`, ends && `${id}-ends`, field.error && `${id}-error`].filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : undefined;
}

function Label({ field, speech }: Pick<FieldProps, 'field' | 'speech'>): JSX.Element {
  return (
    <>
      {speech.rich(field.label)}
      {field.optional === true && <span class="optional"> ({speech.plain(key('core.ui.optional'))})</span>}
    </>
  );
}

function Notes({ field, id, speech }: FieldProps): JSX.Element {
  return (
    <>
      {field.hint && (
        <p class="hint" id={`${id}-hint`}>
          {speech.rich(field.hint)}
        </p>
      )}
      {field.error && (
        <p class="error" id={`${id}-error`}>
          {speech.rich(field.error)}
        </p>
      )}
    </>
  );
}

/** Several controls that answer one question. */
function Group({
  field,
  id,
  speech,
  ends,
  children,
}: FieldProps & { ends?: JSX.Element | null; children: ComponentChildren }): JSX.Element {
  const hasEnds = field.kind === 'scale' && (field.low !== undefined || field.high !== undefined);
  return (
    <fieldset class={field.error ? 'field wrong' : 'field'} aria-describedby={describedBy(field, id, hasEnds)}>
      <legend>
        <Label field={field} speech={speech} />
      </legend>
      <Notes field={field} id={id} speech={speech} />
      {children}
      {hasEnds && ends}
      {/* A radio button can't be taken back otherwise. Shown once there is something to take back. */}
      {field.optional && (
        <label class="tick nothing">
          <input type="radio" name={field.name} value="" />
          <span>{speech.plain(key('core.page.no_answer'))}</span>
        </label>
      )}
    </fieldset>
  );
}

function Ends({ field, id, speech }: FieldProps<Of<'scale'>>): JSX.Element {
  const end = (step: number, meaning: Of<'scale'>['low']) =>
    meaning && <span>{speech.rich(key('core.page.scale_end', { step, meaning }))}</span>;
  return (
    <p class="ends" id={`${id}-ends`}>
      {end(field.from, field.low)} {end(field.to, field.high)}
    </p>
  );
}

/** One control with its label. */
function Labelled({ field, id, speech, children }: FieldProps & { readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class={field.error ? 'field wrong' : 'field'}>
      <label class="label" for={id}>
        <Label field={field} speech={speech} />
      </label>
      <Notes field={field} id={id} speech={speech} />
      {children}
    </div>
  );
}

function TextField({ field, id, speech }: FieldProps<Of<'text'>>): JSX.Element {
  const common = {
    id,
    name: field.name,
    dir: 'auto',
    maxLength: field.maxLength,
    required: !field.optional,
    autocomplete: field.autocomplete as 'on' | undefined,
    'aria-describedby': describedBy(field, id),
    'aria-invalid': field.error ? ('true' as const) : undefined,
  } as const;
  return (
    <Labelled field={field} id={id} speech={speech}>
      {field.multiline ? (
        <textarea {...common} rows={5}>
          {/* HTML drops the first line break of a text area: this one is dropped instead of the visitor's. */}
          {field.initial?.startsWith('\n') ? `\n${field.initial}` : field.initial}
        </textarea>
      ) : (
        <Line {...common} kind={field.type ?? 'text'} value={field.initial ?? ''} />
      )}
    </Labelled>
  );
}

type LineProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'list' | 'role'> & { readonly kind: 'text' | 'email' | 'tel' };

/** The keyboard of a phone follows the type. */
function Line({ kind, ...rest }: LineProps): JSX.Element {
  switch (kind) {
    case 'text':
      return <input {...rest} type="text" />;
    case 'email':
      return <input {...rest} type="email" />;
    case 'tel':
      return <input {...rest} type="tel" />;
  }
}

function Menu({ field, id, speech }: FieldProps<Of<'choice'>>): JSX.Element {
  const none = field.optional ? key('core.page.no_answer') : key('core.page.pick');
  return (
    <Labelled field={field} id={id} speech={speech}>
      <select
        id={id}
        name={field.name}
        required={!field.optional}
        aria-describedby={describedBy(field, id)}
        aria-invalid={field.error ? 'true' : undefined}
      >
        <option value="">{speech.plain(none)}</option>
        {field.options.map(({ value, label }) => (
          <option key={value} value={value} selected={value === field.initial}>
            {speech.plain(label)}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Radios({ field, id, speech }: FieldProps<Of<'choice'>>): JSX.Element {
  return (
    <Group field={field} id={id} speech={speech}>
      {field.options.map(({ value, label }, index) => (
        <label key={value} class="tick">
          <input
            id={index === 0 ? id : undefined}
            type="radio"
            name={field.name}
            value={value}
            checked={value === field.initial}
            required={!field.optional}
            aria-invalid={field.error ? 'true' : undefined}
          />
          <span>{speech.rich(label)}</span>
        </label>
      ))}
    </Group>
  );
}

function Check({ field, id, speech }: FieldProps<Of<'check'>>): JSX.Element {
  return (
    <div class={field.error ? 'field wrong' : 'field'}>
      <label class="tick">
        <input
          id={id}
          type="checkbox"
          name={field.name}
          value="yes"
          checked={field.initial === true}
          required={!field.optional}
          aria-describedby={describedBy(field, id)}
          aria-invalid={field.error ? 'true' : undefined}
        />
        <span>
          <Label field={field} speech={speech} />
        </span>
      </label>
      <Notes field={field} id={id} speech={speech} />
    </div>
  );
}
