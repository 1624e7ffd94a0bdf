import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockErrors, renderForm } from '../../adapters/slack/form.js';
import { shorten } from '../../adapters/slack/limits.js';
import { renderCard, renderCards, renderHome } from '../../adapters/slack/render.js';
import { optionValue } from '../../adapters/slack/render-actions.js';
import { type Pictured, UNPICTURED } from '../../adapters/slack/render-pictures.js';
import { bar, richElements } from '../../adapters/slack/render-rich.js';
import type { Action, Card } from '../../src/core/card.js';
import type { Field, Form, FormErrors } from '../../src/core/form.js';
import { ref } from '../../src/core/ref.js';
import type { Block, RichBlock } from '../../src/core/rich.js';
import { key, type Localise, type Reader, type Text, words } from '../../src/core/text.js';
import { messageProblems, viewProblems, visibleText } from '../support/fake-slack/check-blocks.js';

// Sizes reach what the arbitraries name as their maximum: the limits are what is tested.
fc.configureGlobal({ baseSize: 'medium', defaultSizeToMaxWhenMaxSpecified: true });

const reader: Reader = { locale: 'en', zone: 'UTC' };
/** Keys stand for themselves, so that tests see keys and not prose. */
const localise: Localise = (text) => {
  switch (text.kind) {
    case 'key':
      return [{ text: text.key }];
    case 'words':
      return [{ text: text.words, typed: true }];
    default:
      return [{ text: JSON.stringify(text) }];
  }
};

const typed = (max: number) =>
  fc.oneof(
    { arbitrary: fc.string({ maxLength: max, unit: 'binary' }), weight: 3 },
    { arbitrary: fc.nat(max).map((n) => 'ā'.repeat(n)), weight: 1 },
  );
const text = (max = 400): fc.Arbitrary<Text> => typed(max).map(words);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const style = {
  bold: optional(fc.boolean()),
  italic: optional(fc.boolean()),
  strike: optional(fc.boolean()),
  code: optional(fc.boolean()),
};
const inline = fc.record({
  text: typed(300),
  ...style,
  link: optional(
    fc.constantFrom('https://a.example/x', 'javascript:alert(1)', 'mailto:a@b.c', 'nonsense', `https://a.example/${'y'.repeat(4000)}`),
  ),
});
const content = fc.array(inline, { maxLength: 4 });
const richBlock: fc.Arbitrary<RichBlock> = fc.oneof(
  fc.record({ kind: fc.constantFrom('paragraph', 'heading', 'quote'), content }) as fc.Arbitrary<RichBlock>,
  fc.record({ kind: fc.constant('preformatted' as const), text: typed(5000) }),
  fc.record({
    kind: fc.constant('list' as const),
    ordered: fc.boolean(),
    start: optional(fc.integer({ min: 1, max: 50 })),
    items: fc.array(fc.record({ depth: fc.nat(12), marker: optional(fc.constantFrom('•', '3.', 'a)')), content }), { maxLength: 6 }),
  }) as fc.Arbitrary<RichBlock>,
);
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('paragraph', 'heading'), text: text(4000) }) as fc.Arbitrary<Block>,
  fc.record({ kind: fc.constant('rich' as const), blocks: fc.array(richBlock, { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('quote' as const), text: text(2000), by: optional(text()) }) as fc.Arbitrary<Block>,
  fc.record({ kind: fc.constant('progress' as const), done: fc.nat(2000), total: fc.nat(2000), label: text() }),
  fc.constant({ kind: 'divider' as const }),
  fc.record({ kind: fc.constant('picture' as const), id: fc.constantFrom('known', 'other'), alt: text(2500) }),
  fc.record({
    kind: fc.constant('faces' as const),
    people: fc.array(
      fc.record(
        { name: typed(80), pictureUrl: fc.constantFrom('https://a.example/p.png', 'http://a.example/p.png', 'https://', 'nonsense') },
        { requiredKeys: ['name'] },
      ),
      { maxLength: 10 },
    ),
  }),
);
const PICTURED: Pictured = { files: new Map([['known', 'F0123456789']]), faces: true };
const payload = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.oneof(fc.uuid(), fc.nat(), fc.boolean()), { maxKeys: 6 });
const button = fc.record({
  kind: fc.constant('button' as const),
  label: text(120),
  ref: payload.map((p) => ref('handbook.sign', p)),
  style: optional(fc.constantFrom('primary', 'danger')),
  confirm: optional(fc.record({ title: text(200), text: text(600), yes: text(60), no: text(60) })),
});
const action = fc.oneof(
  button,
  fc.record({ kind: fc.constant('link' as const), label: text(120), url: fc.constantFrom('https://a.example', 'ftp://a.example') }),
) as fc.Arbitrary<Action>;
const card = fc.record({
  summary: text(900),
  title: optional(text(300)),
  lead: optional(text(4000)),
  facts: optional(fc.array(fc.record({ label: text(900), value: text(3000) }), { maxLength: 8 })),
  body: optional(fc.array(block, { maxLength: 12 })),
  rows: optional(fc.array(fc.record({ text: text(1000), detail: optional(text(1000)), action: optional(button) }), { maxLength: 9 })),
  actions: optional(fc.array(action, { maxLength: 12 })),
  footer: optional(text(600)),
}) as fc.Arbitrary<Card>;

const base = { label: text(500), hint: optional(text(900)), optional: optional(fc.boolean()) };
const options = fc.array(fc.record({ value: fc.string({ maxLength: 150 }), label: text(120) }), { maxLength: 230 });
const fieldKinds: Record<string, fc.Arbitrary<unknown>>[] = [
  {
    kind: fc.constant('text'),
    multiline: optional(fc.boolean()),
    maxLength: optional(fc.integer({ min: 1, max: 9000 })),
    placeholder: optional(text()),
    initial: optional(typed(4000)),
  },
  { kind: fc.constant('date'), initial: optional(fc.constantFrom('2027-02-30', '2027-02-28', 'soon')) },
  { kind: fc.constant('time'), initial: optional(fc.constantFrom('10:00', '25:00')) },
  { kind: fc.constant('choice'), options, style: optional(fc.constantFrom('menu', 'radio')), initial: optional(typed(20)) },
  { kind: fc.constant('choices'), options, initial: optional(fc.array(typed(20))) },
  { kind: fc.constant('check'), text: text(400), initial: optional(fc.boolean()) },
  { kind: fc.constant('people'), multiple: optional(fc.boolean()), initial: optional(fc.array(fc.constantFrom('U0ANN', 'ann'))) },
  { kind: fc.constant('channel'), initial: optional(fc.constantFrom('C0TEAMXX', '0190-uuid')) },
  { kind: fc.constant('file'), extensions: fc.constantFrom(['.md', 'CSV'], []), elsewhere: text() },
];
const field = fc.oneof(...fieldKinds.map((kind) => fc.record({ ...base, ...kind }))) as unknown as fc.Arbitrary<Omit<Field, 'name'>>;
const form = fc
  .record({
    ref: payload.map((p) => ref('handbook.publish', p)),
    title: text(60),
    submit: text(60),
    intro: optional(fc.array(block, { maxLength: 6 })),
    fields: fc.array(field, { maxLength: 9 }),
  })
  .map((made) => ({ ...made, fields: made.fields.map((item, index) => ({ ...item, name: `field${index}` })) })) as fc.Arbitrary<Form>;

describe('Slack limits', () => {
  it('takes every card', () => {
    fc.assert(
      fc.property(card, fc.constantFrom(undefined, PICTURED, UNPICTURED), (made, pictured) => {
        const { text: fallback, blocks } = renderCard(made, reader, localise, pictured);
        expect(messageProblems(blocks)).toEqual([]);
        expect(fallback.length).toBeGreaterThan(0);
        expect(fallback.length).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 80 },
    );
  });

  it('takes many cards in one message and in App Home', () => {
    fc.assert(
      fc.property(fc.array(card, { maxLength: 12 }), (cards) => {
        expect(messageProblems(renderCards(cards, reader, localise, PICTURED).blocks)).toEqual([]);
        expect(viewProblems(renderHome(cards, reader, localise, PICTURED))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('takes every form, at first and with errors', () => {
    fc.assert(
      fc.property(form, fc.dictionary(fc.constantFrom('field0', 'field1', 'form', 'gone'), text(2000)), (made, errors: FormErrors) => {
        expect(viewProblems(renderForm(made, reader, localise, { pictured: PICTURED }))).toEqual([]);
        expect(viewProblems(renderForm(made, reader, localise, { errors, values: { field0: 'x', field1: ['y'] } }))).toEqual([]);
        const inputs = renderForm(made, reader, localise).blocks.flatMap((item) => (item.type === 'input' ? [item.block_id] : []));
        const shown = blockErrors(made, errors, reader, localise);
        if (inputs.length > 0) expect(inputs).toEqual(expect.arrayContaining(Object.keys(shown ?? {})));
        else expect(shown).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('cuts with a mark, never through a character', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('ab🛎️🛎️', 4)).toBe('ab…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });

  it('shows the mark where a body was cut, and keeps what stands after it', () => {
    const long: Card = {
      summary: words('s'),
      title: words('Title'),
      body: Array.from({ length: 60 }, (_, index) => ({ kind: 'paragraph' as const, text: words(`${index} ${'x'.repeat(500)}`) })),
      actions: [{ kind: 'button', label: words('Next'), ref: ref('handbook.read') }],
      footer: words('The end'),
    };
    const { blocks } = renderCard(long, reader, localise);
    const shown = visibleText(blocks);
    expect(shown).toContain('core.ui.shortened');
    expect(shown).toContain('Next');
    expect(shown).toContain('The end');
    expect(shown.length).toBeGreaterThan(11_000);
  });
});

describe('People’s words', () => {
  const hostile = '<!channel> <@U1> <https://evil.example|bank> *bold* _i_ `c` :smile: &amp; <b>x</b>\n> q';

  it('stand in a card as they were typed', () => {
    const made: Card = {
      summary: words(hostile),
      title: words(hostile),
      lead: words(hostile),
      facts: [{ label: words(hostile), value: words(hostile) }],
      body: [
        { kind: 'paragraph', text: words(hostile) },
        { kind: 'quote', text: words(hostile), by: words(hostile) },
        { kind: 'rich', blocks: [{ kind: 'paragraph', content: [{ text: hostile }] }] },
      ],
      rows: [{ text: words(hostile), detail: words(hostile) }],
      actions: [{ kind: 'button', label: words(hostile.slice(0, 70)), ref: ref('a.b') }],
      footer: words(hostile),
    };
    const { text: fallback, blocks } = renderCard(made, reader, localise);
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
    expect(JSON.stringify(blocks)).not.toMatch(/"type":"(user|channel|usergroup|broadcast|emoji|link)"/);
    expect(JSON.stringify(blocks)).not.toContain('"emoji":true');
    expect(visibleText(blocks).split(hostile).length - 1).toBe(11);
    expect(fallback).toContain('&lt;!channel&gt; &lt;@U1&gt;');
    expect(fallback).not.toMatch(/[<>]/);
  });

  it('become links only where a document links to http(s) or mailto', () => {
    const links = (link: string) => JSON.stringify(richElements({ kind: 'paragraph', content: [{ text: 'here', link }] }));
    expect(links('https://a.example')).toContain('"link"');
    expect(links('javascript:alert(1)')).not.toContain('"link"');
  });
});

describe('Cards', () => {
  const actions = (count: number, confirm = false): Card => ({
    summary: words('s'),
    actions: Array.from({ length: count }, (_, index) => ({
      kind: 'button',
      label: words(`A${index}`),
      ref: ref('handbook.act', { id: `0190a000-0000-7000-8000-00000000000${index}` }),
      ...(confirm ? { confirm: { title: words('t'), text: words('x'), yes: words('y'), no: words('n') } } : {}),
    })),
  });

  it('show three actions and put the rest into menus of five', () => {
    const { blocks } = renderCard(actions(9), reader, localise);
    const last = blocks.at(-1);
    const elements = last?.type === 'actions' ? last.elements : [];
    expect(elements.map((item) => item.type)).toEqual(['button', 'button', 'button', 'overflow', 'overflow']);
    expect(elements.map((item) => (item.type === 'overflow' ? item.options.length : 1))).toEqual([1, 1, 1, 5, 1]);
  });

  it('keep an action that asks first, or whose ref is too long for a menu, as a button', () => {
    const { blocks } = renderCard(actions(5, true), reader, localise);
    const last = blocks.at(-1);
    expect(last?.type === 'actions' ? last.elements.map((item) => item.type) : []).toEqual(Array(5).fill('button'));
    expect(optionValue(ref('a.b', { long: 'x'.repeat(200) }))).toBeUndefined();
  });

  it('show progress in ten steps, full only at the end', () => {
    expect(bar(0, 10)).toBe('▱'.repeat(10));
    expect(bar(999, 1000)).toBe(`${'▰'.repeat(9)}▱`);
    expect(bar(5, 5)).toBe('▰'.repeat(10));
    expect(bar(0, 0)).toBe('▱'.repeat(10));
  });

  it('keep what pictures and faces tell where there is no room for blocks of their own', () => {
    const crowded: Card = {
      summary: words('s'),
      body: [
        ...Array.from({ length: 60 }, (_, index) => [
          { kind: 'paragraph' as const, text: words(`p${index}`) },
          { kind: 'picture' as const, id: 'known', alt: words(`chart ${index}`) },
        ]).flat(),
        { kind: 'faces', people: [{ name: 'Ana Ozola' }] },
      ],
    };
    const { blocks } = renderCard(crowded, reader, localise, PICTURED);
    expect(messageProblems(blocks)).toEqual([]);
    expect(visibleText(blocks)).toContain('chart 59');
    expect(visibleText(blocks)).toContain('Ana Ozola');
  });

  it('let an ordered list go on after a nested one', () => {
    const elements = richElements({
      kind: 'list',
      ordered: true,
      start: 3,
      items: [
        { depth: 0, content: [{ text: 'c' }] },
        { depth: 1, marker: '•', content: [{ text: 'nested' }] },
        { depth: 0, content: [{ text: 'd' }] },
      ],
    });
    expect(elements).toMatchObject([
      { style: 'ordered', offset: 2 },
      { style: 'bullet', indent: 1 },
      { style: 'ordered', offset: 3 },
    ]);
  });
});

describe('Forms', () => {
  const made: Form = {
    ref: ref('handbook.sign', { id: 'x' }),
    title: key('t'),
    submit: key('s'),
    fields: [
      { name: 'name', kind: 'text', label: key('name'), initial: 'old' },
      { name: 'agree', kind: 'check', label: key('agree'), text: words('y'.repeat(200)) },
    ],
  };

  it('put errors at their fields, and those of the whole form next to the button', () => {
    expect(blockErrors(made, { name: key('e.name'), form: key('e.form') }, reader, localise)).toEqual({ name: 'e.name', agree: 'e.form' });
    expect(blockErrors({ ...made, fields: [] }, { form: key('e.form') }, reader, localise)).toBeUndefined();
  });

  it('show a long statement in full above its box', () => {
    expect(visibleText(renderForm(made, reader, localise).blocks)).toContain('y'.repeat(200));
  });

  it('show what was typed when they come back', () => {
    const view = renderForm(made, reader, localise, { errors: { name: key('e.name') }, values: { name: 'new', agree: true } });
    expect(JSON.stringify(view.blocks)).toContain('"initial_value":"new"');
    expect(JSON.stringify(view.blocks)).toContain('"initial_options"');
    expect(visibleText(view.blocks)).toContain('e.name');
  });
});
