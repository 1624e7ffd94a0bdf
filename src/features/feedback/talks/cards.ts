import { type Action, button, type Card, type Fact } from '../../../core/card.js';
import type { Block } from '../../../core/rich.js';
import { date, instant, join, key, person, type Text, words } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { localDay } from '../../../people/hours.js';
import { saidBlocks } from '../posting/said-card.js';
import { fairShares, saidLine, shortened } from '../posting/said-parts.js';
import { to } from '../refs.js';
import { findFeedback } from '../store-feedback.js';
import { within } from './refs.js';
import { ASK } from './rules.js';
import type { Talk } from './store-talks.js';

/** Most of a customer's words that the person reads, in characters. */
const MOST_WORDS = 3_000;

/** Whom a talk is with. */
const withWhom = ({ personName }: Pick<Talk, 'personName'>): Text =>
  personName === '' ? key('feedback.talks.somebody') : person(personName);

/** Who held it. */
const byWhom = ({ talkedByName }: Pick<Talk, 'talkedByName'>): Text =>
  talkedByName ? person(talkedByName) : key('feedback.talks.somebody');

const isLate = ({ clock, organisation }: WorkContext, { dueOn }: Talk): boolean => localDay(clock.now(), organisation.zone) > dueOn;

/** How a talk stands, in one line, for those who may hold it. */
export function talkLead(context: WorkContext, talk: Talk): Text {
  const params = { person: withWhom(talk), by: date(talk.dueOn) };
  switch (talk.state) {
    case 'open':
      return isLate(context, talk) ? key('feedback.talks.lead.late', params) : key('feedback.talks.lead.open', params);
    case 'talked':
      return key('feedback.talks.lead.talked', { person: withWhom(talk), line: byWhom(talk), on: onDay(context, talk) });
    case 'dropped':
      return key('feedback.talks.lead.dropped', params);
  }
}

const onDay = ({ organisation }: WorkContext, { talkedAt }: Talk): Text =>
  talkedAt === null ? words('—') : date(localDay(talkedAt, organisation.zone));

/** What the message of a stage says first. @param asked the how-manieth message it is */
export function askLead(context: WorkContext, talk: Talk, asked: number): Text {
  if (talk.state !== 'open') return talkLead(context, talk);
  const params = { person: withWhom(talk), by: date(talk.dueOn) };
  if (asked > ASK.lastAgain) return key('feedback.talks.ask.up', params);
  if (asked >= ASK.overdue) return key('feedback.talks.ask.overdue', params);
  if (asked === ASK.soon) return key('feedback.talks.ask.soon', params);
  return isLate(context, talk) ? key('feedback.talks.ask.overdue', params) : key('feedback.talks.ask.first', params);
}

/** A talk for whoever may hold it: what the customer said, by when, how to hold it, what can be done. */
export async function talkCard(context: WorkContext, talk: Talk, lead: Text, viewer?: HandlerContext): Promise<Card> {
  const said = await findFeedback(context.db, context.organisation.id, talk.feedbackId);
  const isOpen = talk.state === 'open';
  const hidden = talk.state === 'dropped' || !said;
  const facts: Fact[] = [
    { label: key('feedback.talks.fact.person'), value: withWhom(talk) },
    ...(isOpen ? [{ label: key('feedback.talks.fact.due'), value: date(talk.dueOn) }] : []),
    ...(isOpen && talk.movedWhy ? [{ label: key('feedback.talks.fact.moved'), value: words(talk.movedWhy) }] : []),
  ];
  return {
    summary: lead,
    title: key('feedback.talks.title'),
    lead,
    facts,
    body: hidden
      ? []
      : [
          { kind: 'paragraph', text: saidLine(said) },
          ...(await saidBlocks(context, said, viewer)),
          ...(isOpen ? [{ kind: 'paragraph' as const, text: key('feedback.talks.advice') }] : held(context, talk)),
        ],
    actions: [
      ...(isOpen ? doing(talk) : []),
      ...(said?.caseId && !hidden ? [button(key('feedback.talks.case'), to.case(said.caseId))] : []),
    ],
    footer: key(talk.state === 'talked' ? 'feedback.talks.private_held' : 'feedback.talks.private'),
  };
}

function doing(talk: Talk): readonly Action[] {
  const { id, movedWhy } = talk;
  return [
    button(key('feedback.talks.done'), within.done(id), { style: 'primary' }),
    ...(movedWhy === null ? [button(key('feedback.talks.later'), within.later(id))] : []),
    button(key('feedback.talks.not'), within.not(id), {
      confirm: {
        title: key('feedback.talks.not_title'),
        text: key('feedback.talks.not_text', { person: withWhom(talk) }),
        yes: key('feedback.talks.not_yes'),
        no: key('core.ui.cancel'),
      },
    }),
  ];
}

/** What was agreed, and what the person says about it. */
function held({ organisation }: WorkContext, talk: Talk): readonly Block[] {
  const { agreed, answer, answeredAt } = talk;
  const told: Block[] = [{ kind: 'heading', text: key('feedback.talks.agreed') }];
  told.push(
    agreed === '' ? { kind: 'paragraph', text: key('feedback.talks.removed') } : { kind: 'quote', text: words(agreed), by: byWhom(talk) },
  );
  if (answeredAt === null) return told;
  told.push({ kind: 'heading', text: key('feedback.talks.answer_of', { person: withWhom(talk) }) });
  told.push(
    answer === ''
      ? { kind: 'paragraph', text: key('feedback.talks.removed') }
      : { kind: 'quote', text: words(answer), by: join([withWhom(talk), date(localDay(answeredAt, organisation.zone))], ' · ') },
  );
  return told;
}

/** A talk for the person themselves, once it was held: what was agreed, by whom, and what they answered. */
export async function ownTalkCard(context: WorkContext, talk: Talk): Promise<Card> {
  const said = talk.showsWords ? await findFeedback(context.db, context.organisation.id, talk.feedbackId) : undefined;
  const lead = key('feedback.talks.own_lead', { line: byWhom(talk), on: onDay(context, talk) });
  const spoken = said?.words.map((one) => one.words) ?? [];
  const shares = fairShares(
    spoken.map(({ length }) => length),
    MOST_WORDS,
  );
  const quotes = spoken.map((one, index): Block => ({ kind: 'quote', text: words(shortened(one, shares[index] ?? 0)) }));
  return {
    summary: lead,
    title: key('feedback.talks.own_title'),
    lead,
    body: [
      ...held(context, talk),
      ...(quotes.length > 0 ? [{ kind: 'heading' as const, text: key('feedback.talks.own_words') }, ...quotes] : []),
    ],
    actions: [
      button(talk.answeredAt === null ? key('feedback.talks.view') : key('feedback.talks.view_change'), within.view(talk.id)),
      button(key('feedback.talks.all'), to.talks()),
    ],
    footer: key('feedback.talks.own_private'),
  };
}

/** A talk as a row of a list. */
export function talkRow(context: WorkContext, talk: Talk, readerId: string) {
  const own = talk.personId === readerId;
  const text = own ? key('feedback.talks.row_own', { line: byWhom(talk), on: onDay(context, talk) }) : talkLead(context, talk);
  const detail = own ? (talk.answeredAt === null ? undefined : key('feedback.talks.row_answered')) : rowDetail(talk);
  return { text, ...(detail && { detail }), action: button(key('core.ui.open'), to.talk(talk.id)) };
}

function rowDetail({ createdAt, state }: Talk): Text | undefined {
  return state === 'open' ? key('feedback.talks.row_since', { at: instant(createdAt) }) : undefined;
}
