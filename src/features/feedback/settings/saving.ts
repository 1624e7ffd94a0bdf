import { type Reply, say } from '../../../core/reply.js';
import { key, type Text } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction, type Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { ensureDefaults } from '../defaults.js';
import { settingsCard } from './card.js';
import { type Changed, saveSettings } from './store.js';

/**
 * Saves a change of the settings, notes who made it, and shows how they are now.
 * @param also what follows from it, in the same transaction
 */
export async function save(
  context: HandlerContext,
  changed: Changed,
  lead: Text = key('feedback.settings.saved'),
  also?: (tx: Tx) => Promise<void>,
): Promise<Reply> {
  const { db, organisation, person, clock } = context;
  await ensureDefaults(context);
  await inTransaction(db, async (tx) => {
    await saveSettings(tx, organisation.id, changed);
    await also?.(tx);
    const data = JSON.parse(JSON.stringify(changed));
    await recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb: 'feedback.settings_changed', data }, clock.now());
  });
  return say(await settingsCard(context, lead));
}
