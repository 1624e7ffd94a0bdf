import type { Question, Source, ThemeName } from '../model.js';
import type { Compared } from './months.js';

/** With fewer answers there is too little to say. */
export const LEAST_ANSWERS = 5;
/** Rows of a card; what has more locations shows those with the most, and the others together. */
const MOST_LOCATIONS = 7;
/** In a row with fewer, one could tell that a complaint about a colleague is among them: such a complaint counts in totals only. */
const LEAST_IN_ROW = 3;
/** A theme rises or falls where it was mentioned so often in one of the months, and so many times more or less, by a quarter at least. */
const LEAST_MENTIONS = 5;
const LEAST_CHANGE = 3;
const LEAST_GROWTH = 1.25;

/** Entries of one sort; `before`: of the span that is compared with. */
export interface EntryRow {
  readonly before: boolean;
  readonly source: Source;
  readonly locationId: string | null;
  /** Complaints about colleagues. */
  readonly private: boolean;
  readonly entries: number;
}

/** Ratings of one value. */
export interface RatingRow {
  readonly before: boolean;
  readonly questionId: string;
  readonly value: number;
  readonly locationId: string | null;
  readonly ratings: number;
}

export interface ThemeRow {
  readonly before: boolean;
  readonly themeId: string;
  readonly entries: number;
  /** How many of them are complaints about colleagues. */
  readonly private: number;
}

export interface TrendRow {
  readonly month: string;
  readonly entries: number;
  /** Ratings of the question "overall", and how many of them are 4 or 5. */
  readonly rated: number;
  readonly content: number;
}

export interface CaseFigures {
  readonly opened: number;
  readonly openedBefore: number;
  readonly confirmed: number;
  readonly unconfirmed: number;
  readonly merged: number;
  readonly reopened: number;
  /** Of cases opened in the span: first word within the due time, and how many were answered or should have been. */
  readonly response: Timing;
  /** Of cases resolved in the span. */
  readonly resolution: Timing;
}

export interface Timing {
  /** Seconds from the opening, by the clock; null: none. */
  readonly median: number | null;
  /** What the median is of. */
  readonly count: number;
  readonly inTime: number;
  /** What `inTime` is a share of. */
  readonly due: number;
}

export type AskedQuestion = Omit<Question, 'retired'>;

export interface KnownTheme extends ThemeName {
  readonly position: number;
}

/** What a report is made of, as the database counts it. */
export interface Counts {
  readonly entries: readonly EntryRow[];
  readonly ratings: readonly RatingRow[];
  readonly themes: readonly ThemeRow[];
  /** The months before, the earliest first. */
  readonly earlier: readonly TrendRow[];
  readonly cases: CaseFigures;
  readonly questions: readonly AskedQuestion[];
  readonly knownThemes: readonly KnownTheme[];
  readonly locations: ReadonlyMap<string, string>;
}

/** A figure with what it is made of; `value` is null where that is too little to say. */
export interface Score {
  readonly answers: number;
  readonly value: number | null;
}

export interface Scale {
  readonly question: AskedQuestion;
  /** Mean of the values. */
  readonly average: Score;
  readonly before: Score;
}

export interface LocationRow {
  readonly kind: 'location' | 'none' | 'others';
  readonly name: string;
  readonly entries: number;
  /** Mean of "overall". */
  readonly overall: Score;
}

export interface ThemeCount {
  readonly theme: KnownTheme;
  readonly entries: number;
  readonly before: number;
}

/** A month as its report tells of it. */
export interface Report {
  readonly when: Compared;
  readonly total: number;
  readonly totalBefore: number;
  /** The most first. */
  readonly sources: readonly { readonly source: Source; readonly entries: number }[];
  readonly scales: readonly Scale[];
  /** Share of 9 and 10 less the share of 0 to 6, in hundredths: -100 to 100. */
  readonly nps: Score;
  readonly npsBefore: Score;
  /** Share of 4 and 5 of "overall", 0 to 1. */
  readonly csat: Score;
  readonly csatBefore: Score;
  readonly locations: readonly LocationRow[];
  /** The most first. */
  readonly themes: readonly ThemeCount[];
  readonly rising: readonly ThemeCount[];
  readonly falling: readonly ThemeCount[];
  /** The last one is the report's own month. */
  readonly trend: readonly TrendRow[];
  readonly cases: CaseFigures;
}

const OVERALL = 'overall';

/** The report of what was counted. */
export function reportOf(when: Compared, counts: Counts): Report {
  const { entries, ratings, questions } = counts;
  const sum = (rows: readonly { readonly entries: number }[]) => rows.reduce((all, row) => all + row.entries, 0);
  const now = entries.filter(({ before }) => !before);
  const overall = questions.find(({ key }) => key === OVERALL)?.id;
  const rated = (before: boolean, questionId: string | undefined) =>
    ratings.filter((row) => row.before === before && row.questionId === questionId);
  const nps = mostAnswered(
    questions.filter(({ kind }) => kind === 'nps'),
    ratings,
  );
  const themes = themeCounts(counts);
  return {
    when,
    total: sum(now),
    totalBefore: sum(entries.filter(({ before }) => before)),
    sources: [...groupSum(now, ({ source }) => source)]
      .map(([source, count]) => ({ source, entries: count }))
      .toSorted((one, other) => other.entries - one.entries || one.source.localeCompare(other.source)),
    scales: questions
      .filter(({ kind }) => kind === 'five' || kind === 'smileys')
      .map((question) => ({ question, average: meanOf(rated(false, question.id)), before: meanOf(rated(true, question.id)) }))
      .filter(({ average }) => average.answers > 0),
    nps: npsOf(rated(false, nps)),
    npsBefore: npsOf(rated(true, nps)),
    csat: csatOf(rated(false, overall)),
    csatBefore: csatOf(rated(true, overall)),
    locations: locationRows(now, rated(false, overall), counts.locations),
    themes,
    rising: themes
      .filter(({ entries: count, before }) => rises(before, count))
      .toSorted((a, b) => b.entries - b.before - a.entries + a.before),
    falling: themes
      .filter(({ entries: count, before }) => rises(count, before))
      .toSorted((a, b) => b.before - b.entries - a.before + a.entries),
    trend: [
      ...counts.earlier,
      {
        month: when.month,
        entries: sum(now),
        rated: countOf(rated(false, overall)),
        content: countOf(rated(false, overall), (value) => value >= 4),
      },
    ],
    cases: counts.cases,
  };
}

type Rated = Pick<RatingRow, 'value' | 'ratings'>;

const countOf = (rows: readonly Rated[], which: (value: number) => boolean = () => true): number =>
  rows.reduce((all, { value, ratings }) => all + (which(value) ? ratings : 0), 0);

function scoreOf(rows: readonly Rated[], value: (answers: number) => number): Score {
  const answers = countOf(rows);
  return { answers, value: answers < LEAST_ANSWERS ? null : value(answers) };
}

/** Mean of the values. */
export const meanOf = (rows: readonly Rated[]): Score =>
  scoreOf(rows, (answers) => rows.reduce((all, { value, ratings }) => all + value * ratings, 0) / answers);

/** Net promoter score: https://hbr.org/2003/12/the-one-number-you-need-to-grow */
const npsOf = (rows: readonly Rated[]): Score =>
  scoreOf(rows, (answers) => (100 * (countOf(rows, (value) => value >= 9) - countOf(rows, (value) => value <= 6))) / answers);

/** Share of those content: 4 and 5 of 5. */
const csatOf = (rows: readonly Rated[]): Score => scoreOf(rows, (answers) => countOf(rows, (value) => value >= 4) / answers);

/** Of several questions whether customers would recommend us, the one that most have answered. */
function mostAnswered(questions: readonly AskedQuestion[], ratings: readonly RatingRow[]): string | undefined {
  const answered = (id: string) => countOf(ratings.filter(({ questionId, before }) => questionId === id && !before));
  return questions.toSorted((one, other) => answered(other.id) - answered(one.id) || one.position - other.position)[0]?.id;
}

/**
 * Entries of a row without those that it would give away: a complaint about a colleague that stands alone in its row would be told to
 * that colleague, too.
 */
export const inRow = (entries: number, secret: number): number => (entries < LEAST_IN_ROW ? entries - secret : entries);

function locationRows(entries: readonly EntryRow[], overall: readonly RatingRow[], names: ReadonlyMap<string, string>): LocationRow[] {
  const known = ({ locationId }: Pick<EntryRow, 'locationId'>) => (locationId !== null && names.has(locationId) ? locationId : null);
  const row = (kind: LocationRow['kind'], name: string, among: readonly (string | null)[]): LocationRow => {
    const of = entries.filter((entry) => among.includes(known(entry)));
    const all = of.reduce((sum, each) => sum + each.entries, 0);
    const secret = of.reduce((sum, each) => sum + (each.private ? each.entries : 0), 0);
    return { kind, name, entries: inRow(all, secret), overall: meanOf(overall.filter((rating) => among.includes(known(rating)))) };
  };
  const each = [...new Set(entries.map(known))]
    .map((id) => ({ id, row: id === null ? row('none', '', [id]) : row('location', names.get(id) ?? '', [id]) }))
    .filter((found) => found.row.entries > 0)
    .toSorted((one, other) => other.row.entries - one.row.entries || one.row.name.localeCompare(other.row.name));
  // Without a location there is nothing to compare.
  if (each.every((found) => found.row.kind === 'none')) return [];
  if (each.length <= MOST_LOCATIONS) return each.map((found) => found.row);
  const shown = each.slice(0, MOST_LOCATIONS - 1);
  const others = each.slice(MOST_LOCATIONS - 1).map(({ id }) => id);
  return [...shown.map((found) => found.row), row('others', '', others)];
}

function themeCounts({ themes, knownThemes }: Counts): ThemeCount[] {
  const of = (themeId: string, before: boolean): number => {
    const found = themes.find((row) => row.themeId === themeId && row.before === before);
    return found ? inRow(found.entries, found.private) : 0;
  };
  return knownThemes
    .map((theme) => ({ theme, entries: of(theme.id, false), before: of(theme.id, true) }))
    .filter(({ entries, before }) => entries > 0 || before > 0)
    .toSorted((one, other) => other.entries - one.entries || other.before - one.before || one.theme.position - other.theme.position);
}

const rises = (from: number, to: number): boolean => to >= LEAST_MENTIONS && to - from >= LEAST_CHANGE && to >= from * LEAST_GROWTH;

function groupSum<K>(rows: readonly EntryRow[], by: (row: EntryRow) => K): Map<K, number> {
  const sums = new Map<K, number>();
  for (const row of rows) sums.set(by(row), (sums.get(by(row)) ?? 0) + row.entries);
  return sums;
}
