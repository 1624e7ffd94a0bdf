import { z } from 'zod';
import { button } from '../../../core/card.js';
import { paragraphInput } from '../../../core/inputs.js';
import { ref } from '../../../core/ref.js';
import { formErrors, open, type Reply, whisper } from '../../../core/reply.js';
import { key, type Text, words } from '../../../core/text.js';
import { recordEvent } from '../../../people/audit.js';
import { inTransaction } from '../../../people/db.js';
import { action, form, type HandlerContext } from '../../../people/handlers.js';
import { ensureDefaults } from '../defaults.js';
import { languageName } from '../labels.js';
import { WRITTEN } from '../languages.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { keptText, privacyCard } from './privacy-card.js';
import { keptSince } from './retention.js';
import { addConsent, listConsents } from './store-privacy.js';
import { countOverdue, saveRetention } from './store-retention.js';

/** Months that are offered. */
const MONTHS = [1, 3, 6, 12, 18, 24, 36, 60, 120] as const;
const MOST_MONTHS = 240;
const FOR_EVER = 'never';
/** What would lose its words is counted up to this. */
const MOST_COUNTED = 100_000;
/** Characters: a text that nobody reads is no consent, and the page has to stay light. */
const MOST_CONSENT = 1_500;

const CHOOSE = 'feedback.errors.privacy_choose';

const retentionForm = form({
  id: 'feedback.retention',
  role: 'owner',
  payload: Nothing,
  input: z.object({
    months: z
      .string({ error: CHOOSE })
      .refine((typed) => typed === FOR_EVER || (/^\d{1,3}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= MOST_MONTHS), CHOOSE)
      .transform((typed) => (typed === FOR_EVER ? null : Number(typed))),
  }),
  build: async ({ db, organisation }) => {
    const { retentionMonths } = await loadSettings(db, organisation);
    const offered = [...new Set([...MONTHS, ...(retentionMonths === null ? [] : [retentionMonths])])].toSorted((one, other) => one - other);
    return {
      title: key('feedback.privacy.retention_title'),
      submit: key('feedback.privacy.save'),
      intro: [{ kind: 'paragraph', text: key('feedback.privacy.retention_intro') }],
      fields: [
        {
          kind: 'choice',
          name: 'months',
          label: key('feedback.privacy.retention'),
          options: [
            ...offered.map((months) => ({ value: String(months), label: keptText(months) })),
            { value: FOR_EVER, label: keptText(null) },
          ],
          initial: retentionMonths === null ? FOR_EVER : String(retentionMonths),
        },
      ],
    };
  },
  submit: async (context, { input: { months } }): Promise<Reply> => {
    const { db, organisation, clock } = context;
    const { retentionMonths } = await loadSettings(db, organisation);
    const isShorter = months !== null && (retentionMonths === null || months < retentionMonths);
    const losing = isShorter ? await countOverdue(db, organisation.id, keptSince(clock.now(), months, organisation), MOST_COUNTED) : 0;
    if (losing === 0) return await keep(context, months);
    const lead = key('feedback.privacy.losing', { count: losing, kept: keptText(months) });
    return whisper({
      summary: lead,
      title: key('feedback.privacy.title'),
      lead,
      actions: [
        button(key('feedback.privacy.action.remove'), ref('feedback.retention_set', { months: months ?? 0 }), {
          style: 'danger',
          confirm: {
            title: key('feedback.privacy.remove_title'),
            text: key('feedback.privacy.remove_text', { count: losing }),
            yes: key('feedback.privacy.action.remove'),
            no: key('feedback.privacy.leave'),
          },
        }),
      ],
      footer: key('feedback.privacy.unchanged', { kept: keptText(retentionMonths) }),
    });
  },
});

const retentionSet = action({
  id: 'feedback.retention_set',
  role: 'owner',
  payload: z.object({ months: z.number().int().min(1).max(MOST_MONTHS) }),
  run: async (context, { months }) => await keep(context, months),
});

async function keep(context: HandlerContext, months: number | null): Promise<Reply> {
  const { db, organisation, person, clock } = context;
  await ensureDefaults(context);
  const { retentionMonths } = await loadSettings(db, organisation);
  const data = { from: retentionMonths, to: months };
  await inTransaction(db, async (tx) => {
    await saveRetention(tx, organisation.id, months);
    const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.retention_changed', data };
    await recordEvent(tx, act, clock.now());
  });
  return whisper(await privacyCard(context, 0, key('feedback.privacy.retention_saved', { kept: keptText(months) })));
}

const consentForm = form({
  id: 'feedback.consent_text',
  role: 'owner',
  payload: Nothing,
  input: z.object({ en: paragraphInput, lv: paragraphInput }),
  build: async ({ db, organisation }) => {
    const { consents } = await listConsents(db, organisation.id, { offset: 0, limit: 1 });
    const texts = consents[0]?.texts ?? {};
    return {
      title: key('feedback.privacy.consent_title'),
      submit: key('feedback.privacy.consent_submit'),
      intro: [{ kind: 'paragraph', text: key('feedback.privacy.consent_intro') }],
      fields: WRITTEN.map((language) => ({
        kind: 'text' as const,
        name: language,
        label: words(languageName(language)),
        multiline: true,
        optional: true,
        maxLength: MOST_CONSENT,
        ...(texts[language] !== undefined && { initial: texts[language] }),
      })),
    };
  },
  submit: async (context, { input }): Promise<Reply> => {
    const { db, organisation, person, clock } = context;
    const typed = WRITTEN.map((language) => [language, input[language]] as const);
    const tooLong = typed.filter(([, text]) => text.length > MOST_CONSENT);
    const errors: readonly (readonly [string, Text])[] = typed.every(([, text]) => text === '')
      ? [['en', key('feedback.errors.consent_missing')]]
      : tooLong.map(([language]) => [language, key('feedback.errors.too_long', { most: MOST_CONSENT })] as const);
    if (errors.length > 0) return formErrors(Object.fromEntries(errors));
    await ensureDefaults(context);
    const version = await inTransaction(db, async (tx) => {
      const now = clock.now();
      const { consents } = await listConsents(tx, organisation.id, { offset: 0, limit: 1 });
      // What was written in further languages belongs to other words from now on.
      const texts = Object.fromEntries(typed.filter(([, text]) => text !== ''));
      const added = await addConsent(tx, organisation.id, texts, person.id, now);
      if (added === undefined) return consents[0]?.version;
      const act = { organisationId: organisation.id, actorId: person.id, verb: 'feedback.consent_written', data: { version: added } };
      await recordEvent(tx, act, now);
      return added;
    });
    return whisper(await privacyCard(context, 0, key('feedback.privacy.consent_saved', { version: version ?? 1 })));
  },
});

export const keepingForms = [retentionForm, consentForm];
const retentionOpen = action({
  id: 'feedback.retention_open',
  role: 'owner',
  payload: Nothing,
  run: async () => open(ref('feedback.retention')),
});

const consentOpen = action({
  id: 'feedback.consent_open',
  role: 'owner',
  payload: Nothing,
  run: async () => open(ref('feedback.consent_text')),
});

export const keepingActions = [retentionOpen, consentOpen, retentionSet];
