import type { Db, Tx } from './db.js';
import { hasHolidays } from './holidays.js';
import { isZone } from './hours.js';
import type { Organisation, WorkingHours } from './model.js';

/** When a place is at work: what working-time.ts and holidays.ts reckon with. */
export interface BusinessHours {
  /** IANA zone. */
  readonly zone: string;
  readonly hours: WorkingHours;
  /** ISO 3166-1 alpha-2, with a region if it was given, for `holidayTest`; null where none is set, or its holidays aren't known. */
  readonly country: string | null;
}

/**
 * The business hours of a location, in each part the organisation's where it has none of its own.
 * @param locationId null, or of a location that is gone: the organisation's
 */
export async function hoursOfLocation(db: Db | Tx, organisation: Organisation, locationId: string | null): Promise<BusinessHours> {
  const place =
    locationId === null
      ? null
      : await db.location.findUnique({
          where: { organisationId_id: { organisationId: organisation.id, id: locationId } },
          select: { zone: true, country: true, workStart: true, workEnd: true, workDays: true },
        });
  const country = place?.country ?? organisation.country;
  return {
    zone: place?.zone && isZone(place.zone) ? place.zone : organisation.zone,
    hours: {
      start: place?.workStart ?? organisation.hours.start,
      end: place?.workEnd ?? organisation.hours.end,
      days: place && place.workDays.length > 0 ? place.workDays : organisation.hours.days,
    },
    country: country !== null && hasHolidays(country) ? country : null,
  };
}
