import type { Shortcut } from '../../../core/feature.js';
import type { QuotedMessage } from '../../../core/interaction.js';
import { ref } from '../../../core/ref.js';
import { open } from '../../../core/reply.js';
import { key, plain, words } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { type Draft, draftPayload } from './draft.js';
import { namedPeople } from './people-named.js';
import { cleanReason } from './reason.js';

/** Characters of a message that are quoted: there must be room for the giver's own words. */
const QUOTED = 300;

/** "Give kudos" in the menus, and at a message: its author is thanked, and what was written is quoted. */
export const giveKudos: Shortcut<HandlerContext> = {
  id: 'recognition.give_kudos',
  role: 'employee',
  run: async (context, message) => open(ref('recognition.give', message ? draftPayload(await fromMessage(context, message)) : {})),
};

async function fromMessage(context: HandlerContext, message: QuotedMessage): Promise<Draft> {
  const named = message.author ? await namedPeople(context, [message.author]) : undefined;
  const [author] = named?.people ?? [];
  const isOwn = author?.id === context.person.id;
  const problem = isOwn ? 'self' : author ? undefined : named?.unsure.length ? 'unsure' : 'mention';
  return {
    to: author && !isOwn ? [author.id] : [],
    unsure: named?.unsure ?? [],
    words: quoted(context, message.text ?? ''),
    private: false,
    problem,
    about: named?.unsure[0] ?? named?.outside[0],
  };
}

/** The text in the quotation marks of the giver's language, shortened at a word where it is long. */
function quoted({ localise, reader }: HandlerContext, text: string): string {
  const clean = cleanReason(text).replace(/\s+/g, ' ');
  if (clean === '') return '';
  const cut = [...clean].slice(0, QUOTED).join('');
  const short = cut === clean ? clean : `${cut.replace(/\s+\S*$/, '')} …`;
  return plain(localise(key('recognition.form.quoted', { text: words(short) }), reader));
}
