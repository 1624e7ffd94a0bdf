import { type Action, type ButtonAction, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownOf, turnRows } from '../../../core/paging.js';
import type { Block } from '../../../core/rich.js';
import { instant, join, key, person, type Text, words } from '../../../core/text.js';
import type { SeminarDate } from '../model.js';
import { to } from '../refs.js';
import { hostText } from '../rights.js';
import { forEverybody, shortened } from './lines.js';
import type { ItemState, ShownItem } from './model.js';
import { within } from './refs.js';

/** Who looks at an agenda. */
export interface Looking {
  readonly personId: string;
  /** Host or manager. */
  readonly runs: boolean;
  /** Topics can be proposed, and the agenda changed. */
  readonly open: boolean;
  /** A manager: decides whether somebody's words are shown. */
  readonly ticks: boolean;
}

/** What of an agenda somebody sees: those who run the date everything, all others what is taken up and what they proposed. */
export function visibleTo(items: readonly ShownItem[], { personId, runs }: Looking): readonly ShownItem[] {
  return runs ? items : items.filter((item) => forEverybody(item) || item.proposedById === personId);
}

/** The agenda of a date, a page of it. */
export function agendaCard(date: SeminarDate, items: readonly ShownItem[], offset: number, looking: Looking): Card {
  const visible = visibleTo(items, looking);
  const taken = visible.filter((item) => item.state === 'accepted').length;
  const waiting = visible.filter((item) => item.state === 'proposed').length;
  const rows = visible.slice(offset, offset + ROWS);
  const footer = shownOf(offset, rows.length, visible.length);
  const lead = key('seminars.agenda.lead', { seminar: words(date.title), when: instant(date.startsAt) });
  const topic = looking.runs ? key('seminars.agenda.add') : key('seminars.action.topic');
  return {
    summary: lead,
    title: key('seminars.agenda.title'),
    lead,
    body: [{ kind: 'paragraph', text: key('seminars.agenda.counts', { taken, waiting }) }],
    rows: rows.map((item, index) => rowOf(date, item, offset + index + 1, looking)),
    actions: [
      ...(looking.open ? [button(topic, to.topic(date.id), { style: 'primary' })] : []),
      ...turnRows(offset, visible.length, (next) => within.agenda(date.id, next)),
      button(key('seminars.agenda.to_date'), to.date(date.id)),
    ],
    ...(footer && { footer }),
  };
}

function rowOf(date: SeminarDate, item: ShownItem, number: number, { personId, runs, open, ticks }: Looking): Row {
  const details: Text[] = [
    ...(item.heading ? [item.heading] : []),
    ...(item.detail ? [item.detail] : []),
    ...(item.proposedByName === '' || item.proposedById === personId
      ? []
      : [key('seminars.agenda.by', { person: person(item.proposedByName) })]),
    ...stateTexts(date, item, { runs, ticks }),
  ];
  return {
    text: item.state === 'accepted' ? key('seminars.agenda.line', { number, item: item.text }) : item.text,
    ...(details.length > 0 && { detail: join(details, ' · ') }),
    ...(runs && open && { action: button(key('core.ui.open'), within.item(item.id)) }),
  };
}

function stateTexts(date: SeminarDate, { state, quote }: ShownItem, { runs, ticks }: Pick<Looking, 'runs' | 'ticks'>): Text[] {
  if (state === 'accepted') return [];
  if (state === 'declined') return [key('seminars.agenda.left_out')];
  if (!runs) return [key('seminars.agenda.waits_for', { host: hostText(date) })];
  if (!quote) return [key('seminars.agenda.waits')];
  return [ticks ? key('seminars.agenda.waits_quote') : key('seminars.agenda.waits_manager')];
}

const LEADS: Readonly<Record<ItemState, string>> = {
  proposed: 'seminars.topic.lead_proposed',
  accepted: 'seminars.topic.lead_accepted',
  declined: 'seminars.topic.lead_declined',
};

/**
 * One item, for those who run the date.
 * @param item undefined: it is there no more
 * @param options `here`: on a card of the agenda, which its buttons may replace; `open`: it can still be decided about; `ticks`: whether quotes can be shown too
 */
export function itemCard(
  date: SeminarDate,
  item: ShownItem | undefined,
  {
    here,
    open,
    first = false,
    ticks = false,
  }: { readonly here: boolean; readonly open: boolean; readonly first?: boolean; readonly ticks?: boolean },
): Card {
  const back = button(key('seminars.action.agenda'), here ? within.agenda(date.id) : to.agenda(date.id));
  if (!item) {
    const gone = key('seminars.errors.item_gone');
    return { summary: gone, lead: gone, actions: [back] };
  }
  const seminar = { seminar: words(date.title), when: instant(date.startsAt) };
  const by = item.state === 'proposed' && item.proposedByName !== '' ? { ...seminar, person: person(item.proposedByName) } : undefined;
  const lead = by ? key('seminars.topic.lead_by', by) : key(LEADS[item.state], seminar);
  return {
    summary: by ? key('seminars.topic.line_by', { ...by, topic: shortened(item.text) }) : lead,
    title: item.quote ? key('seminars.topic.quote_title') : key('seminars.topic.title'),
    lead,
    body: [...wordsOf(item), ...answerOf(item), ...(isForManagers(item, ticks) ? [MANAGERS_DECIDE] : [])],
    actions: [...(open ? decisions(item, { here, first, ticks }) : []), back],
  };
}

const MANAGERS_DECIDE: Block = { kind: 'paragraph', text: key('seminars.topic.quote_manager') };

/** Whether the one who looks has to leave it to a manager. */
const isForManagers = ({ quote, state }: ShownItem, ticks: boolean): boolean => quote && !ticks && state !== 'accepted';

function wordsOf(item: ShownItem): Block[] {
  if (item.source !== null && !item.quote) {
    const told = [item.heading, item.text, item.detail].filter((text) => text !== undefined);
    return told.map((text): Block => ({ kind: 'paragraph', text }));
  }
  const by = item.detail ?? (item.proposedByName === '' ? undefined : person(item.proposedByName));
  return [
    { kind: 'quote', text: item.text, ...(by && { by }) },
    ...(item.why === '' ? [] : [{ kind: 'paragraph' as const, text: key('seminars.topic.why_is', { why: words(item.why) }) }]),
  ];
}

export function answerOf({ answer }: Pick<ShownItem, 'answer'>): Block[] {
  return answer === '' ? [] : [{ kind: 'quote', text: words(answer) }];
}

function decisions(
  item: ShownItem,
  { here, first, ticks }: { readonly here: boolean; readonly first: boolean; readonly ticks: boolean },
): Action[] {
  const { id, state, quote } = item;
  if (isForManagers(item, ticks)) {
    return state === 'proposed' ? [button(key('seminars.topic.leave_out'), within.leave(id, state, here))] : [];
  }
  const take = (label: Text): ButtonAction => button(label, within.take(id, state, here), { style: 'primary' });
  switch (state) {
    case 'proposed':
      return [
        take(quote ? key('seminars.topic.show') : key('seminars.topic.take')),
        button(quote ? key('seminars.topic.leave_out') : key('seminars.topic.leave'), within.leave(id, state, here)),
      ];
    case 'accepted':
      return [
        ...(first || !here ? [] : [button(key('seminars.topic.up'), within.up(id), { style: 'primary' })]),
        button(key('seminars.topic.leave_out'), within.leave(id, state, here)),
      ];
    case 'declined':
      return [take(quote ? key('seminars.topic.show') : key('seminars.topic.take'))];
  }
}

/** To whoever proposed a topic: what became of it. */
export function decidedCard(date: SeminarDate, item: ShownItem): Card {
  const taken = item.state === 'accepted';
  const params = { topic: item.text, seminar: words(date.title), when: instant(date.startsAt) };
  const lead = taken ? key('seminars.topic.taken_up', params) : key('seminars.topic.not_this_time', params);
  return {
    summary: lead,
    title: taken ? key('seminars.topic.taken_title') : key('seminars.topic.left_title'),
    lead,
    body: answerOf(item),
    actions: [button(key('seminars.agenda.to_date'), to.date(date.id))],
  };
}
