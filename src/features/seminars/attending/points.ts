import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import { award, takeBackAward } from '../../recognition/index.js';
import type { SeminarDate } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { countCame, findAttendance } from './store-attendance.js';

const attendedKey = (dateId: string) => `seminar:${dateId}:attended`;
const hostedKey = (dateId: string) => `seminar:${dateId}:hosted`;

type Act = Pick<WorkContext, 'organisation' | 'clock'>;

/** Awards those who came to a date, where managers have set points for it. The host has points of the own. Locks accounts: last in its transaction. */
export async function awardAttending(context: Act, tx: Tx, date: SeminarDate, personIds: readonly string[]): Promise<void> {
  const { attendPoints } = await loadSettings(tx, context.organisation);
  const guests = personIds.filter((personId) => personId !== date.hostId);
  if (attendPoints < 1 || guests.length === 0) return;
  const given = { personIds: guests, points: attendPoints, reasonCode: 'seminar_attended' as const, originKey: attendedKey(date.id) };
  await award({ ...context, tx }, given);
}

/** Awards the host of a date that was held. Locks accounts: last in its transaction. */
export async function awardHosting(context: Act, tx: Tx, date: SeminarDate): Promise<void> {
  const { hostPoints } = await loadSettings(tx, context.organisation);
  if (hostPoints < 1 || !(await wasHeld(context, tx, date))) return;
  const given = { personIds: [date.hostId], points: hostPoints, reasonCode: 'seminar_hosted' as const, originKey: hostedKey(date.id) };
  await award({ ...context, tx }, given);
}

/** Whether the host was there and somebody came: otherwise nothing was hosted. */
async function wasHeld({ organisation }: Act, tx: Tx, date: SeminarDate): Promise<boolean> {
  const host = await findAttendance(tx, organisation.id, date.id, date.hostId);
  return host?.attended === true && (await countCame(tx, organisation.id, date)) > 0;
}

/** Points after a correction: given to whoever came after all, taken back from whoever did not. Locks accounts: last in its transaction. */
export async function correctPoints(
  context: Act,
  tx: Tx,
  date: SeminarDate,
  { personId, attended, byId }: { readonly personId: string; readonly attended: boolean; readonly byId: string },
): Promise<void> {
  if (attended) await awardAttending(context, tx, date, [personId]);
  else await takeBackAward({ ...context, tx }, { originKey: attendedKey(date.id), personId, byId });
  // The first guest makes a host, and the last one to be taken away unmakes one.
  if (await wasHeld(context, tx, date)) await awardHosting(context, tx, date);
  else await takeBackAward({ ...context, tx }, { originKey: hostedKey(date.id), personId: date.hostId, byId });
}
