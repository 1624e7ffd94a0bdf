import { button, type Card, notice } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import type { CommandInput } from '../../core/feature.js';
import type { PersonHint } from '../../core/form.js';
import { ref } from '../../core/ref.js';
import { type Reply, whisper } from '../../core/reply.js';
import { commandWords, key, person as personText, words } from '../../core/text.js';
import { forgetConversations } from '../../delivery/forget.js';
import { recordEvent } from '../../people/audit.js';
import { inTransaction } from '../../people/db.js';
import { erasePerson } from '../../people/erase.js';
import { findByHint, findFormer } from '../../people/find-person.js';
import type { HandlerContext } from '../../people/handlers.js';
import { lockPeople } from '../../people/lock.js';
import type { Person } from '../../people/model.js';

/**
 * `/bellhop erase NAME`: what is personal of somebody who left, on that person's demand (GDPR, article 17).
 * It asks once more, since it can't be undone.
 */
export async function eraseCommand(context: HandlerContext, { tokens, text }: CommandInput): Promise<Reply> {
  if (text === '') throw new BellhopError('bellhop.erase_whom', { command: commandWords(context.actor.platform, 'bellhop', 'erase NAME') });
  const mention = tokens.find((token) => token.kind === 'person');
  const hint: PersonHint = mention ? mention.hint : { by: 'typed', typed: text };
  const former = await findFormer(context, hint);
  if ('person' in former) return whisper(askCard([former.person]));
  if ('ambiguous' in former) return whisper(askCard(former.ambiguous));
  const present = await findByHint(context, hint);
  if (!('none' in present)) throw new BellhopError('bellhop.erase_still_here');
  throw new BellhopError('bellhop.person_unknown', { typed: words(hint.by === 'typed' ? hint.typed : '') });
}

function askCard(people: readonly Person[]): Card {
  return {
    summary: key('bellhop.erase.lead'),
    title: key('bellhop.erase.title'),
    lead: key('bellhop.erase.lead'),
    rows: people.map((former) => ({
      text: personText(former.name),
      action: button(key('bellhop.erase.do'), ref('bellhop.erase', { personId: former.id }), {
        style: 'danger',
        confirm: {
          title: key('bellhop.erase.confirm_title'),
          text: key('bellhop.erase.confirm_text', { person: personText(former.name) }),
          yes: key('bellhop.erase.do'),
          no: key('core.ui.cancel'),
        },
      }),
    })),
  };
}

/** Erases, in every feature and in the people themselves, in one transaction. */
export async function eraseFormer(context: HandlerContext, personId: string): Promise<Card> {
  const { organisation, clock, registry } = context;
  await inTransaction(context.db, async (tx) => {
    const now = clock.now();
    await lockPeople(tx, organisation.id);
    if (!(await erasePerson(tx, organisation.id, personId, now))) throw new BellhopError('bellhop.erase_still_here');
    await forgetConversations(tx, organisation.id, personId, now);
    for (const feature of registry.features) await feature.erase?.({ ...context, tx }, personId);
    await recordEvent(tx, { organisationId: organisation.id, actorId: context.person.id, verb: 'person.erased', subjectId: personId }, now);
  });
  return { ...notice(key('bellhop.erase.done')), title: key('bellhop.erase.title') };
}
