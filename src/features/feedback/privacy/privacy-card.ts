import { z } from 'zod';
import { button, type Card, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { update, whisper } from '../../../core/reply.js';
import { commandWords, date, instant, join, key, person, type Text, words } from '../../../core/text.js';
import { action, type HandlerContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { showReference } from '../intake/reference.js';
import { inLanguage, languageName } from '../labels.js';
import { shortened } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { loadSettings } from '../store-settings.js';
import { type Consent, findConsent, type LatelySeen, listConsents, listViews } from './store-privacy.js';

/** Characters of a text among others. */
const EXCERPT = 300;

export const keptText = (months: number | null): Text =>
  months === null ? key('feedback.privacy.for_ever') : key('feedback.privacy.months', { months });

/** How customers' data is kept, and who looked at contacts. `lead` tells what has just happened. */
export async function privacyCard(context: HandlerContext, offset = 0, lead: Text = key('feedback.privacy.lead')): Promise<Card> {
  const { db, organisation, reader, actor } = context;
  const [settings, { consents }, { views, total }] = await Promise.all([
    loadSettings(db, organisation),
    listConsents(db, organisation.id, { offset: 0, limit: 1 }),
    listViews(db, organisation.id, { offset, limit: ROWS }),
  ]);
  const [consent] = consents;
  const text = consent && inLanguage(consent.texts, reader.locale, organisation.locale);
  return {
    summary: lead,
    title: key('feedback.privacy.title'),
    lead,
    facts: [
      { label: key('feedback.privacy.retention'), value: keptText(settings.retentionMonths) },
      ...(consent ? [{ label: key('feedback.privacy.consent'), value: versionText(consent, organisation.zone) }] : []),
      { label: key('feedback.privacy.find'), value: commandWords(actor.platform, 'customer', 'privacy name@example.com') },
    ],
    body: [
      ...(text === undefined ? [] : [{ kind: 'quote', text: words(shortened(text, EXCERPT)) } as const]),
      { kind: 'heading', text: total === 0 ? key('feedback.privacy.nobody_looked') : key('feedback.privacy.looked') },
    ],
    rows: views.map(viewRow),
    actions: [
      button(key('feedback.privacy.action.retention'), ref('feedback.retention_open', {})),
      button(key('feedback.privacy.action.consent'), ref('feedback.consent_open', {})),
      button(key('feedback.privacy.action.versions'), ref('feedback.consents', { offset: 0 })),
      ...turnRows(offset, total, (at) => ref('feedback.privacy', { offset: at, turn: true })),
    ],
    ...shownFooter(offset, views.length, total),
  };
}

function viewRow({ feedbackId, reference, name, reason, at }: LatelySeen): Row {
  const who = name === null ? key('feedback.case.somebody') : person(name);
  return {
    text: join([who, instant(at)], ' · '),
    detail: reason === '' ? words(showReference(reference)) : join([words(reason), words(showReference(reference))], ' · '),
    action: button(key('feedback.privacy.action.open'), to.entry(feedbackId)),
  };
}

const versionText = ({ version, createdAt }: Consent, zone: string): Text =>
  key('feedback.privacy.version', { version, day: date(localDay(createdAt, zone)) });

const PrivacyRef = z.object({ offset: z.number().int().min(0).default(0), turn: z.literal(true).optional() });

const privacy = action({
  id: 'feedback.privacy',
  role: 'owner',
  payload: PrivacyRef,
  run: async (context, { offset, turn }) =>
    turn ? update(await privacyCard(context, offset)) : whisper(await privacyCard(context, offset)),
});

const consentsAction = action({
  id: 'feedback.consents',
  role: 'owner',
  payload: z.object({ offset: z.number().int().min(0) }),
  run: async (context, { offset }) => {
    const { db, organisation, reader } = context;
    const { consents, total } = await listConsents(db, organisation.id, { offset, limit: ROWS });
    const lead = key('feedback.privacy.versions', { total });
    return update({
      summary: lead,
      title: key('feedback.privacy.consent'),
      lead,
      rows: consents.map((consent) => ({
        text: join([versionText(consent, organisation.zone), ...(consent.writer === null ? [] : [person(consent.writer)])], ' · '),
        detail: words(shortened(inLanguage(consent.texts, reader.locale, organisation.locale) ?? '', EXCERPT)),
        action: button(key('feedback.privacy.action.read'), ref('feedback.consent', { version: consent.version })),
      })),
      actions: [
        ...turnRows(offset, total, (at) => ref('feedback.consents', { offset: at })),
        button(key('feedback.privacy.action.back'), ref('feedback.privacy', { offset: 0, turn: true })),
      ],
      ...shownFooter(offset, consents.length, total),
    });
  },
});

const consentAction = action({
  id: 'feedback.consent',
  role: 'owner',
  payload: z.object({ version: z.number().int().min(1) }),
  run: async (context, { version }) => {
    const { db, organisation } = context;
    const consent = await findConsent(db, organisation.id, version);
    if (!consent) throw new BellhopError('feedback.consent_gone');
    const lead = versionText(consent, organisation.zone);
    return whisper({
      summary: lead,
      title: key('feedback.privacy.consent'),
      lead,
      body: Object.entries(consent.texts).map(([language, text]) => ({
        kind: 'quote',
        text: words(text),
        by: words(languageName(language)),
      })),
    });
  },
});

export const privacyCardActions = [privacy, consentsAction, consentAction];
