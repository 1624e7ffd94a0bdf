import { type Ref, ref } from '../../../core/ref.js';

/** The reader's own calendar address. */
export const feedRef = (): Ref => ref('seminars.feed');
/** A new address; the one before stops working. */
export const feedRenewRef = (): Ref => ref('seminars.feed_renew');
/** All of the reader's dates as a file. */
export const feedFileRef = (): Ref => ref('seminars.feed_file');
/** One date as a file. */
export const calendarFileRef = (dateId: string): Ref => ref('seminars.calendar_file', { dateId });
