import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.js';
import type { Field, FileHandle, Form, FormValue } from '../../src/core/form.js';
import { MAX_PAYLOAD_CHARACTERS, type Ref, ref } from '../../src/core/ref.js';
import { words } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { hostile } from '../support/hostile.js';
import { CHAT_ADAPTERS } from '../support/platforms.js';

/** The contract of chat adapters, apart from any feature: what goes out on a button or in a form is what comes back. */
const localise = createLocaliser();
const reader = { locale: 'lv', zone: 'Europe/Riga' };

const value = fc.oneof(fc.uuid(), fc.integer(), fc.boolean(), fc.constant(null), fc.string({ unit: 'binary', maxLength: 40 }));
const anyRef = fc
  .tuple(fc.stringMatching(/^[a-z]{1,12}\.[a-z_]{1,20}$/), fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,12}$/), value, { maxKeys: 8 }))
  .map(([id, payload]) => ref(id, payload))
  .filter(({ payload }) => JSON.stringify(payload).length <= MAX_PAYLOAD_CHARACTERS);
const confirm = { title: words('Sure?'), text: words('It can’t be undone.'), yes: words('Yes'), no: words('No') };

function cardWith(rows: readonly Ref[], actions: readonly Ref[]): Card {
  return {
    summary: words('s'),
    rows: rows.map((each) => ({ text: words('Row'), action: { kind: 'button', label: words('Open'), ref: each, confirm } })),
    actions: [
      ...actions.map((each, index) => ({
        kind: 'button' as const,
        label: words(`A${index}`),
        ref: each,
        ...(index % 3 === 0 && { confirm }),
      })),
      { kind: 'link' as const, label: words('Page'), url: 'https://bellhop.example' },
    ],
  };
}

interface Case {
  readonly field: Field;
  readonly given: FormValue;
  /** What comes back where that is another thing on a platform. */
  readonly elsewhere?: { readonly slack?: FormValue | undefined; readonly teams?: FormValue | undefined };
  /** What an empty field brings back. */
  readonly empty: FormValue | undefined;
}

const options = ['a', 'b,c', '100%', 'x'.repeat(150)].map((each) => ({ value: each, label: words(`Option ${each}`) }));
const label = words('Label');
const hint = { by: 'account', externalId: 'U0ANA' } as const;

/** A new kind of field doesn't compile before it stands here. */
const CASES: Readonly<Record<Field['kind'], readonly Case[]>> = {
  text: [
    { field: { kind: 'text', name: 'f', label }, given: hostile(200), empty: undefined },
    { field: { kind: 'text', name: 'f', label, multiline: true }, given: `${hostile(1400)}\n\n# ${hostile(1400)}`, empty: undefined },
  ],
  date: [{ field: { kind: 'date', name: 'f', label }, given: '2027-02-28', empty: undefined }],
  time: [{ field: { kind: 'time', name: 'f', label }, given: '09:30', empty: undefined }],
  choice: [
    { field: { kind: 'choice', name: 'f', label, options }, given: 'x'.repeat(150), empty: undefined },
    { field: { kind: 'choice', name: 'f', label, options, style: 'radio' }, given: 'b,c', empty: undefined },
  ],
  choices: [{ field: { kind: 'choices', name: 'f', label, options }, given: ['a', 'b,c', '100%'], empty: [] }],
  check: [{ field: { kind: 'check', name: 'f', label, text: words(hostile(250)) }, given: true, empty: false }],
  people: [
    {
      field: { kind: 'people', name: 'f', label, multiple: true },
      given: [hint, { by: 'account', externalId: 'U0BEN' }],
      elsewhere: {
        teams: [
          { by: 'typed', typed: 'U0ANA' },
          { by: 'typed', typed: 'U0BEN' },
        ],
      },
      empty: [],
    },
    {
      field: { kind: 'people', name: 'f', label },
      given: [{ by: 'typed', typed: 'Ána *Ozola* <@U1>' }],
      // Slack has a picker, where nothing is typed.
      elsewhere: { slack: [] },
      empty: [],
    },
  ],
  channel: [{ field: { kind: 'channel', name: 'f', label }, given: 'C0TEAMXX', empty: undefined }],
  file: [
    {
      field: { kind: 'file', name: 'f', label, extensions: ['md'], elsewhere: words('Send it in chat.') },
      given: ['rules.md'],
      // Forms on Teams take no files.
      elsewhere: { teams: undefined },
      empty: [],
    },
  ],
};
const cases = Object.values(CASES).flat();

/** Files are known by their names here. */
const comparable = (sent: FormValue | undefined): unknown =>
  Array.isArray(sent) ? sent.map((one: unknown) => (isFile(one) ? one.name : one)) : sent;
const isFile = (one: unknown): one is FileHandle => typeof one === 'object' && one !== null && 'read' in one;

describe.each(CHAT_ADAPTERS.map((adapter) => ({ ...adapter, toString: () => adapter.platform })))('$platform', (adapter) => {
  it('brings back the ref of every button, in rows, menus and behind questions', () => {
    fc.assert(
      fc.property(fc.array(anyRef, { maxLength: 7 }), fc.array(anyRef, { maxLength: 9 }), (rows, actions) => {
        const { refs, problems } = adapter.card(cardWith(rows, actions), reader, localise);
        const inOrder = (list: readonly (Ref | null)[]) => list.map((each) => JSON.stringify(each)).sort();
        expect(problems).toEqual([]);
        expect(inOrder(refs)).toEqual(inOrder([...rows, ...actions]));
      }),
      { numRuns: 40 },
    );
  });

  const formOf = (field: Field): Form => ({
    ref: ref('handbook.publish', { id: '0190a000-0000-7000-8000-000000000001', page: 0, next: null, on: false }),
    title: words('Title'),
    submit: words('Send'),
    fields: [field, { kind: 'text', name: 'other', label }],
  });

  it.each(cases.map((each) => [each.field.kind, each] as const))(
    'brings back what stands in a field: %s',
    (_, { field, given, elsewhere, empty }) => {
      const form = formOf(field);
      const other = 'As it was.';
      const filled = adapter.form(form, reader, localise, {
        values: { f: given, other },
        ...(field.kind === 'file' && { files: given as readonly string[] }),
      });
      const wanted = elsewhere && adapter.platform in elsewhere ? elsewhere[adapter.platform] : given;
      expect(filled.problems).toEqual([]);
      expect(filled.sent.ref).toEqual(form.ref);
      expect(comparable(filled.sent.values.f)).toEqual(wanted);
      expect(filled.sent.values.other).toBe(other);

      const blank = adapter.form(form, reader, localise, { values: {} });
      expect(blank.sent.values.f).toEqual(field.kind === 'file' && adapter.platform === 'teams' ? undefined : empty);

      // What stands there at first comes back like what was typed.
      if (field.kind === 'file' || (field.kind === 'people' && wanted !== given)) return;
      const initial = field.kind === 'people' ? ['U0ANA'] : given;
      const opened = adapter.form(formOf({ ...field, initial } as Field), reader, localise);
      expect(opened.sent.values.f).toEqual(
        field.kind === 'people' ? [adapter.platform === 'slack' ? hint : { by: 'typed', typed: 'U0ANA' }] : wanted,
      );
    },
  );

  it('shows errors without losing what was typed in any field', () => {
    const fields = cases.map(({ field }, index): Field => ({ ...field, name: `f${index}` }));
    const given = Object.fromEntries(cases.map((each, index) => [`f${index}`, each.given]));
    const form: Form = { ...formOf(fields[0] as Field), fields };
    const errors = Object.fromEntries([...fields.map((field) => [field.name, words(hostile(100))]), ['form', words('As a whole.')]]);
    const shown = adapter.form(form, reader, localise, { values: given, errors });
    expect(shown.problems).toEqual([]);
    const textual = cases.flatMap(({ field }, index) => (field.kind === 'people' || field.kind === 'file' ? [] : [`f${index}`]));
    for (const name of textual) expect(shown.sent.values[name]).toEqual(given[name]);
    expect(shown.text).toContain('As a whole.');
  });
});
