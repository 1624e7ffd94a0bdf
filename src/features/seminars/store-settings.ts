import type { Db, Tx } from '../../people/db.js';
import type { Organisation } from '../../people/model.js';
import type { Settings } from './model.js';

/** How an organisation holds seminars; the defaults where it has set nothing. */
export async function loadSettings(db: Db | Tx, organisation: Organisation): Promise<Settings> {
  const row = await db.seminarSettings.findUnique({ where: { organisationId: organisation.id } });
  const { ladder = [10_080, 1_440, 60], postDays = 14, attendPoints = 0, hostPoints = 0 } = row ?? {};
  return { channelId: row?.channelId ?? organisation.announcementsChannelId, ladder, postDays, attendPoints, hostPoints };
}
