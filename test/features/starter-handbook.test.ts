import { readFileSync } from 'node:fs';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString as textOf } from 'mdast-util-to-string';
import { describe, expect, it } from 'vitest';

const read = (language: string) => readFileSync(new URL(`../../src/features/handbook/starter/${language}.md`, import.meta.url), 'utf8');

type Node = { type: string; depth?: number; children?: Node[] };

/** The kinds of node, nested, without the words: two translations of one handbook have the same shape. */
const shapeOf = (node: Node): unknown[] =>
  (node.children ?? [])
    .filter(({ type }) => ['heading', 'paragraph', 'list', 'listItem', 'blockquote'].includes(type))
    .map((child) => [child.type, child.depth ?? '', ...shapeOf(child)]);

const typesIn = (node: Node): string[] => [node.type, ...(node.children ?? []).flatMap(typesIn)];

/** Each clause as its text, from one second-level heading to the next. */
const clausesOf = (markdown: string) =>
  markdown
    .split(/^## /m)
    .slice(1)
    .map((clause) => textOf(fromMarkdown(`## ${clause}`)));

describe('the starter handbook', () => {
  const english = read('en');

  it.each(['lv'])('says the same in %s, clause by clause', (language) => {
    expect(shapeOf(fromMarkdown(read(language)))).toEqual(shapeOf(fromMarkdown(english)));
  });

  it.each(['en', 'lv'])('has in %s one title, then 18 clauses that fit in a message each', (language) => {
    const markdown = read(language);
    expect(markdown.match(/^# /gm)).toHaveLength(1);
    const clauses = clausesOf(markdown);
    expect(clauses).toHaveLength(18);
    expect(clauses.filter((clause) => clause.length > 1_500)).toEqual([]);
  });

  it.each(['en', 'lv'])('keeps in %s to what both platforms show', (language) => {
    const allowed = ['root', 'heading', 'paragraph', 'text', 'strong', 'emphasis', 'list', 'listItem', 'blockquote'];
    expect(typesIn(fromMarkdown(read(language))).filter((type) => !allowed.includes(type))).toEqual([]);
  });
});
