import { ref } from '../../core/ref.js';

/** Where buttons of seminars lead: ids of the registry with their payloads. */
export const to = {
  list: (offset = 0) => ref('seminars.list', { offset }),
  mine: (offset = 0) => ref('seminars.mine', { offset }),
  /** One date with everything that can be done about it. */
  date: (dateId: string) => ref('seminars.date', { dateId }),
  series: (seriesId: string, offset = 0) => ref('seminars.series', { seriesId, offset }),
  schedule: () => ref('seminars.schedule_open'),
  going: (dateId: string) => ref('seminars.going', { dateId }),
  maybe: (dateId: string) => ref('seminars.maybe', { dateId }),
  cant: (dateId: string) => ref('seminars.cant', { dateId }),
  /** Ways to put the date into a calendar. */
  calendar: (dateId: string) => ref('seminars.calendar', { dateId }),
  /** Checks the actor in. */
  here: (dateId: string) => ref('seminars.here', { dateId }),
  /** The code and the QR code, for the host. */
  code: (dateId: string) => ref('seminars.code', { dateId }),
  /** Who comes and who was there. */
  people: (dateId: string, offset = 0) => ref('seminars.people', { dateId, offset }),
  opinions: (dateId: string) => ref('seminars.opinions', { dateId }),
  say: (dateId: string) => ref('seminars.say_open', { dateId }),
  agenda: (dateId: string, offset = 0) => ref('seminars.agenda', { dateId, offset }),
  topic: (dateId: string) => ref('seminars.topic_open', { dateId }),
  /** Materials, minutes and action items. */
  afterwards: (dateId: string) => ref('seminars.afterwards', { dateId }),
  change: (dateId: string) => ref('seminars.change_open', { dateId }),
  changeFollowing: (dateId: string) => ref('seminars.follow_open', { dateId }),
  cancel: (dateId: string) => ref('seminars.cancel_open', { dateId }),
  add: (seriesId: string) => ref('seminars.add_open', { seriesId }),
  report: () => ref('seminars.report', {}),
} as const;
