import { BellhopError } from '../../../core/errors.js';
import type { CommandInput, Verb } from '../../../core/feature.js';
import type { PersonHint } from '../../../core/form.js';
import type { CommandToken } from '../../../core/interaction.js';
import { ref } from '../../../core/ref.js';
import { open, type Reply, say } from '../../../core/reply.js';
import { commandWords, key } from '../../../core/text.js';
import { inTransaction } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { newId } from '../../../people/ids.js';
import { managersApartFrom } from '../fairness/store-managers.js';
import { hintsOf, peopleOf } from '../fairness/whom.js';
import { praiseCard, praiseListCard } from './cards.js';
import { proposePraise } from './praise.js';
import { countPraise } from './store.js';

/** Quotation marks of all sorts; the single ones stand in names too. */
const MARK = /["“”„‟«»]/u;

/** What was said, and the words of a command that are no part of it. */
export function readQuote({ tokens, text }: Pick<CommandInput, 'tokens' | 'text'>): {
  readonly people: readonly PersonHint[];
  readonly quote: string;
} {
  const isWord = (token: CommandToken, test: (word: string) => boolean) => token.kind === 'word' && test(token.text);
  const begins = tokens.findIndex((token) => isWord(token, (word) => MARK.test(word[0] ?? '')));
  if (begins < 0) {
    // Without marks: whoever is mentioned first is praised, and the rest is what was said.
    const rest = tokens.findIndex((token) => token.kind === 'word' && !/^(?:,|&|and|un)$/i.test(token.text));
    const people = hintsOf(tokens.slice(0, rest < 0 ? tokens.length : rest));
    const quote = (rest < 0 ? [] : tokens.slice(rest)).flatMap((token) => (token.kind === 'word' ? token.text : [])).join(' ');
    return { people, quote };
  }
  const closes = tokens.findLastIndex((token, index) => index >= begins && isWord(token, (word) => closesQuote(word, index === begins)));
  const outside = [...tokens.slice(0, begins), ...(closes < 0 ? [] : tokens.slice(closes + 1))];
  const from = text.search(MARK);
  const to = closes < 0 ? text.length : lastMark(text);
  return { people: hintsOf(outside), quote: text.slice(from + 1, to > from ? to : text.length).trim() };
}

/** Whether a word ends what was said; the mark that begins it is another one. */
function closesQuote(word: string, isFirst: boolean): boolean {
  return MARK.test(isFirst ? word.slice(1) : word) && /["“”„‟«»][.,!?…]*$/u.test(isFirst ? word.slice(1) : word);
}

function lastMark(text: string): number {
  return Math.max(...[...'"“”„‟«»'].map((mark) => text.lastIndexOf(mark)));
}

/** Keeps what a manager was told by a customer, and asks for the confirmation. */
export async function bring(context: HandlerContext, personIds: readonly string[], quote: string): Promise<Reply> {
  const { db, organisation, person } = context;
  const now = context.clock.now();
  const sourceKey = `manager:${newId(now)}`;
  const praiseId = await inTransaction(
    db,
    async (tx) => await proposePraise(tx, context, { sourceKey, quote, personIds, proposedById: person.id }, now),
  );
  if (!personIds.includes(person.id)) return say(await praiseCard(context, praiseId, person.id));
  // Nobody makes kudos for oneself: somebody else has to.
  const others = await managersApartFrom(db, organisation, personIds);
  const lead =
    others.length > 0 ? key('recognition.praise.others_asked', { count: others.length }) : key('recognition.praise.nobody_asked');
  return say({ summary: lead, title: key('recognition.praise.title'), lead });
}

/** `/kudos praise @ana "They made our evening."`; alone it shows what waits, or opens a form. */
async function praiseCommand(context: HandlerContext, input: CommandInput): Promise<Reply> {
  if (input.tokens.length === 0) {
    const waiting = await countPraise(context.db, context.organisation.id, context.person.id);
    return waiting > 0 ? say(await praiseListCard(context, 0)) : open(ref('recognition.praise_new'));
  }
  const { people, quote } = readQuote(input);
  if (people.length === 0 || quote === '') {
    throw new BellhopError('recognition.praise_how', {
      command: commandWords(context.actor.platform, 'kudos', 'praise @NAME "…"'),
    });
  }
  const named = await peopleOf(context, people);
  return await bring(
    context,
    named.map((one) => one.id),
    quote,
  );
}

export const verb: Verb<HandlerContext> = {
  name: 'praise',
  role: 'manager',
  describe: key('recognition.verb.praise'),
  usage: '[@NAME "…"]',
  run: praiseCommand,
};
