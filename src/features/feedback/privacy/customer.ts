import { z } from 'zod';
import { button, type Card } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { Verb } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { file, type Reply, update, whisper, whisperSecret } from '../../../core/reply.js';
import { commandWords, date, join, key } from '../../../core/text.js';
import { forgetAnswers } from '../../../delivery/handled.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { contactHash } from '../contact.js';
import { dossierOf } from './dossier.js';
import { newNonce } from './nonce.js';
import { privacyCard } from './privacy-card.js';
import { findKept, type Kept, lockTheirs } from './store-customer.js';
import { listCaseIds, renewNonce } from './store-strip.js';
import { stripFeedback } from './strip.js';

/** Entries that are stripped in one statement. */
const BATCH = 500;

/** What stands for the customer on buttons: the digest of the address, never the address itself. */
const CustomerRef = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** An address as a command brings it: alone, or as the link that Slack makes of it. */
function addressIn(text: string): string | undefined {
  const typed = text.trim().replace(/^<?(?:mailto:)?([^\s<>|]+)(?:\|[^\s<>|]*)?>?$/u, '$1');
  return /^[^\s@<>|]+@[^\s@<>|]+$/u.test(typed) ? typed : undefined;
}

function keptCard({ entries, first, last, cases, openCases, messages, views }: Kept, hash: string, zone: string): Card {
  const lead = key('feedback.privacy.found', { entries });
  const days = [localDay(first, zone), localDay(last, zone)] as const;
  return {
    summary: lead,
    title: key('feedback.privacy.customer'),
    lead,
    facts: [
      { label: key('feedback.privacy.said_when'), value: days[0] === days[1] ? date(days[0]) : join(days.map(date), ' – ') },
      { label: key('feedback.privacy.cases'), value: key('feedback.privacy.cases_value', { cases, open: openCases }) },
      { label: key('feedback.privacy.messages'), value: key('feedback.privacy.messages_value', { messages }) },
      { label: key('feedback.privacy.looked'), value: key('feedback.privacy.times', { times: views }) },
    ],
    actions: [
      button(key('feedback.privacy.action.export'), ref('feedback.customer_export', { hash }), { style: 'primary' }),
      button(key('feedback.privacy.action.erase'), ref('feedback.customer_erase', { hash }), {
        style: 'danger',
        confirm: {
          title: key('feedback.privacy.erase_title'),
          text: key('feedback.privacy.erase_text', { entries, open: openCases }),
          yes: key('feedback.privacy.action.erase'),
          no: key('feedback.privacy.leave'),
        },
      }),
    ],
    footer: key('feedback.privacy.found_footer'),
  };
}

function noneCard(): Card {
  const lead = key('feedback.privacy.none');
  return { summary: lead, title: key('feedback.privacy.customer'), lead, footer: key('feedback.privacy.none_footer') };
}

/** What is kept of a customer. The answer isn't kept: neither address nor digest shall lie about. */
async function find(context: HandlerContext, text: string): Promise<Reply> {
  const { db, organisation, vault, actor } = context;
  const address = addressIn(text);
  const hash = address === undefined ? null : contactHash(vault, address);
  if (hash === null) {
    throw new BellhopError('feedback.privacy_how', { command: commandWords(actor.platform, 'customer', 'privacy name@example.com') });
  }
  const kept = await findKept(db, organisation.id, hash);
  return whisperSecret(kept ? keptCard(kept, hash, organisation.zone) : noneCard());
}

const exportAction = action({
  id: 'feedback.customer_export',
  role: 'owner',
  payload: CustomerRef,
  run: async (context, { hash }): Promise<Reply> => {
    const { db, organisation, person, clock } = context;
    const entries = await dossierOf(context, hash);
    if (entries.length === 0) return update(noneCard());
    const now = clock.now();
    const data = { entries: entries.length };
    await inTransaction(db, (tx) =>
      recordEvent(tx, { organisationId: organisation.id, actorId: person.id, verb: 'feedback.customer_exported', data }, now),
    );
    const content = Buffer.from(
      `${JSON.stringify({ organisation: organisation.name, writtenAt: now, feedback: entries }, null, 2)}\n`,
      'utf8',
    );
    const lead = key('feedback.privacy.exported', { entries: entries.length });
    return file(
      { name: `customer-${localDay(now, organisation.zone)}.json`, mime: 'application/json; charset=utf-8', content },
      { summary: lead, lead, footer: key('feedback.privacy.exported_footer') },
    );
  },
});

const eraseAction = action({
  id: 'feedback.customer_erase',
  role: 'owner',
  payload: CustomerRef,
  run: async (context, { hash }): Promise<Reply> => {
    const { db, organisation, person, clock } = context;
    const erased = await inTransaction(db, async (tx) => {
      const now = clock.now();
      const ids = await lockTheirs(tx, organisation.id, hash);
      if (ids.length === 0) return 0;
      const caseIds = await listCaseIds(tx, organisation.id, ids);
      for (let from = 0; from < ids.length; from += BATCH) await stripFeedback(tx, organisation.id, ids.slice(from, from + BATCH), now);
      for (const caseId of caseIds) await renewNonce(tx, organisation.id, caseId, newNonce());
      await forgetAnswers(tx, [...ids, ...caseIds]);
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.customer_erased', data: { entries: ids.length } };
      await recordEvent(tx, act, now);
      return ids.length;
    });
    if (erased === 0) return update(noneCard());
    const lead = key('feedback.privacy.erased', { entries: erased });
    return update({ summary: lead, title: key('feedback.privacy.customer'), lead, footer: key('feedback.privacy.erased_footer') });
  },
});

/** `/customer privacy [E-MAIL]`. */
const verb: Verb<HandlerContext> = {
  name: 'privacy',
  role: 'owner',
  describe: key('feedback.privacy.describe'),
  usage: '[name@example.com]',
  run: async (context, { text }) => (text.trim() === '' ? whisper(await privacyCard(context)) : await find(context, text)),
};

export const customerActions = [exportAction, eraseAction];
export const customerVerbs = [verb];
