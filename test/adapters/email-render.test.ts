import { describe, expect, it } from 'vitest';
import { renderMail } from '../../adapters/email/render.js';
import { button, type Card } from '../../src/core/card.js';
import { ref } from '../../src/core/ref.js';
import { instant, key, person, type Text, words } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { hostile } from '../support/hostile.js';

const catalogues = new Map([
  [
    'en',
    new Map([
      ['t.hello', 'Hello <b>{name}</b> & co'],
      ['t.at', '{at}'],
    ]),
  ],
  [
    'lv',
    new Map([
      ['t.hello', 'Sveiki, <b>{name}</b>!'],
      ['t.at', '{at}'],
    ]),
  ],
]);
const localise = createLocaliser({ catalogues });
const reader = { locale: 'en', zone: 'Europe/Riga' };
const render = (card: Card, subject: Text = words('Subject'), as = reader) => renderMail({ subject, card }, as, localise);
const link = (label: string, url: string) => ({ kind: 'link', label: words(label), url }) as const;

/** What stands between tags, as a reader sees it. */
const seen = (html: string) =>
  html
    .replace(/[\s\S]*<\/head>/, '')
    .replace(/<br>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const FULL: Card = {
  summary: words('the summary'),
  title: words('the title'),
  lead: words('the lead'),
  facts: [
    { label: words('label one'), value: words('value one') },
    { label: words('label two'), value: words('value two') },
  ],
  body: [
    { kind: 'heading', text: words('a heading') },
    { kind: 'paragraph', text: words('a paragraph') },
    { kind: 'quote', text: words('a quote'), by: person('Ana') },
    { kind: 'progress', done: 3, total: 4, label: words('answered') },
    { kind: 'divider' },
    { kind: 'picture', id: 'p', alt: words('what the picture tells') },
    { kind: 'faces', people: [{ name: 'Ben' }, { name: 'Carla' }] },
    {
      kind: 'rich',
      blocks: [
        { kind: 'heading', content: [{ text: 'rich heading' }] },
        {
          kind: 'paragraph',
          content: [{ text: 'plain ' }, { text: 'bold', bold: true }, { text: 'page', link: 'https://bellhop.example/a?b=1&c=2' }],
        },
        {
          kind: 'list',
          ordered: true,
          start: 3,
          items: [
            { depth: 0, content: [{ text: 'third' }] },
            { depth: 1, marker: '•', content: [{ text: 'inside' }] },
            { depth: 0, content: [{ text: 'fourth' }] },
          ],
        },
        { kind: 'quote', content: [{ text: 'rich quote' }] },
        { kind: 'preformatted', text: 'a  <b>\nc' },
      ],
    },
  ],
  rows: [{ text: words('row one'), detail: words('row detail') }],
  actions: [link('Open the page', 'https://bellhop.example/s/1'), button(words('Join'), ref('t.join'))],
  footer: words('the footer'),
};

describe('a card as a mail', () => {
  it('shows every part, in order, as HTML and as text', () => {
    const { subject, html, text } = render(FULL);
    expect(subject).toBe('Subject');
    const order = [
      'the lead',
      'label one',
      'value one',
      'label two',
      'a heading',
      'a paragraph',
      'a quote',
      'Ana',
      'answered (3 / 4)',
      'what the picture tells',
      'Ben',
      'Carla',
    ];
    const rest = [
      'rich heading',
      'plain bold',
      '3. third',
      '• inside',
      '4. fourth',
      'rich quote',
      'a  <b>\nc',
      'row one',
      'row detail',
      'Open the page',
      'the footer',
    ];
    for (const shown of [seen(html), text]) {
      const places = [...order, ...rest].map((words) => shown.indexOf(words));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
    expect(text).toContain('THE TITLE');
    expect(text).toContain('> a quote\n— Ana');
    expect(text).toContain('page (https://bellhop.example/a?b=1&c=2)');
    expect(html).toContain('<h1');
    expect(html).toContain('<strong>bold</strong>');
  });

  it('has its links, and no buttons: they need a chat', () => {
    const { html, text } = render(FULL);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'https://bellhop.example/a?b=1&amp;c=2',
      'https://bellhop.example/s/1',
    ]);
    expect(text).toContain('Open the page: https://bellhop.example/s/1');
    for (const shown of [html, text]) expect(shown).not.toContain('Join');
  });

  it('links to nothing but the web', () => {
    const bad = [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'mailto:eve@evil.example',
      'https://a.example/\r\nx',
      'not an address',
      ' https://a.example',
    ];
    const { html, text } = render({ summary: words('s'), actions: bad.map((url, index) => link(`link ${index}`, url)) });
    expect(html).not.toContain('href');
    expect(text).not.toContain('link 0');
    const rich = render({
      summary: words('s'),
      body: [{ kind: 'rich', blocks: [{ kind: 'paragraph', content: [{ text: 'x', link: 'javascript:alert(1)' }] }] }],
    });
    expect(rich.html).not.toContain('href');
  });

  it('is in the reader’s language and zone', () => {
    const at = new Date('2027-03-02T08:00:00Z');
    const card = { summary: words('s'), lead: key('t.hello', { name: words('Ana') }), footer: key('t.at', { at: instant(at) }) };
    const latvian = render(card, key('t.hello', { name: words('Ana') }), { locale: 'lv-LV', zone: 'Asia/Tokyo' });
    expect(latvian.subject).toBe('Sveiki, Ana!');
    expect(latvian.html).toContain('<html lang="lv-LV">');
    expect(latvian.text).toContain('17');
    expect(render(card).text).toContain('10');
    expect(render(card).html).toContain('Hello <bdi><strong>Ana</strong></bdi> &amp; co');
  });

  it('says its summary where it says nothing else', () => {
    expect(render({ summary: words('only this') }).text).toBe('only this\n');
    expect(seen(render({ summary: words('only this') }).html).match(/only this/g)).toHaveLength(2);
  });
});

describe('what people typed', () => {
  const typed = hostile(2000);
  const all = (text: Text): Card => ({
    summary: text,
    title: text,
    lead: text,
    facts: [{ label: text, value: text }],
    body: [
      { kind: 'quote', text, by: text },
      { kind: 'progress', done: 1, total: 2, label: text },
    ],
    rows: [{ text, detail: text }],
    actions: [{ kind: 'link', label: text, url: 'https://bellhop.example/"><script>alert(1)</script>' }],
    footer: text,
  });

  it('stands there as typed, and is no markup', () => {
    const { html, text } = render(all(words(typed)), words(typed));
    // Only what the mail itself is made of.
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, name]) => name?.toLowerCase()));
    const own = [
      '!doctype',
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'div',
      'table',
      'tr',
      'td',
      'h1',
      'p',
      'blockquote',
      'a',
      'bdi',
      'br',
    ];
    expect([...tags].filter((tag) => !own.includes(tag ?? ''))).toEqual([]);
    expect([...html.matchAll(/<[a-z][^>]*\son[a-z]+=/gi)]).toEqual([]);
    const same = (shown: string) => shown.replaceAll('\u2060', '');
    expect(same(seen(html)).split(typed).length).toBeGreaterThan(8);
    expect(same(text)).toContain(typed);
  });

  it('can’t break out of the subject', () => {
    const { subject } = render({ summary: words('s') }, words(`Hi\r\nBcc: eve@evil.example\r\n\r\n\u2028<b>${'x'.repeat(400)}`));
    expect(subject).toMatch(/^Hi Bcc: eve@/);
    expect(subject).toHaveLength(150);
    expect(subject.endsWith('…')).toBe(true);
    expect(render({ summary: words('s') }, words('👩🏽‍🍳'.repeat(80))).subject).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });

  it('becomes no link by itself in any mail program', () => {
    const { html, text } = render({ summary: words('see https://evil.example/x, www.evil.example and eve@evil.example; 3.5 stays') });
    for (const shown of [html.replace(/[\s\S]*<\/head>/, ''), text]) {
      expect(shown).not.toMatch(/:\/\/|evil\.example|www\.evil|eve@evil/);
      expect(shown.replaceAll('\u2060', '')).toContain('see https://evil.example/x, www.evil.example and eve@evil.example');
      expect(shown).toContain('3.5');
    }
  });

  it('has no control characters', () => {
    const { html, text } = render({ summary: words('a\0b\x1b[31mc\u0085d\r\ne') });
    expect(text).toBe('a b [31mc d\ne\n');
    expect(html).toContain('a b [31mc d<br>e');
  });
});
