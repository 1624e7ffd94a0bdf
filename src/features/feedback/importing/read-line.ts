import { paragraph } from '../../../core/inputs.js';
import { own } from '../../../core/own.js';
import { atLocalTime } from '../../../people/hours.js';
import { cleanLocale, foldName, normaliseEmail } from '../../../people/names.js';
import { readDay, readTime } from '../../../people/typed-times.js';
import type { Incoming } from '../intake/incoming.js';
import { EARLIEST, type Kind, MOST, type Rating, type SaidWords, SCALE, type Source } from '../model.js';
import type { Column, Field, NamedQuestion } from './columns.js';

/** Why a line was not taken; the last one: it was, without its contact. */
export type LineProblem =
  | 'nothing_said'
  | 'too_long'
  | 'rating_unreadable'
  | 'rating_range'
  | 'date_unreadable'
  | 'date_ahead'
  | 'location_unknown'
  | 'source_unknown'
  | 'kind_unknown'
  | 'language_unknown'
  | 'email_unreadable'
  | 'contact_left_out';

/** What a line's names stand for. */
export interface LineContext {
  readonly columns: readonly Column[];
  readonly questions: readonly NamedQuestion[];
  /** By folded name. */
  readonly locations: ReadonlyMap<string, string>;
  readonly consentId: string | null;
  readonly zone: string;
  readonly now: Date;
}

export type ReadLine =
  | { readonly incoming: Omit<Incoming, 'onceKey' | 'body'>; readonly id: string; readonly warning?: LineProblem }
  | { readonly problem: LineProblem; readonly column: number };

const SOURCES: Readonly<Record<string, Source>> = {
  page: 'page',
  survey: 'page',
  'survey page': 'page',
  web: 'page',
  aptauja: 'page',
  'aptaujas lapa': 'page',
  card: 'card',
  'complaint card': 'card',
  kartite: 'card',
  'sudzibu kartite': 'card',
  phone: 'phone',
  call: 'phone',
  'phone call': 'phone',
  'phone follow up': 'phone',
  talrunis: 'phone',
  zvans: 'phone',
  email: 'email',
  'e mail': 'email',
  epasts: 'email',
  'e pasts': 'email',
  'in person': 'in_person',
  klatiene: 'in_person',
  'mystery shopper': 'mystery_shopper',
  'slepenais pircejs': 'mystery_shopper',
  api: 'api',
  csv: 'csv',
};

const KINDS: Readonly<Record<string, Kind>> = {
  praise: 'praise',
  compliment: 'praise',
  uzslava: 'praise',
  complaint: 'complaint',
  sudziba: 'complaint',
  suggestion: 'suggestion',
  idea: 'suggestion',
  ieteikums: 'suggestion',
  comment: 'comment',
  komentars: 'comment',
};

/** Folded. */
const YES = new Set(['yes', 'y', 'true', '1', 'x', 'ja', 'agreed', 'piekrit']);

/** Reads a line of an import. Pure: the same line reads the same every time. */
export function readLine(cells: readonly string[], context: LineContext): ReadLine {
  const at = (field: Field) => context.columns.findIndex((column) => column.is === 'field' && column.field === field);
  const cell = (field: Field) => paragraph(cells[at(field)] ?? '');
  const wrong = (problem: LineProblem, column: number): ReadLine => ({ problem, column });

  const ratings: Rating[] = [];
  const words: SaidWords[] = [];
  const said = cell('words');
  if (said.length > MOST.words) return wrong('too_long', at('words'));
  if (said !== '') words.push({ questionId: null, words: said });
  for (const [index, column] of context.columns.entries()) {
    const typed = paragraph(cells[index] ?? '');
    const question = column.is === 'question' ? context.questions.find(({ id }) => id === column.questionId) : undefined;
    if (!question || typed === '') continue;
    if (question.kind === 'open') {
      if (typed.length > MOST.words) return wrong('too_long', index);
      words.push({ questionId: question.id, words: typed });
      continue;
    }
    const read = readRating(typed);
    if (!read) return wrong('rating_unreadable', index);
    const { from, to } = SCALE[question.kind];
    if (read.value < from || read.value > to || (read.most ?? to) !== to) return wrong('rating_range', index);
    ratings.push({ questionId: question.id, value: read.value });
  }
  if (ratings.length === 0 && words.length === 0) return wrong('nothing_said', at('words'));

  const happenedAt = cell('happened_at') === '' ? undefined : readInstant(cell('happened_at'), context.zone);
  if (happenedAt === null || (happenedAt && happenedAt < EARLIEST)) return wrong('date_unreadable', at('happened_at'));
  // A day's leeway: files have days without a zone.
  if (happenedAt && happenedAt.getTime() > context.now.getTime() + 86_400_000) return wrong('date_ahead', at('happened_at'));
  const locationId = cell('location') === '' ? undefined : context.locations.get(foldName(cell('location')));
  if (cell('location') !== '' && locationId === undefined) return wrong('location_unknown', at('location'));
  const source = cell('source') === '' ? 'csv' : own(SOURCES, foldName(cell('source').replaceAll('_', ' ')));
  if (source === undefined) return wrong('source_unknown', at('source'));
  const kind = cell('kind') === '' ? undefined : own(KINDS, foldName(cell('kind')));
  if (cell('kind') !== '' && kind === undefined) return wrong('kind_unknown', at('kind'));
  const language = cell('language') === '' ? undefined : cleanLocale(cell('language'));
  if (cell('language') !== '' && language === undefined) return wrong('language_unknown', at('language'));
  if (cell('email') !== '' && normaliseEmail(cell('email')) === undefined) return wrong('email_unreadable', at('email'));

  const contact = { name: cell('name'), email: cell('email'), phone: cell('phone') };
  const hasContact = Object.values(contact).some((value) => value !== '');
  const agreed = YES.has(foldName(cell('consent')));
  return {
    id: cell('id').slice(0, MOST.externalRef),
    incoming: {
      source,
      ratings,
      words,
      externalRef: cell('id'),
      servedBy: cell('served_by'),
      ...(kind && { kind }),
      ...(language && { language }),
      ...(locationId && { locationId }),
      ...(happenedAt && { happenedAt }),
      ...(hasContact && agreed && { contact }),
      ...(hasContact && agreed && context.consentId !== null && { consent: { id: context.consentId, locale: language ?? 'und' } }),
    },
    ...(hasContact && !agreed && { warning: 'contact_left_out' as const }),
  };
}

/** `4`, `4.0`, `4,0`, `4/5`: with the end of its scale, where that is told; undefined for anything else. */
function readRating(typed: string): { readonly value: number; readonly most?: number } | undefined {
  const read = /^(\d{1,2})(?:[.,]0+)?(?:\s*\/\s*(\d{1,2}))?$/.exec(typed);
  return read ? { value: Number(read[1]), ...(read[2] !== undefined && { most: Number(read[2]) }) } : undefined;
}

/** A day, a day with a time in the organisation's zone, or an ISO instant with its offset; null for anything else. */
function readInstant(typed: string, zone: string): Date | null {
  const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(typed) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(iso)) return new Date(iso);
  const parts = /^(.*?\d)(?:[T\s]+(\d{1,2}[:.]\d{2})(?:[:.]\d{2})?)?$/.exec(typed);
  const day = readDay(parts?.[1] ?? '');
  if (day === null) return null;
  const minutes = parts?.[2] === undefined ? 0 : readTime(parts[2]);
  return minutes === null ? null : atLocalTime(day, minutes, zone);
}
