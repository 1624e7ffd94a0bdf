import type { Card } from '../../../core/card.js';
import { type RefPayload, ref } from '../../../core/ref.js';
import { type Reply, update, whisper } from '../../../core/reply.js';
import { key, select, type Text, words } from '../../../core/text.js';
import { spanOf } from './rules.js';

/** "November 2026", "October to December 2026", "2026": what a period of the leaderboards is called. */
export function periodText(period: string): Text {
  const year = words(period.slice(0, 4));
  switch (spanOf(period)) {
    case 'month':
      return key('recognition.period.month', { month: select(period.slice(5)), year });
    case 'quarter':
      return key('recognition.period.quarter', { quarter: Number(period.slice(6)), year });
    case 'year':
      return key('recognition.period.year', { year });
  }
}

export const footer = (text: Text | undefined): { readonly footer?: Text } => (text ? { footer: text } : {});

/** Turns the page of the actor's own card; from a card that is to stay it is shown beside it. */
export function show(card: Card, anew: boolean | undefined): Reply {
  return anew ? whisper(card) : update(card);
}

/** A payload without what is undefined or false: menus take little. */
function lean(payload: Readonly<Record<string, string | number | boolean | undefined>>): RefPayload {
  return Object.fromEntries(
    Object.entries(payload).filter((entry): entry is [string, string | number | true] => entry[1] !== undefined && entry[1] !== false),
  );
}

/** The refs that cards here lead to. `anew` where the card that has the button is to stay as it is. */
export const to = {
  give: () => ref('recognition.give_open'),
  given: (kudosId: string) => ref('recognition.given', { kudosId }),
  rewards: () => ref('recognition.rewards', { offset: 0 }),
  me: (view: 'points' | 'given', offset: number, anew?: boolean) => ref('recognition.me', lean({ view, offset, anew })),
  top: (board: { readonly period?: string; readonly value?: string; readonly teams?: boolean; readonly anew?: boolean }, offset = 0) =>
    ref('recognition.top', lean({ ...board, offset })),
  topValues: (board: { readonly period?: string; readonly teams?: boolean }, offset = 0) =>
    ref('recognition.top_values', lean({ ...board, offset })),
  leaderboards: (off: boolean) => ref('recognition.leaderboards', { off }),
  digest: (week: string, offset: number, anew?: boolean) => ref('recognition.digest', lean({ week, offset, anew })),
  fairness: (anew?: boolean) => ref('recognition.fairness', lean({ anew })),
  silent: (offset: number, anew?: boolean) => ref('recognition.silent', lean({ offset, anew })),
  groups: (kind: 'team' | 'location', offset: number, anew?: boolean) => ref('recognition.groups', lean({ kind, offset, anew })),
} as const;
