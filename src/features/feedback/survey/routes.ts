import { notHere, type Submission, type WebReply, type WebRequest, type WebRoute } from '../../../core/web.js';
import type { WorkContext } from '../../../people/handlers.js';
import { type Accepted, acceptAlone } from '../intake/accept.js';
import type { Incoming } from '../intake/incoming.js';
import { spokenIn } from '../labels.js';
import { isSlug, readThanksToken, SURVEY_DOOR, surveyPath, thanksToken } from './addresses.js';
import { type Answers, readAnswers } from './answers.js';
import { doubtsOf } from './doubts.js';
import { askingPage, closedPage, sentAlreadyPage, thanksPage, type Visit, visitOf } from './page.js';
import { findLogo, findSurvey } from './store-survey.js';

/** A shop's guests share one address: many may look, and many may answer, but no machine may flood the managers. */
const LOOKS = { perMinute: 12_000 } as const;
const SENDINGS = { perMinute: 60 } as const;

/** Twelve long answers of characters that take twelve bytes each in a form. */
const MAX_BYTES = 524_288;
/** A logo's address changes with the logo. */
const YEAR_SECONDS = 31_536_000;
const DAY_MS = 86_400_000;

const WORDS_PURPOSE = 'feedback.survey.once';

const PATH = `${SURVEY_DOOR}/:slug`;

/** How somebody came to a page that is there, or was. */
async function visit(context: WorkContext, request: WebRequest): Promise<Visit | undefined> {
  const slug = (request.params.slug ?? '').toLowerCase();
  const survey = isSlug(slug) ? await findSurvey(context.db, context.organisation.id, slug) : undefined;
  return survey && visitOf(context, request, survey);
}

/** The survey page: `?via=card` when it was opened from a complaint card, `?lang=` when another language was chosen. */
const show: WebRoute<WorkContext> = {
  method: 'GET',
  path: PATH,
  limit: LOOKS,
  run: async (context, request): Promise<WebReply> => {
    const found = await visit(context, request);
    if (!found) return notHere;
    if (found.survey.closedAt !== null) return { status: 410, page: closedPage(context, found) };
    return { status: 200, page: askingPage(context, found) };
  },
};

/** What a customer sends from it: taken once for its ticket, however often it is sent. */
const send: WebRoute<WorkContext> = {
  method: 'POST',
  path: PATH,
  takes: 'form',
  guarded: true,
  maxBytes: MAX_BYTES,
  limit: SENDINGS,
  run: async (context, request): Promise<WebReply> => {
    const found = await visit(context, request);
    if (!found) return notHere;
    const { survey, locale, byCard } = found;
    const now = context.clock.now();
    const submission: Submission = request.submission ?? { id: '', seconds: undefined, honeypot: false, proof: 'none' };
    if (survey.closedAt !== null && !wasOpenFor(submission, survey.closedAt, now)) return { status: 410, page: closedPage(context, found) };
    const read = readAnswers(request, survey);
    if ('mending' in read) return { status: 422, page: askingPage(context, found, read.mending) };
    const { answers } = read;
    const taken = await take(context, found, answers, submission, now);
    if (!taken.isNew && !taken.same) return { status: 409, page: sentAlreadyPage(context, found, taken.reference) };
    const reachable = answers.contact?.email !== undefined || answers.contact?.phone !== undefined;
    const thanks = `/thanks/${thanksToken(context.vault, { reference: taken.reference, reachable })}`;
    return { status: 303, location: surveyPath(survey.slug, { lang: locale, byCard }, thanks) };
  },
};

/** Whoever was writing when a page was closed is still heard. */
function wasOpenFor({ seconds }: Submission, closedAt: Date, now: Date): boolean {
  return seconds !== undefined && now.getTime() - seconds * 1_000 <= closedAt.getTime();
}

async function take(
  context: WorkContext,
  { survey, locale, byCard }: Visit,
  answers: Answers,
  submission: Submission,
  now: Date,
): Promise<Accepted> {
  const { ratings, words, kind, servedBy, contact } = answers;
  const body = JSON.stringify(answers);
  const consentLocale = survey.consent && spokenIn(survey.consent.texts, locale, context.organisation.locale)?.locale;
  const incoming: Incoming = {
    onceKey: onceKeyOf(context, survey.id, submission, body, now),
    body,
    source: byCard ? 'card' : 'page',
    pageId: survey.id,
    language: locale,
    ratings,
    words,
    servedBy,
    doubts: doubtsOf(submission, [...words.map((said) => said.words), servedBy, contact?.name ?? '']),
    ...(kind && { kind }),
    ...(survey.locationId !== null && { locationId: survey.locationId }),
    ...(contact && { contact }),
    ...(contact && survey.consent && consentLocale && { consent: { id: survey.consent.id, locale: consentLocale } }),
  };
  return await acceptAlone(context, incoming, survey.basis, now);
}

/** What tells a repeat: the form's ticket; without a good one the same answers on the same day. */
function onceKeyOf({ vault }: WorkContext, pageId: string, { id, seconds }: Submission, body: string, now: Date): string {
  if (seconds !== undefined) return `page:${id}`;
  const day = Math.floor(now.getTime() / DAY_MS);
  return `page:${vault.digest(JSON.stringify([pageId, day, body]), WORDS_PURPOSE)}`;
}

/** Thanks, with the number: to be read again, kept, printed. */
const thanks: WebRoute<WorkContext> = {
  method: 'GET',
  path: `${PATH}/thanks/:token`,
  limit: LOOKS,
  run: async (context, request): Promise<WebReply> => {
    const thanked = readThanksToken(context.vault, request.params.token ?? '');
    const found = thanked && (await visit(context, request));
    return found ? { status: 200, page: thanksPage(context, found, thanked) } : notHere;
  },
};

/** The organisation's logo, as long as it is this one. */
const logo: WebRoute<WorkContext> = {
  method: 'GET',
  path: `${PATH}/logo/:picture`,
  limit: LOOKS,
  run: async (context, { params }): Promise<WebReply> => {
    const picture = await findLogo(context.db, context.organisation.id, params.picture ?? '');
    return picture ? { status: 200, mime: picture.mime, content: picture.content, cacheSeconds: YEAR_SECONDS } : notHere;
  },
};

export const surveyRoutes = [show, send, thanks, logo];
