import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pacesFor } from '../../adapters/teams/limits.js';
import { renderCard, renderCards } from '../../adapters/teams/render.js';
import { button, type Card } from '../../src/core/card.js';
import { ref } from '../../src/core/ref.js';
import type { Block } from '../../src/core/rich.js';
import { key, type Text, words } from '../../src/core/text.js';
import { cardButtons, cardProblems, cardText } from '../support/fake-teams/card-check.js';
import { keys } from '../support/fake-teams/keys.js';

const reader = { locale: 'lv', zone: 'Europe/Riga' };
const render = (card: Card) => renderCard(card, reader, keys);

const HOSTILE =
  '*b* _i_ ~s~ `c` [l](http://x) <b>h</b> <at>all</at> <!channel> &lt; {{DATE(2026-01-01T00:00:00Z)}} {{ time(2026) }} $ {x} https://evil.example\n# h\n- l';

const text: fc.Arbitrary<Text> = fc.oneof(
  fc.string({ maxLength: 300, unit: 'grapheme' }).map(words),
  fc.integer({ min: 1, max: 9000 }).map((length) => words('ģ*_\u{1F600}'.repeat(length / 4 + 1))),
  fc.constantFrom(words(HOSTILE), key('handbook.some.text')),
);
const action = fc
  .record({ label: text, size: fc.integer({ min: 0, max: 1700 }), confirm: fc.boolean() })
  .map(({ label, size, confirm }) =>
    button(
      label,
      ref('handbook.act', { id: 'x'.repeat(size) }),
      confirm ? { confirm: { title: label, text: label, yes: key('yes'), no: key('no') } } : {},
    ),
  );
const inline = fc.record({
  text: fc.string({ maxLength: 400 }),
  bold: fc.boolean(),
  code: fc.boolean(),
  link: fc.constantFrom('https://example.com/a', 'javascript:alert(1)', 'not a link'),
});
const block: fc.Arbitrary<Block> = fc.oneof(
  text.map((value): Block => ({ kind: 'paragraph', text: value })),
  text.map((value): Block => ({ kind: 'heading', text: value })),
  text.map((value): Block => ({ kind: 'quote', text: value, by: value })),
  fc
    .record({ done: fc.integer({ min: 0, max: 50 }), total: fc.integer({ min: 0, max: 50 }), label: text })
    .map((value): Block => ({ kind: 'progress', ...value })),
  fc.constant<Block>({ kind: 'divider' }),
  text.map((alt): Block => ({ kind: 'picture', id: 'p1', alt })),
  fc
    .array(
      fc.record(
        {
          name: fc.string({ maxLength: 60, unit: 'grapheme' }),
          pictureUrl: fc.constantFrom('https://a.example/a?b=1&c="', 'http://a', 'x'),
        },
        { requiredKeys: ['name'] },
      ),
      { maxLength: 12 },
    )
    .map((people): Block => ({ kind: 'faces', people })),
  fc.array(inline, { maxLength: 5 }).map(
    (content): Block => ({
      kind: 'rich',
      blocks: [
        { kind: 'paragraph', content },
        { kind: 'quote', content },
        { kind: 'list', ordered: true, items: content.map((one, depth) => ({ depth, content: [one] })) },
        { kind: 'preformatted', text: 'x'.repeat(3000) },
      ],
    }),
  ),
);
const card: fc.Arbitrary<Card> = fc.record(
  {
    summary: text,
    title: text,
    lead: text,
    footer: text,
    facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 6 }),
    body: fc.array(block, { maxLength: 8 }),
    rows: fc.array(fc.record({ text, detail: text, action }), { maxLength: 7 }),
    actions: fc.array(action, { maxLength: 9 }),
  },
  { requiredKeys: ['summary'] },
);

describe('cards on Teams', () => {
  it('are valid Adaptive Cards 1.5 of at most 28 KB, whatever a feature puts into them', () => {
    fc.assert(
      fc.property(card, (made) => {
        expect(cardProblems(render(made))).toEqual([]);
        const options = { pictureUrl: (id: string) => `https://bot.example/pictures/${id}` };
        expect(cardProblems(renderCard(made, reader, keys, options))).toEqual([]);
        expect(cardProblems(renderCard(made, reader, keys, { ...options, dialog: true }), 'dialog')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('show typed words as typed: no Markdown, no link, no date function', () => {
    const made = render({
      summary: words(HOSTILE),
      title: words(HOSTILE),
      lead: words(HOSTILE),
      facts: [{ label: words('Said'), value: words(HOSTILE) }],
      body: [{ kind: 'quote', text: words(HOSTILE) }],
      rows: [{ text: words(HOSTILE) }],
    });
    expect(cardProblems(made)).toEqual([]);
    const shown = cardText(made).replaceAll('\u2060', '');
    expect(shown.split(HOSTILE)).toHaveLength(6);
    expect(JSON.stringify(made)).not.toContain('OpenUrl');
  });

  it('keep a date function apart even where it is put together from two texts', () => {
    const made = render({ summary: words('s'), lead: { kind: 'join', items: [words('{'), words('{DATE(2026-01-01T00:00:00Z)}}')] } });
    expect(cardText(made)).toBe('{\u2060{DATE(2026-01-01T00:00:00Z)}}');
  });

  it('open web addresses of a document only', () => {
    const content = ['https://a.example/', 'javascript:alert(1)', 'file:///etc/passwd'].map((link) => ({ text: link, link }));
    const made = JSON.stringify(render({ summary: words('s'), body: [{ kind: 'rich', blocks: [{ kind: 'paragraph', content }] }] }));
    expect(made.match(/"url":"[^"]+"/g)).toEqual(['"url":"https://a.example/"']);
  });

  it('show three buttons and put the others into the menu', () => {
    const made = render({
      summary: words('s'),
      actions: ['a', 'b', 'c', 'd', 'e'].map((name) => button(words(name), ref(`handbook.${name}`))),
    });
    expect(cardButtons(made).map(({ mode }) => mode ?? 'primary')).toEqual(['primary', 'primary', 'primary', 'secondary', 'secondary']);
  });

  it('ask before what cannot be undone: the button itself does nothing yet', () => {
    const confirm = { title: words('Sure?'), text: words('It is gone then.'), yes: words('Yes'), no: words('No') };
    const made = render({
      summary: words('s'),
      actions: [button(words('Withdraw'), ref('handbook.withdraw', { id: 'v1' }), { style: 'danger', confirm })],
    });
    const buttons = cardButtons(made);
    expect(buttons.map(({ title, type }) => [title, type])).toEqual([
      ['Yes', 'Action.Execute'],
      ['No', 'Action.ToggleVisibility'],
      ['Withdraw', 'Action.ToggleVisibility'],
    ]);
    // The question takes the buttons' place: "yes" may be called as the button is.
    expect(buttons[2]).toMatchObject({ targetElements: [{ isVisible: true }, { elementId: 'buttons', isVisible: false }] });
    expect(buttons[0]?.verb).toBe('handbook.withdraw');
  });

  it('shorten what is too long, with a mark, and keep the buttons', () => {
    const long: Card = {
      summary: words('s'),
      body: Array.from({ length: 20 }, (): Block => ({ kind: 'paragraph', text: words('ā'.repeat(4000)) })),
      actions: [button(words('Sign'), ref('handbook.sign'))],
    };
    const made = render(long);
    expect(cardText(made)).toContain('core.ui.shortened');
    expect(cardButtons(made)).toHaveLength(1);
    expect(cardProblems(made)).toEqual([]);
  });

  it('number lists and show progress in ten steps with figures', () => {
    const shown = cardText(
      render({
        summary: words('s'),
        body: [
          {
            kind: 'rich',
            blocks: [
              {
                kind: 'list',
                ordered: true,
                start: 4,
                items: [
                  { depth: 0, content: [{ text: 'a' }] },
                  { depth: 1, marker: '•', content: [{ text: 'b' }] },
                  { depth: 0, content: [{ text: 'c' }] },
                ],
              },
            ],
          },
          { kind: 'progress', done: 1, total: 1000, label: words('1 of 1000') },
          { kind: 'progress', done: 999, total: 1000, label: words('999 of 1000') },
        ],
      }),
    );
    expect(shown).toMatch(/^4\.\na\n•\nb\n5\.\nc/);
    expect(shown).toContain('▰▱▱▱▱▱▱▱▱▱  1 of 1000');
    expect(shown).toContain('▰▰▰▰▰▰▰▰▰▱  999 of 1000');
  });
});

describe('pictures on Teams', () => {
  const picture: Card = { summary: words('s'), body: [{ kind: 'picture', id: 'p1', alt: words('Courtesy: 7. Speed: 3.') }] };
  const all = (card: unknown) =>
    [...JSON.stringify(card).matchAll(/\{"type":"Image".*?\}/g)]
      .map(([found]) => found)
      .map((found) => found.replace(/,"msteams":.*$/, '}'));

  it('are fetched from the bot’s own address, with their words for whoever can’t see them', () => {
    const made = renderCard(picture, reader, keys, { pictureUrl: (id) => `https://bot.example/pictures/${id}` });
    expect(all(made).map((image) => JSON.parse(image))).toEqual([
      { type: 'Image', url: 'https://bot.example/pictures/p1', altText: 'Courtesy: 7. Speed: 3.', size: 'stretch' },
    ]);
  });

  it('are told in words where the bot has no address', () => {
    expect(cardText(render(picture))).toBe('Courtesy: 7. Speed: 3.');
    expect(cardText(renderCard(picture, reader, keys, { pictureUrl: () => undefined }))).toBe('Courtesy: 7. Speed: 3.');
  });
});

describe('faces on Teams', () => {
  const rowsOf = (names: readonly string[]) => {
    const made = render({ summary: words('s'), body: [{ kind: 'faces', people: names.map((name) => ({ name })) }] });
    return made.body.map((row) => (row.type === 'ColumnSet' ? row.columns.map(({ items }) => cardText(items)) : 'not a row'));
  };

  it('are people’s own pictures, or their initials in any alphabet', () => {
    const people = [
      { name: 'Ana Ozola', pictureUrl: 'https://avatars.example/ana.png' },
      { name: 'ļoti Garš Vārds-Otrs', pictureUrl: 'http://avatars.example/x.png' },
      { name: '*李 小龙*' },
      { name: 'రాజు', pictureUrl: 'no address' },
      { name: '🛎️ 007' },
    ];
    const made = render({ summary: words('s'), body: [{ kind: 'faces', people }] });
    expect(cardText(made).split('\n')).toEqual(['ĻV', '李小', 'రా', '?']);
    expect(JSON.stringify(made).match(/"type":"Image","url":"[^"]*","altText":"[^"]*","size":"medium","style":"person"/g)).toEqual([
      '"type":"Image","url":"https://avatars.example/ana.png","altText":"Ana Ozola","size":"medium","style":"person"',
    ]);
  });

  it.each([
    [1, [1]],
    [4, [4]],
    [5, [3, 2]],
    [8, [4, 4]],
  ])('%i stand in rows of %j, narrow enough for a phone', (count, lengths) => {
    expect(rowsOf(Array.from({ length: count }, () => 'A B')).map((row) => row.length)).toEqual(lengths);
  });

  it('are eight at most: the last place tells of the others', () => {
    expect(rowsOf(Array.from({ length: 20 }, () => 'A B')).at(-1)).toEqual(['AB', 'AB', 'AB', '+13']);
    expect(cardText(render({ summary: words('nobody'), body: [{ kind: 'faces', people: [] }] }))).toBe('nobody');
  });
});

describe('lists on Teams', () => {
  const items = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ depth: 0, content: [{ text: `item ${index + 1} of many` }] }));
  const listed = (count: number) =>
    render({ summary: words('s'), body: [{ kind: 'rich', blocks: [{ kind: 'list', ordered: true, items: items(count) }] }] });

  it('hang, and are set as text where that would make the card too large', () => {
    expect(JSON.stringify(listed(5))).toContain('ColumnSet');
    const long = listed(300);
    expect(JSON.stringify(long)).not.toContain('ColumnSet');
    expect(cardText(long)).toContain('300.\u2002item 300 of many');
    expect(cardProblems(long)).toEqual([]);
  });
});

describe('several cards on Teams', () => {
  const card = (name: string, length = 0): Card => ({
    summary: words(`${name} in short`),
    title: words(name),
    lead: words('x'.repeat(length)),
    rows: [{ text: words('row'), action: button(words('Open'), ref('test.open', {})) }],
    actions: [
      button(words('Delete'), ref('test.delete', {}), {
        confirm: { title: words('Sure?'), text: words('It goes.'), yes: words('Yes'), no: words('No') },
      }),
    ],
  });

  it('stand in one message, each with its own buttons', () => {
    const made = renderCards([card('one'), card('two')], reader, keys);
    expect(made && cardProblems(made)).toEqual([]);
    expect(cardText(made)).toMatch(/^one\n.*two\n/s);
    expect(cardButtons(made).filter(({ title }) => title === 'Delete')).toHaveLength(2);
    const ids = [...JSON.stringify(made).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(made?.fallbackText).toBe('one in short');
  });

  it('are too many for one message when it would grow too large', () => {
    expect(
      renderCards(
        Array.from({ length: 20 }, () => card('much', 1400)),
        reader,
        keys,
      ),
    ).toBeUndefined();
  });
});

describe('the pace on Teams', () => {
  it('never lets more through in a window than is documented', () => {
    const windows = { '1s': 7, '2s': 8, '30s': 60, '1h': 1800 };
    for (const rule of pacesFor('T', 'C')) {
      const name = rule.scope.split(':').pop() as keyof typeof windows;
      const most = rule.scope.includes(':C:') ? windows[name] : 50;
      expect(rule.count + (rule.burst ?? 1)).toBeLessThanOrEqual(most);
    }
  });
});
