import { button, type Card, notice } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import { key, type Text, words } from '../../../core/text.js';
import type { Kudos } from '../model.js';
import { namesOf } from './messages.js';
import type { Faces } from './store-names.js';

const pointsIn = (given: readonly Kudos[]): number => given.reduce((sum, kudos) => sum + kudos.points, 0);

/** "Ana and Ben thank you for a message: 10 points." */
export function reactedLine(given: readonly Kudos[], faces: Faces): Text {
  const givers = namesOf(
    given.map((kudos) => kudos.giverId),
    faces,
  );
  return key('recognition.reacted.line', { people: givers, count: given.length, points: pointsIn(given) });
}

/**
 * What the author of a message hears of the reactions at it.
 * @param balance the author's points now
 * @param channel the name of the channel that the message stands in, where it is known
 */
export function reactedCard(given: readonly Kudos[], faces: Faces, balance: number, channel: string | undefined): Card {
  if (given.length === 0) return notice(key('recognition.reacted.taken_back'));
  const line = reactedLine(given, faces);
  return {
    summary: line,
    title: key('recognition.received.title'),
    lead: line,
    facts: [
      ...(channel === undefined ? [] : [{ label: key('recognition.fact.message_in'), value: words(`#${channel}`) }]),
      { label: key('recognition.fact.balance'), value: key('recognition.points', { points: balance }) },
    ],
    actions: [button(key('recognition.action.give'), ref('recognition.give_open', {}))],
  };
}
