import { type Action, button, type Card, type Fact, notice } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import type { Block } from '../../../core/rich.js';
import { join, key, list, person, type Text, words } from '../../../core/text.js';
import type { Kudos, Value } from '../model.js';
import { valueName } from '../store-settings.js';
import type { Faces } from './store-names.js';

/** So many are named; the rest is counted. */
const NAMED = 3;

/** "Ana, Ben, Cy and 2 more". */
export function namesOf(personIds: readonly string[], faces: Faces): Text {
  const shown = personIds.length > NAMED + 1 ? personIds.slice(0, NAMED) : personIds;
  const names = shown.map((id): Text => person(faces(id).name));
  const more = personIds.length - shown.length;
  return list(more > 0 ? [...names, key('recognition.more', { more })] : names);
}

/** A value with its emoji. */
export function valueText(value: Value): Text {
  return join([words(value.emoji), valueName(value)], ' ');
}

/** What one receiver has of a kudos: from the giver, and from those who added theirs. */
export function pointsOf(kudos: Kudos): number {
  return kudos.points + kudos.joins.reduce((sum, added) => sum + added.points, 0);
}

/** The reason as the giver's own words, or the customer's. */
export function reasonBlocks(kudos: Kudos, faces: Faces): readonly Block[] {
  if (kudos.words === '') return [];
  const by = kudos.source === 'customer' ? key('recognition.a_customer') : person(faces(kudos.giverId).name);
  return [{ kind: 'quote', text: words(kudos.words), by }];
}

/**
 * The card in the channel, for everybody there. It tells whoever comes later who has added theirs.
 * @param faces knows the giver, the receivers and those who joined (`peopleOf`)
 * @param joinPoints what "add yours" gives to each receiver now
 */
export function kudosCard(kudos: Kudos, faces: Faces, joinPoints: number): Card {
  if (kudos.state === 'taken_back') return notice(key('recognition.card.taken_back', { people: namesOf(kudos.receiverIds, faces) }));
  if (kudos.state === 'removed') return notice(key('recognition.card.removed'));
  const people = namesOf(kudos.receiverIds, faces);
  const params = { giver: person(faces(kudos.giverId).name), people, reason: words(kudos.words) };
  const customer = kudos.source === 'customer';
  const lead = customer ? key('recognition.card.lead_customer', { people }) : key('recognition.card.lead', params);
  const told = customer ? key('recognition.card.summary_customer', params) : key('recognition.card.summary', params);
  return {
    // The words of somebody who was erased are gone.
    summary: kudos.words === '' ? lead : told,
    title: key('recognition.card.title', { people }),
    lead,
    body: [{ kind: 'faces', people: kudos.receiverIds.map(faces) }, ...reasonBlocks(kudos, faces)],
    facts: [...valueFacts(kudos), ...pointFacts(kudos)],
    actions: [
      ...joinActions(kudos, joinPoints),
      button(key('recognition.action.report'), ref('recognition.report', { kudosId: kudos.id })),
    ],
    ...footerOf(kudos, faces),
  };
}

function joinActions(kudos: Kudos, points: number): readonly Action[] {
  if (points <= 0) return [];
  return [button(key('recognition.action.join', { points }), ref('recognition.join', { kudosId: kudos.id }), { style: 'primary' })];
}

function valueFacts(kudos: Kudos): readonly Fact[] {
  return kudos.value ? [{ label: key('recognition.fact.value'), value: valueText(kudos.value) }] : [];
}

function pointFacts(kudos: Kudos): readonly Fact[] {
  const points = pointsOf(kudos);
  if (points === 0) return [];
  const value = kudos.receiverIds.length > 1 ? key('recognition.points_each', { points }) : key('recognition.points', { points });
  return [{ label: key('recognition.fact.points'), value }];
}

/** Who added theirs, and whether the words were mended. */
function footerOf(kudos: Kudos, faces: Faces): { readonly footer?: Text } {
  const { joins, editedAt, source } = kudos;
  const parts: Text[] = [
    ...(source === 'customer' ? [key('recognition.card.confirmed', { giver: person(faces(kudos.giverId).name) })] : []),
    ...(joins.length > 0
      ? [
          key('recognition.card.joined', {
            count: joins.length,
            people: namesOf(
              joins.map((added) => added.personId),
              faces,
            ),
          }),
        ]
      : []),
    ...(editedAt ? [key('recognition.card.edited')] : []),
  ];
  return parts.length > 0 ? { footer: join(parts, ' · ') } : {};
}

/** Everybody whom a kudos' cards name. */
export function peopleOf(kudos: Kudos): readonly string[] {
  return [kudos.giverId, ...kudos.receiverIds, ...kudos.joins.map((added) => added.personId)];
}

/** What one receiver hears, in the own chat. @param balance the receiver's points now */
export function receivedCard(kudos: Kudos, faces: Faces, receiverId: string, balance: number): Card {
  const giver = person(faces(kudos.giverId).name);
  if (kudos.state === 'taken_back') return notice(key('recognition.received.taken_back', { giver }));
  if (kudos.state === 'removed') return notice(key('recognition.received.removed'));
  const points = pointsOf(kudos);
  const customer = kudos.source === 'customer';
  const others = kudos.receiverIds.filter((id) => id !== receiverId);
  const params = { giver, points, reason: words(kudos.words) };
  const together =
    others.length > 0
      ? key('recognition.received.lead_with', { giver, people: namesOf(others, faces) })
      : key('recognition.received.lead', { giver });
  const lead = customer ? key('recognition.received.lead_customer', { giver }) : together;
  const told = customer ? key('recognition.received.summary_customer', params) : key('recognition.received.summary', params);
  return {
    summary: kudos.words === '' ? lead : told,
    title: key('recognition.received.title'),
    lead,
    facts: [
      ...valueFacts(kudos),
      ...(points > 0 ? [{ label: key('recognition.fact.points'), value: key('recognition.points', { points }) }] : []),
      { label: key('recognition.fact.balance'), value: key('recognition.points', { points: balance }) },
      { label: key('recognition.fact.seen_by'), value: kudos.public ? key('recognition.seen.everyone') : key('recognition.seen.named') },
    ],
    body: reasonBlocks(kudos, faces),
    actions: [button(key('recognition.action.give'), ref('recognition.give_open', {}))],
    ...footerOf({ ...kudos, source: 'peer' }, faces),
  };
}
