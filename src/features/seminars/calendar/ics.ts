/** One date of a seminar as calendars know it. All texts are in the reader's language already. */
export interface CalendarEvent {
  /** Stays the same for as long as the date lives, whatever changes. */
  readonly uid: string;
  /** Grows with every change that calendars must follow, the cancellation included. */
  readonly sequence: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA zone; the event follows its wall clock. */
  readonly zone: string;
  readonly title: string;
  readonly description: string;
  readonly location: string;
  /** http or https. */
  readonly url?: string;
  readonly organiser: { readonly name: string; readonly email?: string };
  readonly attendee?: { readonly name: string; readonly email: string; readonly accepted: 'yes' | 'no' | 'maybe' | 'asked' };
  readonly cancelled: boolean;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface CalendarContents {
  readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  /** The calendar's name, of feeds. */
  readonly name?: string;
  readonly events: readonly CalendarEvent[];
}
export declare function calendarFile(contents: CalendarContents): string;
export interface AddLinks {
  readonly google: string;
  readonly outlook: string;
}
export declare function addLinks(event: CalendarEvent): AddLinks;
