import type { Tx } from '../../../people/db.js';
import type { WorkContext } from '../../../people/handlers.js';
import type { SeminarDate } from '../model.js';

/** A date has got its recap, or a new one: those who wait for it are sent it. In the transaction that writes it. */
export async function recapReady(_context: WorkContext, _tx: Tx, _date: SeminarDate, _now: Date): Promise<void> {}
