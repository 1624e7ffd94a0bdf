import type { Field, Form, FormErrors, FormValue, FormValues, PersonHint } from '../../src/core/form.js';
import { MAX_FIELD_CHARACTERS } from '../../src/core/form.js';
import type { Localise, Reader, Text } from '../../src/core/text.js';
import { key } from '../../src/core/text.js';
import { type AdaptiveCard, bytesOf, type CardAction, type Element, frame } from './adaptive.js';
import { encodeCancel, encodeSubmit, type FormBack } from './data.js';
import { TEAMS_LIMITS } from './limits.js';
import { blocks, ROOMS } from './render.js';
import { heading, line, type Pen, type PictureUrl, paragraph } from './render-text.js';

export interface ChannelChoice {
  /** The channel's id in Bellhop. */
  readonly id: string;
  readonly name: string;
}

export interface FormOptions {
  /** This opening of the form: kept when it comes back with errors, so that sending it twice is one act. */
  readonly instance: string;
  readonly back: FormBack;
  readonly errors?: FormErrors;
  /** What was typed; stands in the fields instead of their initial values. */
  readonly values?: FormValues;
  readonly channels?: readonly ChannelChoice[];
  /** In a dialog the client itself shows the title and closes the form, and buttons are Action.Submit. */
  readonly dialog?: true;
  readonly pictureUrl?: PictureUrl;
}

/** Whether everything that was typed fits into the form again. */
export interface RenderedForm {
  readonly card: AdaptiveCard;
  readonly complete: boolean;
}

/**
 * A form as a card in a chat or a dialog. Inputs are called `kind.name`, so that what comes back can be read without
 * the form. At most 26 KB: the introduction is shortened first, then long lists; typed values never.
 */
export function renderForm(form: Form, reader: Reader, localise: Localise, options: FormOptions): RenderedForm {
  const { dialog, pictureUrl } = options;
  const base = { reader, localise, ...(dialog && { dialog }), ...(pictureUrl && { pictureUrl }) };
  for (const room of ROOMS) {
    const card = compose(form, { ...base, room }, options);
    if (bytesOf(card) <= TEAMS_LIMITS.cardTargetBytes) return { card, complete: true };
  }
  const bare: Form = { ...form, intro: [], fields: form.fields.map((field) => withoutInitial(field)) };
  const { values: _values, ...rest } = options;
  return {
    card: compose(bare, { ...base, room: ROOMS[ROOMS.length - 1] ?? { body: 80, line: 50, entries: 4 } }, rest),
    complete: false,
  };
}

function withoutInitial(field: Field): Field {
  const { initial: _initial, ...rest } = field as Field & { initial?: unknown };
  return rest as Field;
}

function compose(form: Form, pen: Pen, options: FormOptions): AdaptiveCard {
  const { errors = {} } = options;
  const failed = Object.keys(errors).length > 0;
  const inputs: string[] = [];
  const fields = form.fields.flatMap((field) => {
    const made = fieldElements(field, pen, options);
    if (made.id) inputs.push(made.id);
    return made.elements;
  });
  const unplaced = Object.entries(errors).filter(([name]) => name !== 'form' && !form.fields.some((field) => field.name === name));
  const top: Text[] = [...(errors.form ? [errors.form] : []), ...unplaced.map(([, text]) => text)];
  if (failed && top.length === 0) top.push(key('core.ui.check_form'));
  const body: Element[] = [
    ...(pen.dialog ? [] : heading(form.title, pen, 'large')),
    ...(top.length > 0
      ? [
          {
            type: 'Container' as const,
            style: 'attention' as const,
            items: top.flatMap((text) => paragraph(text, pen, { weight: 'bolder' })),
          },
        ]
      : []),
    ...blocks(form.intro ?? [], pen),
    ...fields,
  ];
  const fallback = line(form.title, pen);
  const submit = {
    title: line(form.submit, pen, 60).trim() || '…',
    style: 'positive',
    data: encodeSubmit(form.ref, options.instance, inputs, options.back),
  } as const;
  if (pen.dialog) return frame(fallback, body, [{ type: 'Action.Submit', ...submit }]);
  const actions: readonly CardAction[] = [
    { type: 'Action.Execute', verb: form.ref.id, ...submit },
    {
      type: 'Action.Execute',
      title: line(key('core.ui.cancel'), pen, 60),
      verb: 'bellhop.cancel',
      data: encodeCancel(options.back),
      associatedInputs: 'none',
    },
  ];
  return frame(fallback, body, actions);
}

function fieldElements(field: Field, pen: Pen, options: FormOptions): { id?: string; elements: Element[] } {
  const error = options.errors?.[field.name];
  const after: Element[] = [
    ...(error ? paragraph(error, pen, { color: 'attention', weight: 'bolder' }, { spacing: 'small' }) : []),
    ...(field.hint ? paragraph(field.hint, pen, { size: 'small', isSubtle: true }, { most: pen.room.line, spacing: 'small' }) : []),
  ];
  if (field.kind === 'file') {
    return {
      elements: [
        ...paragraph(field.label, pen, { weight: 'bolder' }, { spacing: 'medium' }),
        ...paragraph(field.elsewhere, pen, {}, { spacing: 'small' }),
        ...after,
      ],
    };
  }
  if (
    (field.kind === 'channel' && (options.channels ?? []).length === 0) ||
    ((field.kind === 'choice' || field.kind === 'choices') && field.options.length === 0)
  ) {
    const nothing = field.kind === 'channel' ? key('core.ui.no_channels') : key('core.ui.no_options');
    return {
      elements: [
        ...paragraph(field.label, pen, { weight: 'bolder' }, { spacing: 'medium' }),
        ...paragraph(nothing, pen, {}, { spacing: 'small' }),
        ...after,
      ],
    };
  }
  const id = `${field.kind}.${field.name}`;
  const name = line(field.label, pen).trim() || '…';
  // A box to tick may always stay empty: nothing is said of it.
  const may = key('core.ui.optional');
  const label = field.optional && field.kind !== 'check' ? `${name} (${line(may, pen)})` : name;
  const required =
    field.optional || field.kind === 'check'
      ? {}
      : { isRequired: true, errorMessage: error ? line(error, pen) : line(key('core.ui.required'), pen) };
  const cutOff =
    (field.kind === 'choice' || field.kind === 'choices') && field.options.length > optionsRoom(pen)
      ? paragraph(key('core.ui.shortened'), pen, { italic: true, size: 'small' })
      : [];
  return { id, elements: [input(field, { id, label, ...required, spacing: 'medium' }, pen, options), ...cutOff, ...after] };
}

type Answerable = Exclude<Field, { kind: 'file' }>;
type Shared = {
  readonly id: string;
  readonly label: string;
  readonly spacing: 'medium';
  readonly isRequired?: boolean;
  readonly errorMessage?: string;
};

function input(field: Answerable, shared: Shared, pen: Pen, options: FormOptions): Element {
  const typed = options.values?.[field.name];
  const blank = options.values !== undefined && typed === undefined;
  switch (field.kind) {
    case 'text': {
      const value = typeof typed === 'string' ? typed : blank ? '' : (field.initial ?? '');
      return {
        type: 'Input.Text',
        ...shared,
        ...(field.multiline && { isMultiline: true }),
        // A value that is longer than allowed is shown whole, with its error beside it.
        maxLength: Math.max(field.maxLength ?? MAX_FIELD_CHARACTERS, value.length),
        ...(field.placeholder && { placeholder: line(field.placeholder, pen) }),
        ...(value && { value: field.multiline ? value : value.replace(/\s*\n\s*/g, ' ') }),
      };
    }
    case 'date': {
      const value = typeof typed === 'string' ? typed : blank ? undefined : field.initial;
      return { type: 'Input.Date', ...shared, ...(isDay(value) && { value }) };
    }
    case 'time': {
      const value = typeof typed === 'string' ? typed : blank ? undefined : field.initial;
      return { type: 'Input.Time', ...shared, ...(value && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) && { value }) };
    }
    case 'check': {
      const value = typeof typed === 'boolean' ? typed : blank ? false : (field.initial ?? false);
      return { type: 'Input.Toggle', ...shared, title: line(field.text, pen), value: value ? 'true' : 'false', wrap: true };
    }
    case 'choice': {
      const value = typeof typed === 'string' ? typed : blank ? undefined : field.initial;
      const choices = choicesOf(field.options, pen, value ? [value] : []);
      const menu = choices.length > TEAMS_LIMITS.filteredFrom ? ('filtered' as const) : ('compact' as const);
      return {
        type: 'Input.ChoiceSet',
        ...shared,
        choices,
        style: field.style === 'radio' && choices.length <= TEAMS_LIMITS.filteredFrom ? 'expanded' : menu,
        ...(value !== undefined && choices.some((choice) => choice.value === value) && { value }),
        wrap: true,
      };
    }
    case 'choices': {
      const chosen = Array.isArray(typed) ? typed.filter((one) => typeof one === 'string') : blank ? [] : (field.initial ?? []);
      const choices = choicesOf(field.options, pen, chosen).map((choice) => ({ ...choice, value: commaSafe(choice.value) }));
      const value = chosen.map(commaSafe).filter((one) => choices.some((choice) => choice.value === one));
      return {
        type: 'Input.ChoiceSet',
        ...shared,
        choices,
        isMultiSelect: true,
        style: 'expanded',
        ...(value.length > 0 && { value: value.join(',') }),
        wrap: true,
      };
    }
    case 'people': {
      const hints = Array.isArray(typed)
        ? (typed as readonly PersonHint[]).map((hint) => (hint.by === 'typed' ? hint.typed : hint.externalId))
        : blank
          ? []
          : (field.initial ?? []);
      const value = hints.join(', ');
      return {
        type: 'Input.Text',
        ...shared,
        placeholder: line(key('core.ui.people_hint'), pen),
        maxLength: Math.max(MAX_FIELD_CHARACTERS, value.length),
        ...(value && { value }),
      };
    }
    case 'channel': {
      const value = typeof typed === 'string' ? typed : blank ? undefined : field.initial;
      const choices = (options.channels ?? []).slice(0, optionsRoom(pen)).map(({ id, name }) => ({ title: name, value: id }));
      return {
        type: 'Input.ChoiceSet',
        ...shared,
        choices,
        style: choices.length > TEAMS_LIMITS.filteredFrom ? 'filtered' : 'compact',
        ...(value !== undefined && choices.some((choice) => choice.value === value) && { value }),
        wrap: true,
      };
    }
  }
}

/** Options that may be shown: plenty, until the card grows too large. */
function optionsRoom(pen: Pen): number {
  return pen.room.entries * 8;
}

function choicesOf(
  options: readonly { readonly value: string; readonly label: Text }[],
  pen: Pen,
  chosen: readonly string[],
): { title: string; value: string }[] {
  const seen = new Set<string>();
  const unique = options.filter(({ value }) => !seen.has(value) && seen.add(value));
  const shown = unique.slice(0, optionsRoom(pen));
  const missing = unique.slice(optionsRoom(pen)).filter(({ value }) => chosen.includes(value));
  return [...shown, ...missing].map(({ value, label }) => ({ title: line(label, pen) || value, value }));
}

/** Several choices come back joined by commas. */
function commaSafe(value: string): string {
  return value.replace(/[%,]/g, encodeURIComponent);
}

function isDay(value: string | undefined): value is string {
  return value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));
}

/**
 * What a sent form holds, by field name.
 * @param fields the inputs that the card had (`kind.name`)
 * @param data everything that Teams sent with the button
 */
export function readForm(fields: readonly string[], data: Readonly<Record<string, unknown>>): FormValues {
  const values: Record<string, FormValue | undefined> = {};
  for (const id of fields) {
    const dot = id.indexOf('.');
    const kind = id.slice(0, dot);
    const raw = data[id];
    const text = typeof raw === 'string' ? raw : typeof raw === 'boolean' || typeof raw === 'number' ? String(raw) : '';
    values[id.slice(dot + 1)] = fieldValue(kind, text);
  }
  return values;
}

function fieldValue(kind: string, text: string): FormValue | undefined {
  switch (kind) {
    case 'check':
      return text === 'true';
    case 'choices':
      return text === '' ? [] : text.split(',').map((one) => one.replace(/%2C/g, ',').replace(/%25/g, '%'));
    case 'people':
      return text
        .split(/[,;\n]/)
        .map((one) => one.trim())
        .filter((one) => one !== '')
        .map((typed): PersonHint => ({ by: 'typed', typed }));
    default:
      return text === '' ? undefined : text;
  }
}
