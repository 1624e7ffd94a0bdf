import { key, plain } from '../../core/text.js';
import { inTransaction } from '../../people/db.js';
import type { WorkContext } from '../../people/handlers.js';
import type { QuestionKind } from './model.js';
import { addDefaults, hasDefaults } from './store-defaults.js';
import { DEFAULT_DUE, DEFAULT_LADDER } from './store-settings.js';

/** Languages that Bellhop's own words of a consent are written down in, as customers agree to them. */
export const CONSENT_LANGUAGES = ['en', 'lv'] as const;

export const STANDARD_QUESTIONS: readonly { readonly key: string; readonly kind: QuestionKind }[] = [
  { key: 'courtesy', kind: 'five' },
  { key: 'helpfulness', kind: 'five' },
  { key: 'waiting', kind: 'five' },
  { key: 'overall', kind: 'five' },
  { key: 'recommend', kind: 'nps' },
  { key: 'went_well', kind: 'open' },
  { key: 'do_better', kind: 'open' },
];

/** Beginnings of words, by language, without diacritics and small, that suggest a standard theme; managers edit them. */
export const STANDARD_THEMES: readonly { readonly key: string; readonly patterns: Readonly<Record<string, readonly string[]>> }[] = [
  {
    key: 'waiting',
    patterns: {
      en: ['wait', 'queue', 'slow', 'delay', 'late ', 'took ages', 'took too long', 'long time', 'on hold'],
      lv: ['gaidi', 'gaida', 'rind', 'lēn', 'kavē', 'ilgi', 'ilgs', 'ilga laika'],
    },
  },
  {
    key: 'attitude',
    patterns: {
      en: [
        'rude',
        'unfriendly',
        'impolite',
        'arrogant',
        'ignored',
        'shouted',
        'attitude',
        'disrespect',
        'friendly',
        'polite',
        'kind',
        'smil',
        'courte',
      ],
      lv: ['rupj', 'nelaipn', 'nepieklājīg', 'augstprātīg', 'ignorē', 'kliedz', 'attieksm', 'laipn', 'pieklājīg', 'smaid', 'draudzīg'],
    },
  },
  {
    key: 'knowledge',
    patterns: {
      en: [
        'did not know',
        'didn’t know',
        "didn't know",
        'knowledge',
        'wrong information',
        'wrong advice',
        'could not explain',
        'competen',
        'incompetent',
        'unprofessional',
        'no idea',
      ],
      lv: ['nezin', 'zināšan', 'nepareiza informācij', 'kompeten', 'nekompetent', 'neprofesionāl', 'nevarēja paskaidrot', 'nemācēja'],
    },
  },
  {
    key: 'price',
    patterns: {
      en: ['price', 'expensive', 'overpriced', 'cost', 'cheap', 'fee', 'discount'],
      lv: ['cen', 'dārg', 'lēt', 'maksa', 'atlaid'],
    },
  },
  {
    key: 'product',
    patterns: {
      en: [
        'broken',
        'defect',
        'quality',
        'faulty',
        'out of stock',
        'stale',
        'cold food',
        'taste',
        'did not work',
        'doesn’t work',
        "doesn't work",
        'damaged',
      ],
      lv: ['bojāt', 'saplīs', 'salūz', 'kvalitāt', 'defekt', 'nestrādā', 'nedarboj', 'garš', 'auksts ēdien', 'nav noliktavā'],
    },
  },
  {
    key: 'cleanliness',
    patterns: {
      en: ['dirty', 'clean', 'filthy', 'smell', 'stain', 'dust', 'hair in', 'cockroach', 'mould', 'mold'],
      lv: ['netīr', 'tīr', 'smird', 'smak', 'traip', 'putek', 'mati ', 'tarakān', 'pelēj'],
    },
  },
  {
    key: 'delivery',
    patterns: {
      en: ['deliver', 'courier', 'parcel', 'shipment', 'shipping', 'package'],
      lv: ['piegād', 'kurjer', 'paciņ', 'sūtījum', 'paka', 'paku', 'pakomāt'],
    },
  },
  {
    key: 'billing',
    patterns: {
      en: ['bill', 'invoice', 'charged', 'refund', 'receipt', 'payment', 'overcharg', 'double charge'],
      lv: ['rēķin', 'ček', 'maksājum', 'iekasē', 'atmaks', 'pārmaks', 'norēķin'],
    },
  },
];

/**
 * Makes what feedback begins with, once for an organisation: settings, questions, themes, the text that customers agree to, and a
 * survey page. Managers change all of it. Safe to repeat, and cheap.
 */
export async function ensureDefaults(context: WorkContext): Promise<void> {
  const { db, organisation, clock, localise } = context;
  if (await hasDefaults(db, organisation.id)) return;
  const now = clock.now();
  const consent = Object.fromEntries(
    CONSENT_LANGUAGES.map((locale) => [locale, plain(localise(key('feedback.consent.text'), { locale, zone: organisation.zone }))]),
  );
  const settings = { dueMinutes: DEFAULT_DUE, ladder: DEFAULT_LADDER };
  await inTransaction(db, async (tx) => {
    await addDefaults(tx, organisation, { settings, questions: STANDARD_QUESTIONS, themes: STANDARD_THEMES, consent }, now);
  });
}
