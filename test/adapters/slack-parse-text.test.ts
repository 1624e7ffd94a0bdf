import { expect, it } from 'vitest';
import { readable, tokens } from '../../adapters/slack/parse-text.js';

// Written from the documentation: https://docs.slack.dev/interactivity/implementing-slash-commands, "should_escape".

it('reads mentions as mentions, and words as words', () => {
  expect(tokens('record <@U012ABC|ana> in <#C9|general>')).toEqual([
    { kind: 'word', text: 'record' },
    { kind: 'person', hint: { by: 'account', externalId: 'U012ABC' } },
    { kind: 'word', text: 'in' },
    { kind: 'channel', externalId: 'C9' },
  ]);
});

it('gives back what was typed', () => {
  expect(readable('R&amp;D &lt;b&gt; <https://example.org|example.org>')).toBe('R&D <b> example.org');
});

it('leaves out the character that no database keeps', () => {
  expect(tokens('Ana\u0000 Kalniņa\u0000')).toEqual([
    { kind: 'word', text: 'Ana' },
    { kind: 'word', text: 'Kalniņa' },
  ]);
  expect(readable('a\u0000b')).toBe('ab');
});
