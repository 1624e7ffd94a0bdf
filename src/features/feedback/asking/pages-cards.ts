import { type Action, button, type Card, type Fact, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { join, key, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { questionLabel, scaleName } from '../labels.js';
import type { Question } from '../model.js';
import { to } from '../refs.js';
import { surveyPath } from '../survey/addresses.js';
import { askTo } from './refs.js';
import { countAnswers, findPage, type KeptPage, listPages, locationName } from './store-pages.js';
import { listQuestions } from './store-questions.js';

const MONTH_MS = 30 * 86_400_000;
/** Questions of a page that its card names in words. */
const MOST_NAMED = 8;

type Asker = Pick<HandlerContext, 'db' | 'organisation' | 'clock' | 'publicUrl' | 'reader'>;

/** Where customers find a page; its path alone while the bot has no address. */
export const addressOf = (publicUrl: string | undefined, slug: string): string => `${publicUrl ?? ''}${surveyPath(slug)}`;

const sinceMonth = ({ clock }: Pick<Asker, 'clock'>): Date => new Date(clock.now().getTime() - MONTH_MS);

/** What is to be done before anybody can reach a page. */
const unreachable = (publicUrl: string | undefined): { readonly body?: Card['body'] } =>
  publicUrl === undefined ? { body: [{ kind: 'paragraph', text: key('feedback.pages.no_address') }] } : {};

/** The survey pages of the organisation. @param lead what has just happened */
export async function pagesCard(context: Asker, offset = 0, lead?: Text): Promise<Card> {
  const { db, organisation, publicUrl } = context;
  const { pages, total } = await listPages(db, organisation.id, { offset, take: ROWS });
  const ids = pages.map(({ id }) => id);
  const answers = await countAnswers(db, organisation.id, ids, sinceMonth(context));
  const told = lead ?? key(total === 0 ? 'feedback.pages.none' : 'feedback.pages.lead');
  return {
    summary: told,
    title: key('feedback.pages.title'),
    lead: told,
    ...unreachable(publicUrl),
    rows: pages.map(
      (page): Row => ({
        text: words(page.name),
        detail: join(
          [
            words(addressOf(publicUrl, page.slug)),
            ...(page.closedAt === null ? [] : [key('feedback.pages.closed')]),
            key('feedback.pages.answers', { count: answers.get(page.id) ?? 0 }),
          ],
          ' · ',
        ),
        action: button(key('core.ui.open'), to.page(page.id)),
      }),
    ),
    actions: [
      button(key('feedback.pages.add'), askTo.addPage(), { style: 'primary' }),
      button(key('feedback.pages.questions'), to.questions()),
      button(key('feedback.pages.look'), askTo.look()),
      ...turnRows(offset, total, (next) => to.pages(next)),
    ],
    ...shownFooter(offset, pages.length, total),
  };
}

/** @throws BellhopError `feedback.page_gone` */
export async function demandPage({ db, organisation }: Pick<Asker, 'db' | 'organisation'>, pageId: string): Promise<KeptPage> {
  const found = await findPage(db, organisation.id, pageId);
  if (!found) throw new BellhopError('feedback.page_gone');
  return found;
}

/** One page with what can be done about it. @throws BellhopError `feedback.page_gone` */
export async function pageCard(context: Asker, pageId: string, lead?: Text): Promise<Card> {
  const { db, organisation, publicUrl, reader } = context;
  const page = await demandPage(context, pageId);
  const [questions, answers, location] = await Promise.all([
    listQuestions(db, organisation.id),
    countAnswers(db, organisation.id, [pageId], sinceMonth(context)),
    page.locationId === null ? undefined : locationName(db, organisation.id, page.locationId),
  ]);
  const asked = questions.filter(({ id, retired }) => !retired && page.questionIds.includes(id));
  const title = key('feedback.pages.one', { name: words(page.name) });
  const facts: Fact[] = [
    { label: key('feedback.pages.address'), value: words(addressOf(publicUrl, page.slug)) },
    { label: key('feedback.pages.location'), value: location === undefined ? key('feedback.pages.nowhere') : words(location) },
    { label: key('feedback.pages.questions'), value: questionNames(asked, reader.locale, organisation.locale) },
    { label: key('feedback.pages.asks'), value: alsoAsks(page) },
    { label: key('feedback.pages.last_month'), value: key('feedback.pages.answers', { count: answers.get(pageId) ?? 0 }) },
  ];
  const state = key(page.closedAt === null ? 'feedback.pages.is_open' : 'feedback.pages.is_closed');
  return { summary: lead ?? title, title, lead: lead ?? state, facts, ...unreachable(publicUrl), actions: actionsOf(page, publicUrl) };
}

function actionsOf({ id, name, slug, closedAt }: KeptPage, publicUrl: string | undefined): Action[] {
  const confirm = {
    title: key('feedback.pages.close_title'),
    text: key('feedback.pages.close_text', { name: words(name) }),
    yes: key('feedback.pages.close'),
    no: key('core.ui.cancel'),
  };
  return [
    ...(publicUrl === undefined ? [] : [{ kind: 'link', label: key('feedback.pages.look_at'), url: addressOf(publicUrl, slug) } as const]),
    button(key('feedback.pages.paper'), askTo.paper(id)),
    button(key('feedback.pages.change'), askTo.changePage(id)),
    closedAt === null
      ? button(key('feedback.pages.close'), askTo.closePage(id), { style: 'danger', confirm })
      : button(key('feedback.pages.reopen'), askTo.reopenPage(id)),
    button(key('feedback.pages.back'), to.pages()),
  ];
}

function questionNames(asked: readonly Question[], locale: string, fallback: string): Text {
  if (asked.length === 0) return key('feedback.pages.asks_nothing');
  const names = asked.slice(0, MOST_NAMED).map((question) => shortName(question, locale, fallback));
  const rest = asked.length - names.length;
  return join([...names, ...(rest > 0 ? [key('feedback.pages.more', { count: rest })] : [])], ', ');
}

/** Scales have short names; words in answer to an open question are called by the question. */
const shortName = (question: Question, locale: string, fallback: string): Text =>
  question.kind === 'open' ? questionLabel(question, locale, fallback) : scaleName(question, locale, fallback);

function alsoAsks({ asksContact, asksServedBy }: KeptPage): Text {
  const asks = [...(asksContact ? [key('feedback.pages.asks_contact')] : []), ...(asksServedBy ? [key('feedback.pages.asks_served')] : [])];
  return asks.length === 0 ? key('feedback.pages.asks_none') : join(asks, ', ');
}
