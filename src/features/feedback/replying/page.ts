import { own } from '../../../core/own.js';
import type { Page, PageBlock, PageForm, PageMessage } from '../../../core/page.js';
import { instant, key, type Text, words } from '../../../core/text.js';
import { bestLocale, type WebRequest } from '../../../core/web.js';
import { hoursOfLocation } from '../../../people/business-hours.js';
import type { WorkContext } from '../../../people/handlers.js';
import { findPeople } from '../../../people/people.js';
import { isActive } from '../cases/rules.js';
import { showReference } from '../intake/reference.js';
import { starsText } from '../labels.js';
import { LANGUAGES, WRITTEN } from '../languages.js';
import { type Case, MOST, type Said } from '../model.js';
import { LINK_DOOR, linkToken } from './link.js';
import { listMessages } from './store-messages.js';
import { pageTheme } from './theme.js';
import { signature } from './tongue.js';

/** Messages that the page shows: the latest. */
const MOST_SHOWN = 100;

/** The page's language: the one that was switched to, of the customer's words, the browser's, the organisation's. */
export function pageLocale({ organisation }: WorkContext, request: WebRequest, feedback?: Pick<Said, 'language'>): string {
  const wishes = [request.query.lang, feedback?.language, ...request.acceptsLanguages, organisation.locale];
  return (
    bestLocale(
      wishes.filter((wish): wish is string => wish !== undefined && wish !== '' && wish !== 'und'),
      WRITTEN,
    ) ?? 'en'
  );
}

/** What was typed and has to be mended. */
export interface Mending {
  readonly typed: { readonly words: string; readonly right: string; readonly rating: string };
  readonly errors: { readonly words?: Text; readonly right?: Text; readonly rating?: Text; readonly form?: Text };
}

export interface Shown {
  readonly case: Case;
  /** Where it goes on, when it was merged; else the case itself. */
  readonly goesOnIn: Case;
  readonly feedback: Said;
  /** They are asked whether it is put right. */
  readonly asked: boolean;
  readonly locale: string;
  /** What has just been done. */
  readonly done?: string | undefined;
  readonly mending?: Mending;
}

const DONE: Readonly<Record<string, Text>> = {
  answered: key('feedback.link.done_answered'),
  kept: key('feedback.link.done_answered'),
  confirmed: key('feedback.link.done_confirmed'),
  reopened: key('feedback.link.done_reopened'),
  unhappy: key('feedback.link.done_unhappy'),
};

/** A customer's page: what they said, what was written since, how it stands, and a form. Nothing of what colleagues noted. */
export async function linkPage(context: WorkContext, shown: Shown): Promise<Page> {
  const { organisation, vault } = context;
  const { case: of, feedback, asked, locale, done } = shown;
  const address = `${LINK_DOOR}/${linkToken(vault, of)}`;
  const thanks = done === undefined ? undefined : own(DONE, done);
  // Whoever is asked sees the question first; whoever has just answered it isn't asked again.
  const isLast = done === 'confirmed' || done === 'unhappy';
  const form = formOf(shown, `${address}?lang=${locale}`);
  const told: PageBlock[] = [{ kind: 'facts', facts: factsOf(feedback) }, ...(await conversation(context, of, feedback))];
  return {
    title: key('feedback.link.title'),
    locale,
    zone: (await hoursOfLocation(context.db, organisation, of.locationId)).zone,
    theme: await pageTheme(context),
    languages: LANGUAGES.map((language) => ({ ...language, href: `${address}?lang=${language.locale}` })),
    blocks: [
      thanks
        ? { kind: 'notice', tone: 'thanks', title: key('feedback.link.thanks'), text: thanks }
        : { kind: 'text', text: stateText(shown) },
      ...(asked && !isLast ? [form, ...told] : [...told, ...(isLast ? [] : [form])]),
    ],
  };
}

function stateText({ case: of, goesOnIn, asked }: Shown): Text {
  if (of.id !== goesOnIn.id) {
    if (isActive(goesOnIn)) return key('feedback.link.state_together');
    return key(asked ? 'feedback.link.state_together_done' : 'feedback.link.state_confirmed');
  }
  if (of.state === 'resolved') return key('feedback.link.state_resolved');
  if (of.state === 'closed') return key(of.outcome === 'confirmed' ? 'feedback.link.state_confirmed' : 'feedback.link.state_closed');
  return key(of.reopenedAt === null ? 'feedback.link.state_open' : 'feedback.link.state_reopened');
}

function factsOf(feedback: Said) {
  const place = feedback.locationName ?? feedback.pageName;
  return [
    { label: key('feedback.survey.reference'), value: words(showReference(feedback.reference)) },
    { label: key('feedback.link.received'), value: instant(feedback.receivedAt) },
    ...(place ? [{ label: key('feedback.link.place'), value: words(place) }] : []),
    ...(feedback.stars === null ? [] : [{ label: key('feedback.link.stars'), value: starsText(feedback.stars) }]),
  ];
}

async function conversation({ db, organisation }: WorkContext, of: Case, feedback: Said): Promise<PageBlock[]> {
  const written = (await listMessages(db, organisation.id, of.id, MOST_SHOWN)).filter((message) => message.words !== '');
  const writers = await findPeople(
    db,
    organisation.id,
    written.flatMap(({ byId }) => byId ?? []),
  );
  const first = feedback.words.map((one) => one.words).join('\n\n');
  const you = key('feedback.link.you');
  const messages: PageMessage[] = [
    ...(first === '' ? [] : [{ by: you, at: instant(feedback.receivedAt), words: first, ours: false }]),
    ...written.map(({ direction, words: typed, byId, at }) => ({
      by: direction === 'in' ? you : signature((byId !== null && writers.get(byId)?.name) || null, organisation),
      at: instant(at),
      words: typed,
      ours: direction === 'out',
    })),
  ];
  return messages.length === 0
    ? []
    : [
        { kind: 'heading', text: key('feedback.link.said') },
        { kind: 'conversation', messages },
      ];
}

function formOf({ goesOnIn, asked, mending }: Shown, action: string): PageBlock {
  const errors = mending?.errors ?? {};
  const typed = mending?.typed ?? { words: '', right: '', rating: '' };
  const form: PageForm = {
    action,
    submit: key('feedback.link.send'),
    hidden: { form: asked ? 'verdict' : 'answer' },
    ...(errors.form && { error: errors.form }),
    ...(goesOnIn.state === 'closed' && { style: 'quiet' as const }),
    fields: [
      ...(asked ? verdictFields(typed, errors) : []),
      {
        kind: 'text',
        name: 'words',
        label: key(asked ? 'feedback.link.field_more' : 'feedback.link.field_answer'),
        multiline: true,
        maxLength: MOST.words,
        initial: typed.words,
        ...(asked && { optional: true }),
        ...(errors.words && { error: errors.words }),
      },
    ],
  };
  return { kind: 'form', form };
}

function verdictFields(typed: Mending['typed'], errors: Mending['errors']): PageForm['fields'] {
  return [
    {
      kind: 'choice',
      name: 'right',
      style: 'radio',
      label: key('feedback.link.field_right'),
      options: [
        { value: 'yes', label: key('feedback.link.right_yes') },
        { value: 'no', label: key('feedback.link.right_no') },
      ],
      initial: typed.right,
      ...(errors.right && { error: errors.right }),
    },
    {
      kind: 'scale',
      name: 'rating',
      style: 'smileys',
      from: 1,
      to: 5,
      label: key('feedback.link.field_rating'),
      low: key('feedback.link.rating_low'),
      high: key('feedback.link.rating_high'),
      optional: true,
      initial: typed.rating,
      ...(errors.rating && { error: errors.rating }),
    },
  ];
}

/** A page that says why there is nothing here, and what to do. */
export async function overPage(context: WorkContext, request: WebRequest, kind: 'unknown' | 'closed' | 'stripped'): Promise<Page> {
  const over: Readonly<Record<typeof kind, Text>> = {
    unknown: key('feedback.link.over_unknown'),
    closed: key('feedback.link.over_closed'),
    stripped: key('feedback.link.over_stripped'),
  };
  return {
    title: key(kind === 'unknown' ? 'feedback.link.unknown_title' : 'feedback.link.over_title'),
    locale: pageLocale(context, request),
    zone: context.organisation.zone,
    theme: await pageTheme(context),
    blocks: [{ kind: 'text', text: over[kind] }],
  };
}
