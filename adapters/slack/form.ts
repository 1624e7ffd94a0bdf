import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Field, Form, FormErrors, FormValue, FormValues, Option } from '../../src/core/form.js';
import { key, type Localise, type Reader, type Text } from '../../src/core/text.js';
import { LIMITS, shorten } from './limits.js';
import { type Pictured, UNPICTURED } from './render-pictures.js';
import { bodyPieces, layPieces } from './render-rich.js';
import { plainText, type Wording, wordingFor } from './render-text.js';

/** Where a form was opened, so that its answer finds the way back. Lives in the view's private metadata. */
export const Origin = z.object({
  /** `message`: a card in a conversation; `ephemeral`: one that only its response URL can change. */
  kind: z.enum(['message', 'ephemeral', 'home', 'command']),
  channel: z.string().optional(),
  ts: z.string().optional(),
  /** The thread in which somebody acted: what is said to them stands there. */
  thread: z.string().optional(),
  /** Reaches what was ephemeral, and where a shortcut was used. */
  responseUrl: z.string().optional(),
});
export type Origin = z.infer<typeof Origin>;

/** What a view carries of its form, unseen. `step` tells the forms apart that follow one another in one view. */
export const ViewMemory = z.object({
  v: z.literal(1),
  p: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  o: Origin,
  s: z.string(),
  /** Language and zone that the form was shown in: Slack tells neither with a submission. */
  r: z.tuple([z.string(), z.string()]),
});
export type ViewMemory = z.infer<typeof ViewMemory>;

export interface FormOptions {
  readonly errors?: FormErrors | undefined;
  /** What was typed; without it the fields' own initial values stand there. */
  readonly values?: FormValues | undefined;
  readonly origin?: Origin;
  readonly step?: string;
  /** What of the introduction's pictures Slack can be shown: a refused modal can't be tried again for long. */
  readonly pictured?: Pictured;
}

/** Room in a modal for the words above the fields: Slack allows more, nobody reads more in a form. */
const INTRO = { blocks: 40, characters: 9000 } as const;
const LABEL = 300;
const HINT = 600;
const WARNING = '⚠️ ';

/** A form as a Slack modal. Pure. With `errors` they stand in the view itself, each above its field. */
export function renderForm(form: Form, reader: Reader, localise: Localise, options: FormOptions = {}): types.ModalView {
  const wording = wordingFor(reader, localise);
  const { errors = {}, values } = options;
  const known = new Set(form.fields.map((field) => field.name));
  const general = Object.entries(errors).filter(([name]) => !known.has(name));
  const blocks: types.KnownBlock[] = general.slice(0, 5).map(([, text]) => warning(text, wording));
  if (form.intro) blocks.push(...layPieces(bodyPieces(form.intro, wording, options.pictured ?? UNPICTURED), INTRO, wording));
  for (const field of form.fields) {
    const error = errors[field.name];
    const given = values ? values[field.name] : undefined;
    const rendered = fieldBlocks(field, wording, values === undefined ? undefined : { given });
    if (blocks.length + rendered.length + (error ? 1 : 0) > LIMITS.view.blocks) break;
    if (error) blocks.push(warning(error, wording));
    blocks.push(...rendered);
  }
  return {
    type: 'modal',
    callback_id: form.ref.id.slice(0, 255),
    title: wording.object(form.title, LIMITS.view.title),
    submit: wording.object(form.submit, LIMITS.view.submit),
    close: wording.object(key('core.ui.cancel'), LIMITS.view.close),
    blocks: blocks.length > 0 ? blocks : [{ type: 'divider' }],
    private_metadata: memory(form, reader, options),
  };
}

/** A view that only says something: what happens, or what happened. `title`: the one of the view that it replaces. */
export function renderNotice(title: string, text: Text, reader: Reader, localise: Localise): types.ModalView {
  const wording = wordingFor(reader, localise);
  return {
    type: 'modal',
    title: plainText(shorten(title, LIMITS.view.title) || 'Bellhop'),
    close: wording.object(key('core.ui.close'), LIMITS.view.close),
    blocks: [{ type: 'section', text: wording.object(text, LIMITS.section.text) }],
  };
}

/**
 * Errors at the blocks of the fields, as the acknowledgement of a submission takes them; what was typed stays.
 * An error of the form as a whole, or of something that has no field here, goes to the last field: Slack shows an
 * error at a field only, and that one stands next to the button that was just pressed.
 * Undefined when the form has no field: the errors then belong into the view itself (renderForm).
 */
export function blockErrors(form: Form, errors: FormErrors, reader: Reader, localise: Localise): Record<string, string> | undefined {
  const wording = wordingFor(reader, localise);
  const fields = form.fields.filter((field) => hasInput(field)).map((field) => field.name);
  const last = fields.at(-1);
  if (last === undefined) return undefined;
  const out: Record<string, string> = {};
  for (const [name, text] of Object.entries(errors)) {
    const target = fields.includes(name) ? name : last;
    const words = wording.plain(text, 1000);
    out[target] = out[target] === undefined ? words : `${out[target]}\n${words}`;
  }
  return Object.keys(out).length > 0 ? out : { [last]: wording.plain(key('core.ui.check_form'), 1000) };
}

function memory(form: Form, reader: Reader, { origin = { kind: 'command' }, step = '' }: FormOptions): string {
  const write = (o: Origin) =>
    JSON.stringify({ v: 1, p: form.ref.payload, o, s: step, r: [reader.locale, reader.zone] } satisfies ViewMemory);
  const full = write(origin);
  return full.length <= LIMITS.view.privateMetadata ? full : write({ kind: 'command' }).slice(0, LIMITS.view.privateMetadata);
}

function warning(text: Text, wording: Wording): types.KnownBlock {
  return { type: 'section', text: plainText(WARNING + wording.plain(text, 1000)) };
}

/** Slack refuses a menu without options. */
function hasInput(field: Field): boolean {
  return (field.kind !== 'choice' && field.kind !== 'choices') || field.options.some((option) => option.value !== '');
}

/** @param typed what the person had given, when the form is shown again */
function fieldBlocks(field: Field, wording: Wording, typed: { given: FormValue | undefined } | undefined): types.KnownBlock[] {
  if (!hasInput(field)) {
    const hint = field.hint ? `\n${wording.plain(field.hint, HINT)}` : '\n–';
    return [{ type: 'section', text: plainText(wording.plain(field.label, LABEL) + hint) }];
  }
  const above: types.KnownBlock[] = [];
  if (field.kind === 'check' && wording.plain(field.text, LIMITS.section.text).length > LIMITS.choices.text) {
    above.push({ type: 'section', text: wording.object(field.text, LIMITS.section.text) });
  }
  return [
    ...above,
    {
      type: 'input',
      block_id: field.name.slice(0, LIMITS.blockId),
      label: wording.object(field.label, LABEL),
      ...(field.hint ? { hint: wording.object(field.hint, HINT) } : {}),
      optional: field.optional === true,
      element: elementOf(field, wording, typed),
    },
  ];
}

type InputElement = types.InputBlock['element'];

function elementOf(field: Field, wording: Wording, typed: { given: FormValue | undefined } | undefined): InputElement {
  const action_id = field.kind;
  switch (field.kind) {
    case 'text': {
      const max_length = Math.min(Math.max(field.maxLength ?? LIMITS.input.text, 1), LIMITS.input.text);
      const given = text(typed, field.initial);
      const initial = shorten(field.multiline ? given : given.replace(/\s*\n\s*/g, ' '), max_length, '');
      return {
        type: 'plain_text_input',
        action_id,
        multiline: field.multiline === true,
        max_length,
        ...(field.placeholder ? { placeholder: wording.object(field.placeholder, LIMITS.input.placeholder) } : {}),
        ...(initial !== '' ? { initial_value: initial } : {}),
      };
    }
    case 'date': {
      const initial = text(typed, field.initial);
      return { type: 'datepicker', action_id, ...(isDate(initial) ? { initial_date: initial } : {}) };
    }
    case 'time': {
      const initial = text(typed, field.initial);
      return { type: 'timepicker', action_id, ...(/^([01]\d|2[0-3]):[0-5]\d$/.test(initial) ? { initial_time: initial } : {}) };
    }
    case 'choice': {
      const radio = field.style === 'radio' && field.options.length <= LIMITS.choices.options;
      const options = optionsOf(field.options, wording);
      const initial = options.find((option) => option.value === text(typed, field.initial));
      const chosen = initial ? { initial_option: initial } : {};
      return radio
        ? { type: 'radio_buttons', action_id, options, ...chosen }
        : { type: 'static_select', action_id, ...menu(options), ...chosen };
    }
    case 'choices': {
      const options = optionsOf(field.options, wording);
      const wanted = strings(typed, field.initial);
      const initial = options.filter((option) => wanted.includes(option.value ?? ''));
      const chosen = initial.length > 0 ? { initial_options: initial } : {};
      return options.length <= LIMITS.choices.options
        ? { type: 'checkboxes', action_id, options, ...chosen }
        : { type: 'multi_static_select', action_id, ...menu(options), ...chosen };
    }
    case 'check': {
      const short = wording.plain(field.text, LIMITS.section.text).length <= LIMITS.choices.text ? field.text : field.label;
      const option = { text: wording.object(short, LIMITS.choices.text), value: 'true' };
      const ticked = typed ? typed.given === true : field.initial === true;
      return { type: 'checkboxes', action_id, options: [option], ...(ticked ? { initial_options: [option] } : {}) };
    }
    case 'people': {
      const people = accounts(typed, field.initial);
      if (field.multiple) return { type: 'multi_users_select', action_id, ...(people.length > 0 ? { initial_users: people } : {}) };
      return { type: 'users_select', action_id, ...(people[0] ? { initial_user: people[0] } : {}) };
    }
    case 'channel': {
      const initial = text(typed, field.initial);
      return {
        type: 'conversations_select',
        action_id,
        filter: { include: ['public', 'private'], exclude_bot_users: true },
        ...(/^[CG][A-Z0-9]{6,}$/.test(initial) ? { initial_conversation: initial } : {}),
      };
    }
    case 'file': {
      const filetypes = field.extensions.map((extension) => extension.replace(/^\./, '').toLowerCase());
      return { type: 'file_input', action_id, max_files: 1, ...(filetypes.length > 0 ? { filetypes } : {}) };
    }
  }
}

/** A menu takes a hundred options; more of them stand in groups named by their first and last entries. */
function menu(options: types.PlainTextOption[]): Pick<types.StaticSelect, 'options'> | Pick<types.StaticSelect, 'option_groups'> {
  if (options.length <= LIMITS.select.options) return { options };
  const groups: { label: types.PlainTextElement; options: types.PlainTextOption[] }[] = [];
  for (let from = 0; from < options.length && groups.length < LIMITS.select.groups; from += LIMITS.select.options) {
    const part = options.slice(from, from + LIMITS.select.options);
    const name = (option: types.PlainTextOption | undefined) => shorten(option?.text.text ?? '', 34);
    groups.push({ label: plainText(`${name(part[0])} – ${name(part.at(-1))}`), options: part });
  }
  return { option_groups: groups };
}

function optionsOf(options: readonly Option[], wording: Wording): types.PlainTextOption[] {
  const values = new Set<string>();
  return options.flatMap((option) => {
    const value = option.value.slice(0, LIMITS.select.value);
    if (value === '' || values.has(value)) return [];
    values.add(value);
    return [{ text: wording.object(option.label, LIMITS.select.text), value }];
  });
}

function text(typed: { given: FormValue | undefined } | undefined, initial: string | undefined): string {
  const value = typed ? typed.given : initial;
  return typeof value === 'string' ? value : '';
}

function strings(typed: { given: FormValue | undefined } | undefined, initial: readonly string[] | undefined): string[] {
  const value = typed ? typed.given : initial;
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Slack's user ids among the people named; typed names can't stand in Slack's picker. */
function accounts(typed: { given: FormValue | undefined } | undefined, initial: readonly string[] | undefined): string[] {
  const value: unknown = typed ? typed.given : initial;
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const id = typeof item === 'string' ? item : AccountHint.safeParse(item).data?.externalId;
    return id && /^[UW][A-Z0-9]{2,}$/.test(id) ? [id] : [];
  });
}

const AccountHint = z.object({ by: z.literal('account'), externalId: z.string() });

function isDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const parsed = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
}
