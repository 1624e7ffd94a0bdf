import { own } from '../../../core/own.js';
import { foldName } from '../../../people/names.js';
import type { Question } from '../model.js';

/** What a column of a file can hold; scales and open questions are columns of their own. */
export const FIELDS = [
  'id',
  'happened_at',
  'location',
  'source',
  'kind',
  'words',
  'language',
  'served_by',
  'name',
  'email',
  'phone',
  'consent',
] as const;
export type Field = (typeof FIELDS)[number];

/** Headings as people write them, folded; those of Latvian files included. */
const HEADINGS: Readonly<Record<string, Field>> = {
  id: 'id',
  number: 'id',
  reference: 'id',
  'external reference': 'id',
  numurs: 'id',
  nr: 'id',
  date: 'happened_at',
  time: 'happened_at',
  'happened at': 'happened_at',
  received: 'happened_at',
  'received at': 'happened_at',
  datums: 'happened_at',
  laiks: 'happened_at',
  location: 'location',
  shop: 'location',
  branch: 'location',
  vieta: 'location',
  filiale: 'location',
  veikals: 'location',
  source: 'source',
  channel: 'source',
  avots: 'source',
  kanals: 'source',
  kind: 'kind',
  type: 'kind',
  veids: 'kind',
  words: 'words',
  comment: 'words',
  comments: 'words',
  feedback: 'words',
  message: 'words',
  text: 'words',
  atsauksme: 'words',
  komentars: 'words',
  teksts: 'words',
  language: 'language',
  valoda: 'language',
  'served by': 'served_by',
  employee: 'served_by',
  darbinieks: 'served_by',
  apkalpoja: 'served_by',
  name: 'name',
  customer: 'name',
  klients: 'name',
  vards: 'name',
  email: 'email',
  'e mail': 'email',
  'e pasts': 'email',
  epasts: 'email',
  phone: 'phone',
  telephone: 'phone',
  talrunis: 'phone',
  telefons: 'phone',
  consent: 'consent',
  agreed: 'consent',
  piekrisana: 'consent',
  piekrit: 'consent',
};

/** What each column of a file is, by its position. */
export type Column =
  | { readonly is: 'field'; readonly field: Field }
  | { readonly is: 'question'; readonly questionId: string }
  | { readonly is: 'unknown' };

/** A question with all that its column may be called: its key, and its words in each language. */
export interface NamedQuestion extends Pick<Question, 'id' | 'key' | 'kind'> {
  readonly names: readonly string[];
}

/** Reads a heading. What comes twice counts the first time. */
export function readHeading(heading: readonly string[], questions: readonly NamedQuestion[]): readonly Column[] {
  const taken = new Set<string>();
  return heading.map((cell): Column => {
    const folded = foldName(cell);
    const question = questions.find(({ key, names }) => [key, ...names].some((name) => foldName(name) === folded && folded !== ''));
    const field = own(HEADINGS, folded);
    const found: Column | undefined = question ? { is: 'question', questionId: question.id } : field && { is: 'field', field };
    const name = question?.id ?? field;
    if (!found || name === undefined || taken.has(name)) return { is: 'unknown' };
    taken.add(name);
    return found;
  });
}

/** Whether a file with these columns says anything at all. */
export const saysSomething = (columns: readonly Column[]): boolean =>
  columns.some((column) => column.is === 'question' || (column.is === 'field' && column.field === 'words'));
