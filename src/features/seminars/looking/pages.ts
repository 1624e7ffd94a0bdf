import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import { type Reply, update, whisper } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { DateRef, Offset } from '../schema.js';

/**
 * `list` and `mine`: where the reader comes from, as its first row, so that a date opens in the place of its list and leads
 * back to it. Without them the card that has the button stays as it is: it may be one that others see too.
 */
export const DatePage = DateRef.extend({ list: z.number().int().min(0).optional(), mine: z.number().int().min(0).optional() });
export type DatePage = z.output<typeof DatePage>;

/** `turn`: it replaces the page before it. */
export const ListPage = Offset.extend({ offset: z.number().int().min(0).default(0), turn: z.literal(true).optional() });

/** Refs that lead from page to page in one place. */
export const turn = {
  list: (offset: number) => ref('seminars.list', { offset, turn: true }),
  mine: (offset: number) => ref('seminars.mine', { offset, turn: true }),
  dateOfList: (dateId: string, list: number) => ref('seminars.date', { dateId, list }),
  dateOfMine: (dateId: string, mine: number) => ref('seminars.date', { dateId, mine }),
} as const;

/** Replaces the page before it, or is shown beside the card that led to it. */
export function show(card: Card, inPlace: boolean): Reply {
  return inPlace ? update(card) : whisper(card);
}

/** The way back to the list that a date was opened from. */
export function withWayBack(card: Card, { list, mine }: Pick<DatePage, 'list' | 'mine'>): Card {
  if (list === undefined && mine === undefined) return card;
  const back = list === undefined ? turn.mine(mine ?? 0) : turn.list(list);
  // Cards that lead to the list anyway say it once.
  const others = (card.actions ?? []).filter((action) => action.kind === 'link' || action.ref.id !== back.id);
  return { ...card, actions: [...others, button(key('seminars.action.back'), back)] };
}
