import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readForm, renderForm } from '../../adapters/teams/form.js';
import type { Field, Form } from '../../src/core/form.js';
import { ref } from '../../src/core/ref.js';
import { key, words } from '../../src/core/text.js';
import { cardButtons, cardInputs, cardProblems, cardText } from '../support/fake-teams/card-check.js';
import { keys } from '../support/fake-teams/keys.js';

const reader = { locale: 'en', zone: 'UTC' };
const render = (form: Form, options: Partial<Parameters<typeof renderForm>[3]> = {}) =>
  renderForm(form, reader, keys, { instance: 'i1', back: 'closed', ...options });
const form = (fields: readonly Field[], more: Partial<Form> = {}): Form => ({
  ref: ref('handbook.publish', { id: null }),
  title: words('Title'),
  submit: words('Send'),
  fields,
  ...more,
});

const FIELDS: readonly Field[] = [
  { kind: 'text', name: 'title', label: words('Title') },
  { kind: 'text', name: 'text', label: words('Text'), multiline: true, optional: true },
  { kind: 'date', name: 'due', label: words('Due') },
  { kind: 'time', name: 'at', label: words('At'), optional: true },
  {
    kind: 'choice',
    name: 'kind',
    label: words('Kind'),
    options: [
      { value: 'a', label: words('A') },
      { value: 'b', label: words('B') },
    ],
  },
  {
    kind: 'choices',
    name: 'days',
    label: words('Days'),
    options: [
      { value: 'mo,tu', label: words('Early') },
      { value: '100%', label: words('All') },
    ],
  },
  { kind: 'people', name: 'who', label: words('Who'), optional: true },
  { kind: 'channel', name: 'channel', label: words('Channel'), optional: true },
  { kind: 'check', name: 'ok', label: words('Ok'), text: words('Agreed') },
  { kind: 'file', name: 'file', label: words('File'), extensions: ['md'], elsewhere: key('handbook.send_it_in_chat') },
];
const channels = [{ id: 'c1', name: 'Store › news' }];

/** What Teams sends for a form that is sent as it stands: inputs with a value, texts always. */
function sentAsShown(card: unknown): Record<string, string> {
  return Object.fromEntries(
    cardInputs(card)
      .filter(({ type, value }) => value !== undefined || type === 'Input.Text')
      .map(({ id, value }) => [id, value ?? '']),
  );
}

function fieldsOf(card: unknown): string[] {
  return (cardButtons(card)[0]?.data as { bellhop: { fields: string[] } } | undefined)?.bellhop.fields ?? [];
}

describe('forms on Teams', () => {
  const filled = {
    title: '*Rules* {{DATE(2026)}}',
    text: '# One\n\n"two" & <three>',
    due: '2027-03-01',
    at: '09:30',
    kind: 'b',
    days: ['mo,tu', '100%'],
    who: [
      { by: 'typed', typed: 'Ana Sol' },
      { by: 'typed', typed: 'ben@x.example' },
    ] as const,
    channel: 'c1',
    ok: true,
  };

  it('come back with errors at their fields and everything that was typed, as the same form', () => {
    const errors = { title: key('handbook.errors.title'), form: key('handbook.errors.whole'), gone: key('handbook.errors.gone') };
    const { card, complete } = render(form(FIELDS), { values: filled, errors, channels });
    expect(complete).toBe(true);
    expect(cardProblems(card)).toEqual([]);
    const shown = cardText(card);
    for (const error of ['handbook.errors.title', 'handbook.errors.whole', 'handbook.errors.gone']) expect(shown).toContain(error);
    expect(readForm(fieldsOf(card), sentAsShown(card))).toEqual(filled);
    expect(cardButtons(card)[0]?.data).toMatchObject({
      bellhop: { form: 'i1', do: 'submit', ref: 'handbook.publish', payload: '{"id":null}' },
    });
  });

  it('tell empty fields apart: absent texts, empty lists, unticked boxes', () => {
    const { card } = render(form(FIELDS), { channels });
    expect(readForm(fieldsOf(card), {})).toEqual({
      title: undefined,
      text: undefined,
      due: undefined,
      at: undefined,
      kind: undefined,
      days: [],
      who: [],
      channel: undefined,
      ok: false,
    });
  });

  it('let no emptied field return to its first value', () => {
    const { card } = render(
      form([
        { kind: 'text', name: 'title', label: words('T'), initial: 'first' },
        { kind: 'choices', name: 'days', label: words('D'), options: [{ value: 'a', label: words('A') }], initial: ['a'] },
      ]),
      {
        values: { days: [] },
        errors: { title: key('core.ui.required') },
      },
    );
    expect(cardInputs(card).map(({ value }) => value)).toEqual([undefined, undefined]);
  });

  it('say where to send a file, and that there is no channel yet', () => {
    const shown = cardText(render(form(FIELDS)).card);
    expect(shown).toContain('handbook.send_it_in_chat');
    expect(shown).toContain('core.ui.no_channels');
  });

  it('ask for what is needed before sending; a box to tick may stay empty', () => {
    const required = cardInputs(render(form(FIELDS), { channels }).card)
      .filter((input) => input.isRequired)
      .map(({ id }) => id);
    expect(required).toEqual(['text.title', 'date.due', 'choice.kind', 'choices.days']);
  });

  it('say so when what was typed does not fit into a card again', () => {
    const fields = Array.from(
      { length: 8 },
      (_, index): Field => ({ kind: 'text', name: `t${index}`, label: words('T'), multiline: true }),
    );
    const values = Object.fromEntries(fields.map(({ name }) => [name, 'ģ'.repeat(3000)]));
    const { card, complete } = render(form(fields), { values, errors: { t0: key('core.errors.field_invalid') } });
    expect(complete).toBe(false);
    expect(cardProblems(card)).toEqual([]);
  });

  it('are valid cards, however many options and words they have', () => {
    const options = fc.array(
      fc.record({ value: fc.string({ minLength: 1, maxLength: 40 }), label: fc.string({ minLength: 1, maxLength: 90 }).map(words) }),
      { maxLength: 400 },
    );
    const field: fc.Arbitrary<Field> = fc.oneof(
      options.map(
        (list): Field => ({ kind: 'choice', name: 'a', label: words('A'), options: list, ...(list[0] && { initial: list[0].value }) }),
      ),
      options.map(
        (list): Field => ({
          kind: 'choices',
          name: 'b',
          label: words('B'),
          options: list,
          initial: list.slice(0, 3).map(({ value }) => value),
        }),
      ),
      fc.string({ maxLength: 3000 }).map((initial): Field => ({ kind: 'text', name: 'c', label: words('C'), multiline: true, initial })),
      fc.constantFrom<Field>(...FIELDS),
    );
    const many = fc.uniqueArray(field, { maxLength: 6, selector: ({ name }) => name });
    fc.assert(
      fc.property(many, fc.string({ maxLength: 9000 }), (fields, intro) => {
        expect(cardProblems(render(form(fields, { intro: [{ kind: 'paragraph', text: words(intro) }] }), { channels }).card)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
