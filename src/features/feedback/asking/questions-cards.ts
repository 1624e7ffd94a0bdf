import { type Action, button, type Card, type Fact, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { join, key, plain, type Text, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { questionLabel } from '../labels.js';
import type { Written } from '../languages.js';
import type { Question, QuestionKind } from '../model.js';
import { to } from '../refs.js';
import { askTo } from './refs.js';
import { listQuestions, pagesAsking } from './store-questions.js';

const KINDS: Readonly<Record<QuestionKind, Text>> = {
  five: key('feedback.question_kind.five'),
  smileys: key('feedback.question_kind.smileys'),
  nps: key('feedback.question_kind.nps'),
  open: key('feedback.question_kind.open'),
};
export const questionKindLabel = (kind: QuestionKind): Text => KINDS[kind];

type Asker = Pick<HandlerContext, 'db' | 'organisation' | 'reader' | 'localise'>;

/** All questions in the order of the pages. @param lead what has just happened */
export async function questionsCard({ db, organisation, reader }: Asker, offset = 0, lead?: Text): Promise<Card> {
  const all = await listQuestions(db, organisation.id);
  const told = lead ?? key('feedback.questions.lead');
  return {
    summary: told,
    title: key('feedback.questions.title'),
    lead: told,
    rows: all.slice(offset, offset + ROWS).map(
      (question): Row => ({
        text: questionLabel(question, reader.locale, organisation.locale),
        detail: join([questionKindLabel(question.kind), ...(question.retired ? [key('feedback.questions.retired')] : [])], ' · '),
        action: button(key('core.ui.open'), askTo.question(question.id)),
      }),
    ),
    actions: [
      button(key('feedback.questions.add'), askTo.addQuestion(), { style: 'primary' }),
      ...turnRows(offset, all.length, (next) => to.questions(next)),
      button(key('feedback.questions.pages'), to.pages()),
    ],
    ...shownFooter(offset, Math.max(0, Math.min(ROWS, all.length - offset)), all.length),
  };
}

/** @throws BellhopError `feedback.question_gone` */
export function demandQuestion(all: readonly Question[], questionId: string): Question {
  const found = all.find(({ id }) => id === questionId);
  if (!found) throw new BellhopError('feedback.question_gone');
  return found;
}

/** The standard words of a question in a language; undefined for the organisation's own questions. */
export function standardIn(
  { localise, organisation }: Pick<Asker, 'localise' | 'organisation'>,
  question: Pick<Question, 'key'> | undefined,
  locale: Written,
): string | undefined {
  if (!question) return undefined;
  const label = questionLabel({ key: question.key, labels: {} }, locale, locale);
  return label.kind === 'key' ? plain(localise(label, { locale, zone: organisation.zone })) : undefined;
}

/** What customers who read a language are asked, whatever the manager's own is; marked where nobody has written other words. */
function askedIn(asker: Asker, question: Question, locale: Written): Text {
  const own = question.labels[locale];
  const standard = standardIn(asker, question, locale);
  if (own === undefined && standard !== undefined) return key('feedback.questions.standard', { question: words(standard) });
  return questionLabel(question, locale, asker.organisation.locale);
}

/** One question with what can be done about it. @throws BellhopError `feedback.question_gone` */
export async function questionCard(asker: Asker, questionId: string, lead?: Text): Promise<Card> {
  const { db, organisation, reader } = asker;
  const [all, pages] = await Promise.all([listQuestions(db, organisation.id), pagesAsking(db, organisation.id, questionId)]);
  const question = demandQuestion(all, questionId);
  const active = all.filter(({ retired }) => !retired);
  const place = active.indexOf(question);
  const title = key('feedback.questions.one', { question: questionLabel(question, reader.locale, organisation.locale) });
  const facts: Fact[] = [
    { label: key('feedback.questions.in_en'), value: askedIn(asker, question, 'en') },
    { label: key('feedback.questions.in_lv'), value: askedIn(asker, question, 'lv') },
    { label: key('feedback.questions.kind'), value: questionKindLabel(question.kind) },
    { label: key('feedback.questions.key'), value: words(question.key) },
    question.retired
      ? { label: key('feedback.questions.asked'), value: key('feedback.questions.not_asked') }
      : { label: key('feedback.questions.asked'), value: key('feedback.questions.on_pages', { count: pages }) },
    ...(place === -1
      ? []
      : [
          { label: key('feedback.questions.place'), value: key('feedback.questions.place_of', { place: place + 1, total: active.length }) },
        ]),
  ];
  return {
    summary: lead ?? title,
    title,
    ...(lead && { lead }),
    facts,
    actions: actionsOf(question, place, active.length),
    footer: key('feedback.questions.footer'),
  };
}

function actionsOf({ id, retired }: Question, place: number, total: number): Action[] {
  const confirm = {
    title: key('feedback.questions.retire_title'),
    text: key('feedback.questions.retire_text'),
    yes: key('feedback.questions.retire'),
    no: key('core.ui.cancel'),
  };
  return [
    button(key('feedback.questions.change'), askTo.changeQuestion(id), { style: 'primary' }),
    ...(place > 0 ? [button(key('feedback.questions.up'), askTo.move(id, true))] : []),
    ...(place !== -1 && place < total - 1 ? [button(key('feedback.questions.down'), askTo.move(id, false))] : []),
    retired
      ? button(key('feedback.questions.restore'), askTo.restore(id))
      : button(key('feedback.questions.retire'), askTo.retire(id), { style: 'danger', confirm }),
    button(key('feedback.questions.back'), to.questions()),
  ];
}
