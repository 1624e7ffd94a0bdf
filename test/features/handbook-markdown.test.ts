import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { richPlain } from '../../src/core/rich.js';
import {
  canonicalText,
  cleanText,
  decodeDocument,
  MAX_SOURCE_BYTES,
  readingMinutes,
  sha256,
} from '../../src/features/handbook/canonical.js';
import { parseDocument } from '../../src/features/handbook/markdown.js';
import { PAGE, paginate } from '../../src/features/handbook/pages.js';
import { starterHandbook } from '../../src/features/handbook/starter.js';

const plainOf = (source: string, title?: string) =>
  parseDocument(source, title).clauses.map((clause) => [clause.number, clause.heading, clause.body.map(richPlain).join('\n')]);

describe('clauses', () => {
  it('are numbered by the depth of their headings; a lone first-level heading is the title', () => {
    const parsed = parseDocument('# Service\n\nWelcome.\n\n## Greet\n\nSmile.\n\n### By phone\n\nRing twice.\n\n## Listen\n\nAlways.');
    expect(parsed.title).toBe('Service');
    expect(parsed.clauses.map((clause) => [clause.number, clause.heading])).toEqual([
      ['', ''],
      ['1', 'Greet'],
      ['1.1', 'By phone'],
      ['2', 'Listen'],
    ]);
  });

  it('of several first-level headings all count', () => {
    expect(plainOf('# One\n\na\n\n# Two\n\nb').map(([number]) => number)).toEqual(['1', '2']);
  });

  it('never get a number twice, whatever depths are left out', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 30 }), (depths) => {
        const source = depths.map((depth, index) => `${'#'.repeat(depth)} h${index}\n\ntext`).join('\n\n');
        const numbers = parseDocument(source, 'Another title').clauses.flatMap((clause) => (clause.number ? [clause.number] : []));
        expect(new Set(numbers).size).toBe(numbers.length);
      }),
      { numRuns: 100 },
    );
  });

  it('keep a first heading that says something else than the title as text', () => {
    expect(plainOf('# Old name\n\nHello.\n\n## A\n\nb', 'New name')).toEqual([
      ['', '', 'Old name\nHello.'],
      ['1', 'A', 'b'],
    ]);
    expect(plainOf('# New *name*!\n\nHello.', 'new name')[0]?.[2]).toBe('Hello.');
  });

  it('show a heading that is too long for one whole in their text', () => {
    const long = 'word '.repeat(60).trim();
    const [clause] = parseDocument(`## ${long}\n\ntext`).clauses;
    expect(clause?.heading.length).toBeLessThanOrEqual(110);
    expect(clause?.body.map(richPlain)).toEqual([long, 'text']);
  });
});

describe('what chat cannot show', () => {
  it('is shown as typed, and counted', () => {
    const parsed = parseDocument(
      '<b>x</b> and <script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![A cup](https://x.test/c.png)',
    );
    const text = parsed.clauses.flatMap((clause) => clause.body.map(richPlain));
    expect(text).toEqual(['<b>x</b> and <script>alert(1)</script>', '| a | b |\n|---|---|\n| 1 | 2 |', '[A cup]']);
    expect(parsed.degraded).toEqual({ html: 4, pictures: 1, tables: 1 });
  });

  it('links to http, https and mailto only', () => {
    const [clause] = parseDocument('[a](https://a.test) [b](javascript:alert(1)) [c](mailto:x@y.test) [d](data:text/html,x)').clauses;
    const runs = clause?.body[0]?.kind === 'paragraph' ? clause.body[0].content : [];
    expect(runs.flatMap((run) => run.link ?? [])).toEqual(['https://a.test/', 'mailto:x@y.test']);
    expect(runs.map((run) => run.text).join('')).toContain('b (javascript:alert(1))');
  });

  it('nested lists flat, with the marker of another sort', () => {
    const [clause] = parseDocument('3. one\n   - inner\n4. two').clauses;
    expect(clause?.body[0]).toMatchObject({
      kind: 'list',
      ordered: true,
      start: 3,
      items: [{ depth: 0 }, { depth: 1, marker: '•' }, { depth: 0 }],
    });
  });
});

describe('a document that cannot be used', () => {
  it.each([
    ['', 'handbook.document_empty'],
    [' \n\t\n', 'handbook.document_empty'],
    ['# Title\n\n## Only headings', 'handbook.document_without_text'],
    ['---\n\n***', 'handbook.document_without_text'],
    ['x'.repeat(3 * 1024 * 1024), 'handbook.document_too_large'],
    ['# h\n\nx\n\n'.repeat(1200), 'handbook.too_many_clauses'],
    // Each of these would keep a parser busy for seconds or minutes.
    [`${'*a'.repeat(100_000)} x`, 'handbook.document_too_complex'],
    ['['.repeat(500_000), 'handbook.document_too_complex'],
    [`${'> '.repeat(50_000)}x`, 'handbook.document_too_complex'],
    [Array.from({ length: 400 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n'), 'handbook.document_too_complex'],
  ])('says why (%#)', (source, code) => {
    expect(() => parseDocument(source)).toThrow(expect.objectContaining({ code }));
  });

  it('files are UTF-8 text', () => {
    expect(decodeDocument(Buffer.from('\ufeff# Ā'))).toBe('# Ā');
    for (const bytes of [Buffer.from([0xff, 0xfe, 0x41, 0x00]), Buffer.from('a\u0000b'), Buffer.from([0x50, 0x4b, 3, 4, 0xc3])]) {
      expect(() => decodeDocument(bytes)).toThrow(expect.objectContaining({ code: 'handbook.file_not_text' }));
    }
    expect(() => decodeDocument(new Uint8Array(MAX_SOURCE_BYTES + 1))).toThrow(
      expect.objectContaining({ code: 'handbook.document_too_large' }),
    );
  });
});

describe('the canonical text', () => {
  it('is the same for the same words, however they were typed', () => {
    const one = { title: ' Se\u0304rvice ', statement: 'I  agree ', source: 'a\r\nb \t\r\n\r\n' };
    const other = { title: 'Sērvice', statement: 'I  agree', source: 'a\nb' };
    expect(sha256(canonicalText(one))).toBe(sha256(canonicalText(other)));
  });

  it('differs when a word moves from the statement to the text', () => {
    expect(canonicalText({ title: 't', statement: 'a', source: 'b\n\nc' })).not.toBe(
      canonicalText({ title: 't', statement: 'a\n\nb', source: 'c' }),
    );
  });

  it('keeps nothing that the database cannot, and line breaks of Markdown', () => {
    expect(cleanText('a\u0000\ud800b  \nc')).toBe('a\ufffdb  \nc');
  });

  it('counts words in any script', () => {
    expect(readingMinutes('one two')).toBe(1);
    expect(readingMinutes('పదం '.repeat(401))).toBe(3);
  });
});

describe('pages', () => {
  const size = (parts: ReturnType<typeof paginate>[number]) => ({
    characters: parts.flatMap((part) => [part.heading, ...part.blocks.map(richPlain)]).join('').length,
    blocks: parts.reduce((sum, part) => sum + 1 + part.blocks.length, 0),
  });

  it('keep a clause that fits one page on one page', () => {
    const clause = (name: string, words: number) => `## ${name}\n\n${'word '.repeat(words)}\n\n`;
    const pages = paginate(parseDocument(clause('A', 300) + clause('B', 400) + clause('C', 30)).clauses);
    expect(pages.map((parts) => parts.map((part) => part.heading))).toEqual([['A'], ['B', 'C']]);
  });

  it('split a clause longer than a message at sentences, and mark what goes on', () => {
    const pages = paginate(parseDocument(`## Long\n\n${'This is a sentence. '.repeat(600)}`).clauses);
    expect(pages.length).toBeGreaterThan(4);
    expect(pages.map((parts) => parts[0]?.continued)).toEqual(pages.map((_, index) => index > 0));
    for (const parts of pages) expect(richPlain(parts[0]?.blocks[0] ?? { kind: 'preformatted', text: '' })).toMatch(/\.$/);
  });

  it('hold the whole text, in order, each within the limits, whatever the document', () => {
    const block = fc.oneof(
      fc.lorem({ maxCount: 400 }),
      fc.array(fc.lorem({ maxCount: 30 }), { maxLength: 60 }).map((items) => items.map((item) => `- ${item}`).join('\n')),
      fc.string({ unit: 'grapheme', maxLength: 4000 }),
      fc.constant(`## ${'h'.repeat(50)}`),
      fc.nat(4000).map((count) => `\`\`\`\n${'code line\n'.repeat(count / 10)}\n\`\`\``),
      fc.nat(300).map((count) => '**a** *b* '.repeat(count)),
      fc.nat(900).map((length) => `[x](https://x.test/${'y'.repeat(length)}) `.repeat(8)),
      fc.constant('నమస్కారం '.repeat(500)),
      fc.constant('x'.repeat(9000)),
      fc.constant(`e${'\u0301'.repeat(6000)}`),
    );
    const letters = (text: string) => text.replace(/\s+/g, '');
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 12 }), (blocks) => {
        const { clauses } = parseDocument(`x1\n\n${blocks.join('\n\n')}`);
        const pages = paginate(clauses);
        for (const parts of pages) {
          expect(size(parts).characters).toBeLessThanOrEqual(PAGE.characters);
          expect(size(parts).blocks).toBeLessThanOrEqual(PAGE.blocks);
          expect(JSON.stringify(parts).length).toBeLessThan(20_000);
        }
        const whole = clauses.flatMap((clause) => clause.body.map(richPlain)).join('');
        const shown = pages.flatMap((parts) => parts.flatMap((part) => part.blocks.map(richPlain))).join('');
        expect(letters(shown)).toBe(letters(whole));
      }),
      { numRuns: 60 },
    );
  });

  it('of the starter handbooks are few and readable', () => {
    for (const language of ['en', 'lv']) {
      const parsed = parseDocument(starterHandbook(language) ?? '');
      expect(parsed.title).toBeDefined();
      expect(parsed.degraded).toEqual({ html: 0, pictures: 0, tables: 0 });
      expect(paginate(parsed.clauses).length).toBeLessThan(12);
    }
    expect(starterHandbook('../index')).toBeUndefined();
  });
});
