import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSETS_BYTES } from '../../adapters/web/page-assets.js';
import { GROUNDS, paletteOf } from '../../adapters/web/pages/colours.js';
import { renderPage } from '../../adapters/web/pages/document.js';
import { ourPath, ourPicture, safeHref } from '../../adapters/web/pages/links.js';
import { contrast } from '../../src/core/colour.js';
import type { Page, PageField } from '../../src/core/page.js';
import { instant, key, words } from '../../src/core/text.js';
import { createLocaliser } from '../../src/runtime/localise.js';
import { hostile } from '../support/hostile.js';
import { aPage, conversationPage, surveyForm, surveyPage, thanksPage, wrongPage } from '../support/survey.js';

// Public pages as HTML.

const localise = createLocaliser();
const html = (page: Page) =>
  renderPage(page, {
    localise,
    nonce: 'n',
    script: '/script.js',
    guard: () => ({ ticket: 'ticket', challenge: '{"parameters":{}}' }),
    publicUrl: 'https://bellhop.example',
  });
/** What a reader sees of the body. */
const textOf = (page: Page) =>
  html(page)
    .split('</head>')[1]
    ?.replaceAll(/<[^>]+>/g, '') ?? '';
const withField = (field: PageField) => aPage([{ kind: 'form', form: { action: '/f/x', submit: words('Send'), fields: [field] } }]);

describe('a page', () => {
  it('is in its language, with its zone’s times and its direction', () => {
    const page = aPage(
      [
        { kind: 'text', text: instant(new Date('2027-03-02T08:00:00Z')) },
        { kind: 'form', form: surveyForm() },
      ],
      { locale: 'lv-LV', zone: 'Europe/Riga' },
    );
    expect(html(page)).toContain('<html lang="lv-LV" dir="ltr">');
    expect(textOf(page)).toContain('10:00');
    expect(textOf(page)).toContain('(neobligāti)');
    for (const [locale, direction] of [
      ['ar', 'rtl'],
      ['he-IL', 'rtl'],
      ['ur', 'rtl'],
      ['az-Arab', 'rtl'],
      ['ru', 'ltr'],
      ['no language', 'ltr'],
    ] as const)
      expect(html({ ...page, locale }), locale).toContain(`dir="${direction}"`);
  });

  it('shows people’s words as typed, wherever they stand', () => {
    const saying = (typed: string): Page => ({
      ...aPage([
        { kind: 'notice', tone: 'thanks', title: words(typed), text: words(typed) },
        { kind: 'facts', facts: [{ label: words(typed), value: words(typed) }] },
        { kind: 'conversation', messages: [{ by: words(typed), at: words(typed), words: typed, ours: false }] },
        { kind: 'link', label: words(typed), href: typed },
        { kind: 'form', form: { ...surveyForm({ typed: { words: typed, email: typed } }), error: words(typed), hidden: { a: typed } } },
      ]),
      title: words(typed),
      theme: { name: typed, colour: typed, logo: { url: typed, alt: typed } },
      languages: [
        { locale: 'en', label: typed, href: typed },
        { locale: 'lv', label: typed, href: typed },
      ],
    });
    const expected = elements(html(saying('x')));
    for (const typed of [
      hostile(2000),
      '</script><script>alert(1)</script>',
      '</style></textarea></title><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onfocus='alert(1)",
      '<!--',
      ']]><svg onload=alert(1)>',
      '\u202egnp.exe\u2028\u2029\u0000\ud800',
      'javascript:alert(1)',
    ]) {
      const shown = html(saying(typed));
      // The same elements, and no other: words are words.
      expect(elements(shown), typed).toEqual(expected);
      expect(shown).not.toMatch(/<[^>"]*("[^"]*"[^>"]*)*\son\w+\s*=/i);
    }
  });

  it('keeps every typed character of a text area, a first line break too', () => {
    const field = { kind: 'text', name: 'words', multiline: true, label: words('Words'), initial: '\nsecond\n  third' } as const;
    expect(html(withField(field))).toMatch(/<textarea[^>]*>\n\nsecond\n {2}third<\/textarea>/);
  });

  it('weighs less than 60 KB with everything that it fetches', () => {
    const weights = Object.fromEntries(
      Object.entries({ survey: surveyPage(), mending: wrongPage(), thanks: thanksPage, conversation: conversationPage }).map(
        ([name, page]) => [name, Buffer.byteLength(html(page))],
      ),
    );
    console.log(`Page weight in bytes: ${JSON.stringify(weights)}; the proof's script and solver: ${ASSETS_BYTES}`);
    for (const weight of Object.values(weights)) expect(weight + ASSETS_BYTES).toBeLessThan(60_000);
  });

  it('asks nobody else for anything', () => {
    for (const page of [surveyPage(), wrongPage(), thanksPage, conversationPage]) {
      const asked = [...html(page).matchAll(/\s(?:src|href|action)="([^"]*)"/g)].map(([, address]) => address ?? '');
      expect(asked.filter((address) => !/^(\/(?!\/)|#|data:)/.test(address))).toEqual([]);
      expect(html(page)).not.toMatch(/url\(|@import|http-equiv/);
    }
  });

  it('says what has to be mended, and where', () => {
    const shown = html(wrongPage());
    expect(shown).toContain('<title>Please mend: How was your visit? · Hotel Rīga</title>');
    for (const [, target] of shown.matchAll(/href="#(f0-[^"]+)"/g)) expect(shown).toContain(`id="${target}"`);
    expect([...shown.matchAll(/href="#f0-(\w+)"/g)].map(([, name]) => name)).toEqual(['overall', 'answer', 'email']);
    expect(shown).toMatch(/id="f0-email"[^>]*aria-describedby="f0-email-error"[^>]*aria-invalid="true"/);
    expect(shown).toContain('The room was &lt;b>cold&lt;/b>');
  });

  it('refuses a form that would lead elsewhere, and field names of its own', () => {
    for (const action of ['https://evil.example', '//evil.example', 'javascript:alert(1)', 'f'])
      expect(() => html(aPage([{ kind: 'form', form: { ...surveyForm(), action } }])), action).toThrow('path of ours');
    for (const name of ['website', 'form-ticket', '1a', 'a b', '__proto__'])
      expect(() => html(withField({ kind: 'check', name, label: words('x') })), name).toThrow("can't be called");
  });
});

/** The names of a page's elements. */
const elements = (shown: string): string[] => [...shown.matchAll(/<([a-z][a-z0-9]*)[\s>]/g)].map(([, name]) => name ?? '');

describe('links', () => {
  it('lead to a path of ours or a known scheme, and nowhere else', () => {
    for (const href of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      '//evil.example',
      '/\\evil.example',
      'http:',
      'x',
    ])
      expect(safeHref(href), href).toBeUndefined();
    expect(['https://a.example/b', 'mailto:a@b.example', 'tel:+371', '/f/ķ?x=1#y'].map(safeHref)).toEqual([
      'https://a.example/b',
      'mailto:a@b.example',
      'tel:+371',
      '/f/%C4%B7?x=1#y',
    ]);
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        expect(ourPath(url)).toBeUndefined();
        expect(ourPath(url.slice(url.indexOf('//')))).toBeUndefined();
      }),
    );
  });

  it('of pictures ask nobody else', () => {
    expect(ourPicture('https://evil.example/x.png', 'https://bellhop.example')).toBeUndefined();
    expect(ourPicture('https://bellhop.example.evil/x.png', 'https://bellhop.example')).toBeUndefined();
    expect(ourPicture('data:text/html,x', undefined)).toBeUndefined();
    expect(ourPicture('https://bellhop.example/pictures/x.png', 'https://bellhop.example')).toBe('/pictures/x.png');
    expect(ourPicture('/pictures/x.png', undefined)).toBe('/pictures/x.png');
  });
});

describe('colours', () => {
  it('can be read, whatever colour an organisation has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const colour = `#${value.toString(16).padStart(6, '0')}`;
        const palette = paletteOf(colour);
        for (const scheme of ['light', 'dark'] as const) {
          const { accent, onAccent, link } = palette[scheme];
          expect(accent).toBe(colour);
          expect(contrast(accent, onAccent)).toBeGreaterThanOrEqual(4.5);
          for (const ground of GROUNDS[scheme]) expect(contrast(link, ground)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('that are none give way to Bellhop’s own', () => {
    expect([undefined, 'red', '#12', '#zzzzzz', '#123456;}'].map((colour) => paletteOf(colour).light.accent)).toEqual(
      Array(5).fill('#1f4b99'),
    );
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });
});

it('the switch of languages names each in its own, and marks where one is', () => {
  expect(html(thanksPage)).toMatch(/<a href="\/f\/lobby\?lang=en" lang="en" dir="ltr" hreflang="en" aria-current="true">English<\/a>/);
  expect(html(thanksPage)).toMatch(/hreflang="lv">Latviešu<\/a>/);
});

it('a text of the catalogue keeps its styles', () => {
  expect(html(aPage([{ kind: 'text', text: key('core.page.scale_of', { step: 1, most: 5 }) }]))).toContain('<p class="text">1 of 5</p>');
});
