/** Bounds of what is typed, in characters. */
export const MOST = {
  /** What a customer says in answer to one question. */
  words: 4_000,
  servedBy: 120,
  contactName: 120,
  /** RFC 5321, 4.5.3.1.3. */
  email: 254,
  phone: 40,
  externalRef: 120,
  pageName: 80,
  slug: 60,
  label: 150,
  themeName: 60,
  phrase: 60,
  note: 2_000,
  reply: 3_000,
  rootCause: 500,
  actionTaken: 1_000,
  reason: 200,
  agreed: 2_000,
} as const;

/** Most questions on a page, themes and rules of an organisation. */
export const MOST_QUESTIONS = 12;
export const MOST_THEMES = 40;
export const MOST_RULES = 50;

/** Nothing that a customer tells of happened before this: an earlier date is a slip, and some are none in a database. */
export const EARLIEST = new Date('1970-01-01T00:00:00Z');

export const SOURCES = ['page', 'card', 'phone', 'email', 'in_person', 'mystery_shopper', 'api', 'csv'] as const;
export type Source = (typeof SOURCES)[number];
export const KINDS = ['praise', 'complaint', 'suggestion', 'comment'] as const;
export type Kind = (typeof KINDS)[number];
export type FeedbackState = 'fresh' | 'doubtful' | 'spam' | 'held' | 'private' | 'passed';
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];
export type CaseState = 'open' | 'claimed' | 'resolved' | 'closed';
export type Outcome = 'confirmed' | 'unconfirmed' | 'merged';
export type QuestionKind = 'five' | 'smileys' | 'nps' | 'open';
/**
 * Why feedback may be none: the hidden field was filled in, sent quicker than anyone reads, a wrong proof of work,
 * no proof and addresses in the words, the same words lately, more addresses than words.
 */
export type Doubt = 'hidden_field' | 'too_quick' | 'wrong_proof' | 'unproven_links' | 'repeated' | 'many_links';

/** Words by language, BCP 47 without regions: `{ en: …, lv: … }`. */
export type ByLanguage = Readonly<Record<string, string>>;

/** What a customer said in answer to an open question; null: to none in particular. */
export interface SaidWords {
  readonly questionId: string | null;
  readonly words: string;
}

/** Kept sealed, shown only behind "Show contact". */
export interface Contact {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** The scales of a value: `smileys` as fives. */
export const SCALE = { five: { from: 1, to: 5 }, smileys: { from: 1, to: 5 }, nps: { from: 0, to: 10 } } as const;

/** So few stars are a complaint, where an organisation has set nothing else. */
export const DEFAULT_LOW_STARS = 2;

/** What seals and finds contacts (Vault). */
export const CONTACT_PURPOSE = 'feedback.contact';
export const CONTACT_EMAIL_PURPOSE = 'feedback.contact.email';

export interface Question {
  readonly id: string;
  readonly key: string;
  readonly kind: QuestionKind;
  readonly labels: ByLanguage;
  readonly position: number;
  readonly retired: boolean;
}

export interface Rating {
  readonly questionId: string;
  readonly value: number;
}

export interface ThemeName {
  readonly id: string;
  /** Of a standard theme. */
  readonly key: string | null;
  readonly names: ByLanguage;
}

export interface Concern {
  readonly personId: string;
  readonly name: string;
  readonly how: 'named' | 'served' | 'chosen';
}

/** One piece of feedback with all that cards tell of it. */
export interface Said {
  readonly id: string;
  readonly reference: string;
  readonly source: Source;
  readonly kind: Kind;
  readonly state: FeedbackState;
  readonly pageId: string | null;
  readonly pageName: string | null;
  readonly locationId: string | null;
  readonly locationName: string | null;
  /** BCP 47; `und` when nobody told. */
  readonly language: string;
  /** 1 to 5. */
  readonly stars: number | null;
  readonly ratings: readonly Rating[];
  readonly words: readonly SaidWords[];
  readonly servedBy: string;
  readonly contactSealed: string | null;
  readonly contactHash: string | null;
  readonly doubts: readonly Doubt[];
  readonly loggedById: string | null;
  readonly loggedByName: string | null;
  readonly externalRef: string;
  readonly happenedAt: Date | null;
  readonly receivedAt: Date;
  readonly ruleId: string | null;
  readonly channelId: string | null;
  readonly personId: string | null;
  readonly bundleId: string | null;
  readonly strippedAt: Date | null;
  readonly themes: readonly ThemeName[];
  readonly concerns: readonly Concern[];
  /** The case that follows it; of a merged one the case it went into. */
  readonly caseId: string | null;
}

/** A case as it stands. */
export interface Case {
  readonly id: string;
  readonly number: number;
  readonly feedbackId: string;
  readonly private: boolean;
  readonly state: CaseState;
  readonly priority: Priority;
  readonly locationId: string | null;
  readonly ownerId: string | null;
  readonly ownerName: string | null;
  readonly openedAt: Date;
  readonly claimedAt: Date | null;
  readonly dueAt: Date;
  readonly respondedAt: Date | null;
  readonly pausedUntil: Date | null;
  readonly pausedAt: Date | null;
  readonly resolvedAt: Date | null;
  readonly resolverId: string | null;
  readonly resolverName: string | null;
  readonly rootCause: string;
  readonly causeThemeId: string | null;
  readonly actionTaken: string;
  readonly askedAt: Date | null;
  readonly closableAt: Date | null;
  readonly reopenedAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedById: string | null;
  readonly outcome: Outcome | null;
  readonly satisfaction: number | null;
  readonly mergedIntoId: string | null;
  readonly linkNonce: string;
  readonly step: number;
  readonly nextStepAt: Date | null;
  readonly version: number;
}

/** Whom a step of the escalation list tells. */
export const ESCALATE_TO = ['owner', 'lead', 'manager', 'organisation'] as const;
export type EscalateTo = (typeof ESCALATE_TO)[number];

export interface LadderStep {
  /** Working minutes after the due time; 0: when it is due. */
  readonly after: number;
  /** The case's owner (the channel while it has none), the location's lead, its manager, the organisation's owners. */
  readonly to: EscalateTo;
}

export interface Settings {
  /** Where feedback goes that no rule sends elsewhere: the one that is set, else the managers' channel; null: there is none. */
  readonly channelId: string | null;
  /** The one that is set, alone. */
  readonly ownChannelId: string | null;
  readonly colour: string | null;
  readonly logoPictureId: string | null;
  readonly retentionMonths: number | null;
  readonly lowStars: number;
  /** Working minutes until a case is due. */
  readonly dueMinutes: Readonly<Record<Priority, number>>;
  readonly ladder: readonly LadderStep[];
  readonly leadId: string | null;
  readonly managerId: string | null;
  readonly silentDays: number;
  readonly talkDays: number;
  readonly digestMinutes: number | null;
}

/** Subject keys of deliveries and e-mails: what, whom, stage. */
export const subject = {
  /** The card in the channel that the rules name. */
  post: (feedbackId: string) => `feedback.post:${feedbackId}`,
  /** The same card to a person whom the rules or the line name. */
  direct: (feedbackId: string, personId: string) => `feedback.post:${feedbackId}:${personId}`,
  bundle: (bundleId: string) => `feedback.bundle:${bundleId}`,
  /** To managers: something waits to be looked at. */
  waiting: (feedbackId: string, personId: string) => `feedback.waiting:${feedbackId}:${personId}`,
  escalation: (caseId: string, openings: number, step: number, personId: string) =>
    `feedback.escalation:${caseId}:${openings}:${step}:${personId}`,
  /** Tells the owner, or whoever is concerned, of what the customer or a colleague did. */
  news: (eventId: string, personId: string) => `feedback.news:${eventId}:${personId}`,
  digest: (channelId: string, day: string) => `feedback.digest:${channelId}:${day}`,
  talk: (talkId: string, asked: number, personId: string) => `feedback.talk:${talkId}:${asked}:${personId}`,
  talked: (talkId: string, personId: string) => `feedback.talked:${talkId}:${personId}`,
  talkAnswer: (talkId: string, personId: string) => `feedback.talk_answer:${talkId}:${personId}`,
  /** To managers: a complaint waits that nobody may read; once a week at most. @param week its Monday, `YYYY-MM-DD` */
  unheard: (week: string, personId: string) => `feedback.unheard:${week}:${personId}`,
  reply: (messageId: string) => `feedback.reply:${messageId}`,
  /** Whether it is put right: once for each resolution. */
  ask: (caseId: string, resolvedAt: Date) => `feedback.ask:${caseId}:${resolvedAt.getTime()}`,
  report: (month: string) => `feedback.report:${month}`,
  importing: (importId: string) => `feedback.import:${importId}`,
} as const;
