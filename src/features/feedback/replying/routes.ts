import { paragraph } from '../../../core/inputs.js';
import { key, type Text } from '../../../core/text.js';
import { typedIn, type WebPage, type WebReply, type WebRequest, type WebRoute } from '../../../core/web.js';
import type { WorkContext } from '../../../people/handlers.js';
import { MOST } from '../model.js';
import { type CustomerAnswer, takeAnswer } from './answer.js';
import { LINK_DOOR } from './link.js';
import { linkPage, type Mending, overPage, pageLocale } from './page.js';
import { behindLink, type Linked } from './page-state.js';

/** What is sent without a good ticket is known again by its words, for so long. */
const DAY_MS = 86_400_000;
const PURPOSE = 'feedback.link.words';

const PATH = `${LINK_DOOR}/:token`;

type Over = Exclude<Linked, { kind: 'open' }>['kind'];

/** Nothing here: what never was has a status of its own. */
const overReply = async (context: WorkContext, request: WebRequest, kind: Over): Promise<WebPage> => ({
  status: kind === 'unknown' ? 404 : 410,
  page: await overPage(context, request, kind),
});

/** The customer's private page of a case. */
export const linkRoute: WebRoute<WorkContext> = {
  method: 'GET',
  path: PATH,
  limit: { perMinute: 60 },
  run: async (context, request): Promise<WebReply> => {
    const linked = await behindLink(context, request.params.token ?? '');
    if (linked.kind !== 'open') return await overReply(context, request, linked.kind);
    const locale = pageLocale(context, request, linked.feedback);
    return { status: 200, page: await linkPage(context, { ...linked, locale, done: request.query.done }) };
  },
};

/** What a customer sends from it. */
export const answerRoute: WebRoute<WorkContext> = {
  method: 'POST',
  path: PATH,
  takes: 'form',
  guarded: true,
  limit: { perMinute: 20 },
  run: async (context, request): Promise<WebReply> => {
    const token = request.params.token ?? '';
    const linked = await behindLink(context, token);
    if (linked.kind !== 'open') return await overReply(context, request, linked.kind);
    const locale = pageLocale(context, request, linked.feedback);
    const read = readForm(request);
    const mend = async (status: 422 | 429, errors: Mending['errors']): Promise<WebPage> => ({
      status,
      page: await linkPage(context, { ...linked, locale, mending: { typed: read.typed, errors } }),
    });
    if (!('answer' in read)) return await mend(422, read.errors);
    // The page comes back with that field empty: a person whose browser filled it in sends it again.
    if (request.submission?.honeypot) return await mend(422, { form: key('feedback.errors.link_machine') });
    const onceKey = onceKeyOf(context, request, linked.case.id, read.answer);
    const taken = await takeAnswer(context, { ...read.answer, caseId: linked.case.id, onceKey });
    if (taken === 'over') return await overReply(context, request, 'closed');
    if (taken === 'too_many') return await mend(429, { form: key('feedback.errors.link_too_many') });
    return { status: 303, location: `${LINK_DOOR}/${token}?lang=${locale}&done=${taken}` };
  },
};

/** What tells a repeat: the same answer by the same form; without the form's ticket the same on the same day. */
function onceKeyOf({ vault, clock }: WorkContext, { submission }: WebRequest, caseId: string, answer: Answered): string {
  const by = submission?.seconds === undefined ? `day ${Math.floor(clock.now().getTime() / DAY_MS)}` : submission.id;
  return `link:${caseId}:${vault.digest(JSON.stringify([by, answer]), PURPOSE)}`;
}

type Answered = Pick<CustomerAnswer, 'words' | 'verdict'>;

type Read = { readonly typed: Mending['typed'] } & ({ readonly answer: Answered } | { readonly errors: Mending['errors'] });

/** What was typed, and what has to be mended of it. */
function readForm(request: WebRequest): Read {
  const typed = {
    words: paragraph(typedIn(request, 'words') ?? ''),
    right: typedIn(request, 'right') ?? '',
    rating: typedIn(request, 'rating') ?? '',
  };
  const isVerdict = typedIn(request, 'form') === 'verdict';
  const errors: { words?: Text; right?: Text; rating?: Text } = {};
  if (typed.words.length > MOST.words) errors.words = key('feedback.errors.link_long', { most: MOST.words });
  if (!isVerdict && typed.words === '') errors.words = key('feedback.errors.link_missing');
  if (isVerdict && typed.right !== 'yes' && typed.right !== 'no') errors.right = key('feedback.errors.link_right');
  if (isVerdict && !/^[1-5]?$/.test(typed.rating)) errors.rating = key('feedback.errors.link_rating');
  if (Object.keys(errors).length > 0) return { typed, errors };
  if (!isVerdict) return { typed, answer: { words: typed.words } };
  const satisfaction = typed.rating === '' ? null : Number(typed.rating);
  return { typed, answer: { words: typed.words, verdict: { right: typed.right === 'yes', satisfaction } } };
}
