import type { Db, Tx } from '../../people/db.js';
import type { Organisation } from '../../people/model.js';
import { DEFAULT_LOW_STARS, type LadderStep, type Priority, type Settings } from './model.js';
import { DueMinutesColumn, LadderColumn } from './schema.js';

/** Working minutes; a working day has 480. */
export const DEFAULT_DUE: Readonly<Record<Priority, number>> = { urgent: 120, high: 480, normal: 960, low: 2_400 };

/** When it is due its owner hears of it, two hours later the lead, half a day later the manager, after a day the owners. */
export const DEFAULT_LADDER: readonly LadderStep[] = [
  { after: 0, to: 'owner' },
  { after: 120, to: 'lead' },
  { after: 240, to: 'manager' },
  { after: 480, to: 'organisation' },
];

/** How an organisation follows feedback; the defaults where it has set nothing. */
export async function loadSettings(db: Db | Tx, organisation: Pick<Organisation, 'id' | 'managersChannelId'>): Promise<Settings> {
  const row = await db.feedbackSettings.findUnique({ where: { organisationId: organisation.id } });
  return {
    channelId: row?.channelId ?? organisation.managersChannelId,
    ownChannelId: row?.channelId ?? null,
    colour: row?.colour ?? null,
    logoPictureId: row?.logoPictureId ?? null,
    retentionMonths: row ? row.retentionMonths : 24,
    lowStars: row?.lowStars ?? DEFAULT_LOW_STARS,
    dueMinutes: row ? DueMinutesColumn.parse(row.dueMinutes) : DEFAULT_DUE,
    ladder: row ? LadderColumn.parse(row.ladder) : DEFAULT_LADDER,
    leadId: row?.leadId ?? null,
    managerId: row?.managerId ?? null,
    silentDays: row?.silentDays ?? 14,
    talkDays: row?.talkDays ?? 7,
    digestMinutes: row ? row.digestMinutes : 540,
  };
}
