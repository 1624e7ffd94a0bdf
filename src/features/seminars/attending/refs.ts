import { type RefPayload, ref } from '../../../core/ref.js';

/** Where the buttons of this part lead, beside what everybody links to (`to` of seminars). */
export const within = {
  correct: (dateId: string, personId?: string) => ref('seminars.correct_open', lean({ dateId, personId })),
  correctForm: (dateId: string, personId?: string) => ref('seminars.correct', lean({ dateId, personId })),
  recap: (dateId: string) => ref('seminars.recap', { dateId }),
  readRecap: (dateId: string) => ref('seminars.read_recap', { dateId }),
  sayForm: (dateId: string) => ref('seminars.say', { dateId }),
  /** Pages of what `to.people` and `to.opinions` show. */
  people: (dateId: string, offset: number) => ref('seminars.people', { dateId, offset, turn: true }),
  opinions: (dateId: string, offset: number) => ref('seminars.opinions', { dateId, offset, turn: true }),
  record: (personId: string, offset: number, turn?: true) => ref('seminars.record', lean({ personId, offset, turn })),
  report: (view: ReportView) => ref('seminars.report', lean({ ...view, turn: true })),
  reportSeries: (offset: number) => ref('seminars.report_series', { offset, turn: true }),
  reportCsv: (seriesId?: string) => ref('seminars.report_csv', lean({ seriesId })),
} as const;

/** What of the report is shown. */
export interface ReportView {
  readonly seriesId?: string | undefined;
  readonly by?: 'team' | 'location' | undefined;
  readonly offset?: number | undefined;
}

type Value = RefPayload[string];

/** Without what is undefined. */
function lean(payload: Readonly<Record<string, Value | undefined>>): RefPayload {
  return Object.fromEntries(Object.entries(payload).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
