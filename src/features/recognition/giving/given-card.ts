import { button, type Card, notice } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import { hasRole } from '../../../core/roles.js';
import { commandWords, instant, key, words } from '../../../core/text.js';
import { findChannel } from '../../../people/channels.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { type Kudos, MEND_MS } from '../model.js';
import { loadSettings } from '../store-settings.js';
import { namesOf, peopleOf, reasonBlocks, valueText } from './messages.js';
import { allowanceLeft } from './spend.js';
import { findKudos } from './store-kudos.js';
import { loadFaces } from './store-names.js';

/** Until when the giver may mend the words or take the kudos back. */
export const mendableUntil = (kudos: Kudos): Date => new Date(kudos.createdAt.getTime() + MEND_MS);

/** What the giver sees of the own kudos: where they went, what is left, and for an hour how to mend them. */
export async function givenCard(context: HandlerContext, kudosId: string): Promise<Card> {
  const { db, organisation, person, clock } = context;
  const kudos = await findKudos(db, organisation.id, kudosId);
  if (!kudos || kudos.giverId !== person.id) return notice(key('recognition.errors.kudos_gone'));
  const [faces, left] = await Promise.all([loadFaces(db, organisation.id, peopleOf(kudos)), allowanceLeft(context, person.id)]);
  const people = namesOf(kudos.receiverIds, faces);
  if (kudos.state === 'taken_back') return notice(key('recognition.given.taken_back', { people, left }));
  if (kudos.state === 'removed') return notice(key('recognition.card.removed'));
  const { points, value } = kudos;
  const lead = kudos.editedAt ? key('recognition.given.mended', { people }) : key('recognition.given.lead', { people });
  const until = mendableUntil(kudos);
  return {
    summary: lead,
    lead,
    facts: [
      ...(value ? [{ label: key('recognition.fact.value'), value: valueText(value) }] : []),
      ...(points > 0
        ? [
            {
              label: key('recognition.fact.points'),
              value: kudos.receiverIds.length > 1 ? key('recognition.points_each', { points }) : key('recognition.points', { points }),
            },
          ]
        : []),
      { label: key('recognition.fact.left'), value: key('recognition.points', { points: left }) },
      { label: key('recognition.fact.shown'), value: await whereShown(context, kudos) },
    ],
    body: reasonBlocks(kudos, faces),
    ...(clock.now() < until && {
      actions: [
        button(key('recognition.action.mend'), ref('recognition.mend_open', { kudosId })),
        button(key('recognition.action.take_back'), ref('recognition.take_back', { kudosId }), {
          style: 'danger',
          confirm: {
            title: key('recognition.take_back.title'),
            text: key('recognition.take_back.text', { count: kudos.receiverIds.length }),
            yes: key('recognition.action.take_back'),
            no: key('recognition.take_back.no'),
          },
        }),
      ],
      footer: key('recognition.given.until', { until: instant(until) }),
    }),
  };
}

/** Where others see it; when nowhere is set, whoever can set it is told how. */
async function whereShown(context: HandlerContext, kudos: Kudos) {
  const { db, organisation, role, actor } = context;
  if (!kudos.public) return key('recognition.shown.private');
  if (kudos.channelId) {
    const channel = await findChannel(db, organisation.id, { value: kudos.channelId });
    return channel ? words(`#${channel.name}`) : key('recognition.shown.nowhere');
  }
  if ((await loadSettings(db, organisation)).channelId !== null) return key('recognition.shown.unreachable');
  return hasRole(role, 'manager')
    ? key('recognition.shown.set_channel', { command: commandWords(actor.platform, 'kudos', 'settings') })
    : key('recognition.shown.nowhere');
}
