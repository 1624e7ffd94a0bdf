import { type Ref, type RefPayload, ref } from '../../../core/ref.js';

/** Where the buttons of this part lead, beside what everybody links to (`to` of seminars). */
export const within = {
  correct: (dateId: string, personId?: string) => ref('seminars.correct_open', lean({ dateId, personId })),
  correctForm: (dateId: string, personId?: string) => ref('seminars.correct', lean({ dateId, personId })),
  readRecap: (dateId: string) => ref('seminars.read_recap', { dateId }),
  sayForm: (dateId: string) => ref('seminars.say', { dateId }),
  opinions: (dateId: string, offset: number) => ref('seminars.opinions', { dateId, offset }),
  record: (personId: string, offset: number) => ref('seminars.record', { personId, offset }),
  report: (view: { readonly seriesId?: string | undefined; readonly by?: string; readonly offset?: number }) =>
    ref('seminars.report', lean(view)),
  reportSeries: (offset: number) => ref('seminars.report_series', { offset }),
  reportCsv: (seriesId?: string) => ref('seminars.report_csv', lean({ seriesId })),
} as const;

/** Without what is undefined. */
function lean(payload: Readonly<Record<string, string | number | undefined>>): Ref['payload'] {
  return Object.fromEntries(Object.entries(payload).filter((entry): entry is [string, string | number] => entry[1] !== undefined)) satisfies RefPayload;
}
