import type { Block } from '../../../core/rich.js';
import { instant, join, key, person, type Text, words } from '../../../core/text.js';
import type { WorkContext } from '../../../people/handlers.js';
import { findPeople } from '../../../people/people.js';
import type { Case } from '../model.js';
import { shortened } from '../posting/said-parts.js';
import { type CaseMessage, listMessagesAround } from './store-messages.js';

/** The latest messages that a case's card shows, and how much of each, in characters. */
const LATEST = 4;
const MOST = 700;

/**
 * What the organisation and the customer wrote to each other last, for colleagues, what customers of merged cases wrote among it;
 * nothing where they haven't.
 */
export async function conversationBlocks(context: WorkContext, of: Pick<Case, 'id'>): Promise<readonly Block[]> {
  const { db, organisation } = context;
  const messages = (await listMessagesAround(db, organisation.id, of.id, LATEST)).filter((message) => message.words !== '');
  if (messages.length === 0) return [];
  const writers = await findPeople(
    db,
    organisation.id,
    messages.flatMap(({ byId }) => byId ?? []),
  );
  const by = ({ direction, byId, caseId }: CaseMessage): Text => {
    if (direction === 'in') return key(caseId === of.id ? 'feedback.reply.the_customer' : 'feedback.reply.other_customer');
    const writer = byId === null ? undefined : writers.get(byId);
    return writer ? person(writer.name) : key('feedback.case.somebody');
  };
  return [
    { kind: 'heading', text: key('feedback.reply.conversation') },
    ...messages.map(
      (message): Block => ({
        kind: 'quote',
        text: words(shortened(message.words, MOST)),
        by: join([by(message), instant(message.at)], ', '),
      }),
    ),
  ];
}
