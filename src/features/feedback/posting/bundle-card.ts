import { type ButtonAction, button, type Card, type Row } from '../../../core/card.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import type { Ref } from '../../../core/ref.js';
import { join, key, list, type Text } from '../../../core/text.js';
import type { WorkContext } from '../../../people/handlers.js';
import { dueText, stateText } from '../cases/lines.js';
import { isActive } from '../cases/rules.js';
import { caseName } from '../labels.js';
import { type Case, KINDS, type Kind, type Said } from '../model.js';
import { to } from '../refs.js';
import { findManyFeedback } from '../store-feedback.js';
import { BUNDLE_MOST, BUNDLE_OPEN_MS } from './model.js';
import { saidCard } from './said-card.js';
import { saidLine, shortWords } from './said-parts.js';
import { type Bundle, bundledIds, casesOf } from './store-posting.js';

const COUNTED: Readonly<Record<Kind, (count: number) => Text>> = {
  complaint: (count) => key('feedback.posting.bundle.complaints', { count }),
  praise: (count) => key('feedback.posting.bundle.praises', { count }),
  suggestion: (count) => key('feedback.posting.bundle.suggestions', { count }),
  comment: (count) => key('feedback.posting.bundle.comments', { count }),
};

/** How much of what each one said stands in a line of a bundle's message, in characters. */
const LINE_WORDS = 90;

/** A bundle as it is at this moment. */
interface Bundled {
  /** What somebody has to take comes first. */
  readonly entries: readonly Said[];
  readonly cases: ReadonlyMap<string, Case>;
}

const nothingLeft: Card = { summary: key('feedback.posting.withdrawn'), lead: key('feedback.posting.withdrawn') };

/**
 * Many that came in a rush, as one message: how many of which kind, how each of them begins, and a row for each that somebody has to
 * take, as far as there is room; the other rows are on the pages behind it. A single one looks as it would by itself.
 */
export async function bundleCard(context: WorkContext, bundleId: string): Promise<Card> {
  const bundled = await load(context, bundleId);
  const { entries } = bundled;
  const [first] = entries;
  if (first === undefined) return nothingLeft;
  if (entries.length === 1) return await saidCard(context, first);
  const others = entries.slice(ROWS).map((said) => lineOf(said, LINE_WORDS));
  return {
    ...headOf(bundled),
    // The rows stand below: without a heading of their own they would read as the end of this list.
    ...(others.length > 0 && {
      body: [
        { kind: 'heading', text: key('feedback.posting.bundle.in_short', { count: others.length }) },
        { kind: 'paragraph', text: join(others, '\n') },
        { kind: 'heading', text: key('feedback.posting.bundle.first', { count: ROWS }) },
      ],
    }),
    ...pageOf(context, bundled, 0, (offset) => to.bundle(bundleId, offset)),
  };
}

/**
 * The rows of a bundle, seven at a time.
 * @param offset the first row shown, from 0
 * @param turn where the buttons to other pages lead
 */
export async function bundlePage(context: WorkContext, bundleId: string, offset: number, turn: (offset: number) => Ref): Promise<Card> {
  const bundled = await load(context, bundleId);
  return bundled.entries.length === 0 ? nothingLeft : { ...headOf(bundled), ...pageOf(context, bundled, offset, turn) };
}

async function load({ db, organisation }: WorkContext, bundleId: string): Promise<Bundled> {
  const ids = await bundledIds(db, organisation.id, bundleId);
  const found = await findManyFeedback(db, organisation.id, ids);
  const cases = await casesOf(db, organisation.id, ids);
  const all = ids.flatMap((id) => found.get(id) ?? []);
  return { entries: inOrder(all, cases), cases };
}

function headOf({ entries, cases }: Bundled): Pick<Card, 'summary' | 'title' | 'lead'> {
  const count = entries.length;
  const unowned = entries.filter(({ id }) => cases.get(id)?.state === 'open').length;
  return {
    summary: key('feedback.posting.bundle.summary', { count }),
    title: key('feedback.posting.bundle.title', { count }),
    lead: join([list(countedKinds(entries)), ...(unowned > 0 ? [key('feedback.posting.bundle.unowned', { count: unowned })] : [])], '. '),
  };
}

function pageOf(
  context: WorkContext,
  { entries, cases }: Bundled,
  offset: number,
  turn: (offset: number) => Ref,
): Pick<Card, 'rows' | 'actions' | 'footer'> {
  const first = Math.min(offset, Math.floor((entries.length - 1) / ROWS) * ROWS);
  const shown = entries.slice(first, first + ROWS);
  return {
    rows: shown.map((said) => rowOf(said, cases.get(said.id), context)),
    actions: turnRows(first, entries.length, turn),
    ...shownFooter(first, shown.length, entries.length),
  };
}

/** "Complaint · ★☆☆☆☆ 1 of 5 · Riga: We waited…" */
function lineOf(said: Said, most: number): Text {
  const begins = shortWords(said, most);
  return begins === undefined ? saidLine(said) : join([saidLine(said), begins], ': ');
}

/** What somebody has to take comes first, then what else needs a hand, then as they came. */
function inOrder(all: readonly Said[], cases: ReadonlyMap<string, Case>): readonly Said[] {
  const weight = ({ id }: Said) => {
    const followed = cases.get(id);
    return followed === undefined ? 2 : followed.state === 'open' ? 0 : 1;
  };
  return [...all].sort((one, other) => weight(one) - weight(other));
}

function countedKinds(all: readonly Said[]): readonly Text[] {
  const count = (kind: Kind) => all.filter((said) => said.kind === kind).length;
  return KINDS.flatMap((kind) => (count(kind) > 0 ? [COUNTED[kind](count(kind))] : []));
}

function rowOf(said: Said, followed: Case | undefined, { clock }: WorkContext): Row {
  const begins = shortWords(said);
  const state =
    followed && join([caseName(followed), stateText(followed), ...(isActive(followed) ? [dueText(followed, clock.now())] : [])], ' · ');
  const details = [...(begins ? [begins] : []), ...(state ? [state] : [])];
  return { text: saidLine(said), ...(details.length > 0 && { detail: join(details, '\n') }), action: openButton(said.id) };
}

const openButton = (feedbackId: string): ButtonAction => button(key('feedback.posting.action.open'), to.entry(feedbackId));

/** Whether a bundle has nothing to show, and takes nothing in any more. */
export async function isBundleOver({ db, organisation, clock }: WorkContext, bundle: Bundle): Promise<boolean> {
  const takesIn = bundle.count < BUNDLE_MOST && bundle.openedAt.getTime() + BUNDLE_OPEN_MS > clock.now().getTime();
  return !takesIn && (await bundledIds(db, organisation.id, bundle.id)).length === 0;
}
