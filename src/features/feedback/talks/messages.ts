import { button, type Card, notice } from '../../../core/card.js';
import { key, person as personText } from '../../../core/text.js';
import { message, type WorkContext } from '../../../people/handlers.js';
import { findPerson } from '../../../people/people.js';
import { to } from '../refs.js';
import { mayHold } from './access.js';
import { ANSWERED, TALK, TALKED } from './ask.js';
import { askLead, ownTalkCard, talkCard } from './cards.js';
import { TalkTo, TalkTold } from './schema.js';
import { findTalk, type Talk } from './store-talks.js';

/** A talk as long as its receiver may hold it, by the line of this moment. */
async function loadFor({ db, organisation }: WorkContext, talkId: string, personId: string): Promise<Talk | undefined> {
  const [talk, reader] = [await findTalk(db, organisation.id, talkId), await findPerson(db, organisation.id, personId)];
  if (!talk || !reader?.active) return undefined;
  return (await mayHold({ db, organisation, person: reader, role: reader.role }, talk)) ? talk : undefined;
}

const gone: Card = notice(key('feedback.talks.withdrawn'));

/** To the line: a customer complains about somebody; talk with them. */
const asked = message({
  id: TALK,
  payload: TalkTold,
  guard: async (context, { talkId, personId }) => ((await loadFor(context, talkId, personId))?.state === 'open' ? null : 'talk_over'),
  card: async (context, { talkId, personId, asked: count }) => {
    const talk = await loadFor(context, talkId, personId);
    return talk ? await talkCard(context, talk, askLead(context, talk, count)) : gone;
  },
  line: async (context, { talkId, personId, asked: count }) => {
    const talk = await loadFor(context, talkId, personId);
    if (!talk) return { text: key('feedback.talks.withdrawn') };
    return { text: askLead(context, talk, count), action: button(key('core.ui.open'), to.talk(talkId)) };
  },
});

/** To the person, once it was held. Before, they hear nothing from the bot. */
const talked = message({
  id: TALKED,
  payload: TalkTo,
  guard: async (context, { talkId, personId }) => ((await ownTalk(context, talkId, personId)) ? null : 'not_talked'),
  card: async (context, { talkId, personId }) => {
    const talk = await ownTalk(context, talkId, personId);
    return talk ? await ownTalkCard(context, talk) : gone;
  },
});

async function ownTalk({ db, organisation }: WorkContext, talkId: string, personId: string): Promise<Talk | undefined> {
  const talk = await findTalk(db, organisation.id, talkId);
  return talk?.personId === personId && talk.state === 'talked' ? talk : undefined;
}

/** To the line: what the person says about it. */
const answered = message({
  id: ANSWERED,
  payload: TalkTo,
  guard: async (context, { talkId, personId }) => ((await loadFor(context, talkId, personId))?.answeredAt ? null : 'not_answered'),
  card: async (context, { talkId, personId }) => {
    const talk = await loadFor(context, talkId, personId);
    return talk ? await talkCard(context, talk, key('feedback.talks.answered', { person: personText(talk.personName) })) : gone;
  },
});

export const talkMessages = [asked, talked, answered];
