import type { Db, Tx } from '../../../people/db.js';
import { hasHolidays } from '../../../people/holidays.js';
import { isZone } from '../../../people/hours.js';
import type { Organisation, Person } from '../../../people/model.js';

/** What an organisation's zone is until somebody sets it. */
const UNSET = 'UTC';

/**
 * Where somebody's seminars are held unless they say otherwise: the zone and country of their location, else the
 * organisation's, else their own zone.
 */
export async function homePlace(
  db: Db | Tx,
  organisation: Organisation,
  { locationId, zone }: Pick<Person, 'locationId' | 'zone'>,
): Promise<{ readonly zone: string; readonly country: string | null }> {
  const place =
    locationId === null
      ? null
      : await db.location.findFirst({ where: { organisationId: organisation.id, id: locationId }, select: { zone: true, country: true } });
  const country = place?.country ?? organisation.country;
  return {
    zone: place?.zone && isZone(place.zone) ? place.zone : organisation.zone === UNSET ? zone : organisation.zone,
    country: country !== null && hasHolidays(country) ? country : null,
  };
}
