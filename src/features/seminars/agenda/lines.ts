import type { Block } from '../../../core/rich.js';
import { join, key, type Text, words } from '../../../core/text.js';
import type { AgendaPeriod, AgendaSuggestion } from '../../../people/agenda.js';
import type { WorkContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';
import { AGENDA, type AgendaItem, type ShownItem } from './model.js';
import { findPeriod } from './period.js';
import { listAccepted } from './store-items.js';

/**
 * The agenda of a date for everybody, as blocks of a card: what is taken up, in order. Quotes only where a manager
 * has ticked them. Empty when there is nothing.
 */
export async function agendaBlocks(context: WorkContext, date: SeminarDate): Promise<readonly Block[]> {
  const { db, organisation } = context;
  const items = (await shownItems(context, date.id, await listAccepted(db, organisation.id, date.id))).filter(forEverybody);
  if (items.length === 0) return [];
  const lines = items.filter((item) => !item.quote).slice(0, AGENDA.shown);
  const quotes = items.filter((item) => item.quote).slice(0, AGENDA.shown - lines.length);
  const more = items.length - lines.length - quotes.length;
  // What has no section stands first, under the agenda's own heading.
  const sources = [...new Set(['', ...[...lines, ...quotes].map(sectionOf)])];
  let number = 0;
  const sections = sources.flatMap((source): Block[] => {
    const own = lines.filter((item) => sectionOf(item) === source);
    const said = quotes.filter((item) => sectionOf(item) === source);
    const heading = [...own, ...said][0]?.heading;
    const numbered = own.map((item) => lineOf(item, number++));
    return [
      ...(heading ? [{ kind: 'heading' as const, text: heading }] : []),
      ...(numbered.length > 0 ? [{ kind: 'paragraph' as const, text: join(numbered, '\n') }] : []),
      ...said.map((quote): Block => ({ kind: 'quote', text: quote.text, ...(quote.detail && { by: quote.detail }) })),
    ];
  });
  return [
    { kind: 'heading', text: key('seminars.agenda.title') },
    ...sections,
    ...(more > 0 ? [{ kind: 'paragraph' as const, text: key('seminars.agenda.more', { count: more }) }] : []),
  ];
}

/** Which section of the agenda an item stands in: its feature's, where that has one. */
const sectionOf = ({ heading, source }: ShownItem): string => (heading ? (source ?? '') : '');

type Found = ReadonlyMap<string, ReadonlyMap<string, AgendaSuggestion> | undefined>;

/** What stands behind items now, by the feature's name and the key. */
async function lookUp(context: WorkContext, items: readonly AgendaItem[], period?: AgendaPeriod): Promise<Found> {
  return new Map(
    await Promise.all(
      context.agenda.map(async (source) => {
        const keys = items.flatMap((item) => (item.source === source.name && item.sourceKey !== null ? [item.sourceKey] : []));
        return [source.name, keys.length > 0 ? await source.find(context, keys, period) : undefined] as const;
      }),
    ),
  );
}

/** Which of the features' items, of whatever dates, their features still tell. @returns their ids */
export async function stillTold(context: WorkContext, items: readonly AgendaItem[]): Promise<ReadonlySet<string>> {
  const found = await lookUp(context, items);
  return new Set(
    items.filter(({ source, sourceKey }) => source !== null && found.get(source)?.has(sourceKey ?? '')).map((item) => item.id),
  );
}

/**
 * Items of a date as they read now. What its feature has withdrawn or erased meanwhile is left out, and so is what somebody
 * proposed who was erased.
 */
export async function shownItems(context: WorkContext, dateId: string, items: readonly AgendaItem[]): Promise<readonly ShownItem[]> {
  const period = items.some(({ source }) => source !== null) ? await findPeriod(context, dateId) : undefined;
  const headings = new Map(period && context.agenda.map(({ name, heading }) => [name, heading?.(period)]));
  const found = await lookUp(context, items, period);
  return items.flatMap((item): ShownItem[] => {
    if (item.source === null) return item.topic === '' ? [] : [{ ...item, text: words(item.topic), quote: false }];
    const suggestion = found.get(item.source)?.get(item.sourceKey ?? '');
    if (!suggestion) return [];
    const { text, detail, quote } = suggestion;
    const heading = headings.get(item.source);
    return [{ ...item, text, ...(detail && { detail }), quote, ...(heading && { heading }) }];
  });
}

/** Whether everybody may see it: somebody's words only once a manager has decided so. */
export const forEverybody = (item: ShownItem): boolean => item.state === 'accepted' && (!item.quote || item.decidedById !== null);

function lineOf(item: ShownItem, index: number): Text {
  const text = shortened(item.text);
  return item.detail
    ? key('seminars.agenda.line_detail', { number: index + 1, item: text, detail: item.detail })
    : key('seminars.agenda.line', { number: index + 1, item: text });
}

/** A topic's words in at most as many characters as a line of the post has, with a mark where they are cut. */
export function shortened(text: Text, most: number = AGENDA.line): Text {
  if (text.kind !== 'words') return text;
  const characters = [...text.words];
  return characters.length <= most
    ? text
    : words(
        `${characters
          .slice(0, most - 1)
          .join('')
          .trimEnd()}…`,
      );
}
