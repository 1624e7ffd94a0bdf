import { button, type Card, type Fact } from '../../../core/card.js';
import { ref } from '../../../core/ref.js';
import type { Block } from '../../../core/rich.js';
import { join, key, list, number, person, select, type Text, words } from '../../../core/text.js';
import { namesOf } from '../giving/messages.js';
import { digestOf } from '../giving/store-kudos.js';
import type { Faces } from '../giving/store-names.js';
import type { Kudos } from '../model.js';
import { periodText, to } from './parts.js';
import { altOf, type ChartText, chartOf, type Recap } from './recap-chart.js';
import type { Leader } from './store-top.js';

/** What the card shows beside the month's figures. */
export interface RecapDetails {
  readonly teams: readonly Leader[];
  readonly stories: readonly Kudos[];
  readonly faces: Faces;
  /** Undefined where none could be drawn, or one was removed: then the card says what it showed. */
  readonly pictureId: string | undefined;
}

const give = button(key('recognition.action.give'), ref('recognition.give_open', {}), { style: 'primary' });

/** The recap of a month, for the channel. */
export function recapCard(recap: Recap, { teams, stories, faces, pictureId }: RecapDetails): Card {
  const { month, kudos, givers, receivers } = recap;
  const chart = chartOf(recap);
  return {
    summary: key('recognition.recap.summary', { month: periodText(month), kudos, receivers }),
    title: key('recognition.recap.title', { month: periodText(month) }),
    lead: key('recognition.recap.lead', { kudos, givers, receivers, ...comparison(recap) }),
    facts: [...(pictureId ? [] : valueFacts(chart)), ...leaderFacts(recap.leaders), ...teamFacts(teams)],
    body: [...(pictureId ? [{ kind: 'picture', id: pictureId, alt: altOf(chart) } as const] : []), ...storyBlocks(stories, faces)],
    actions: [give, button(key('recognition.recap.top'), to.top({ period: month, anew: true }))],
    footer: key('recognition.recap.footer'),
  };
}

/** Nobody was thanked in a whole month: a kind word, where people know what kudos are. */
export function invitationCard(month: string): Card {
  return {
    summary: key('recognition.recap.invite_lead', { month: periodText(month) }),
    title: key('recognition.recap.invite_title'),
    lead: key('recognition.recap.invite_lead', { month: periodText(month) }),
    body: [{ kind: 'paragraph', text: key('recognition.recap.invite_how') }],
    actions: [give],
  };
}

function comparison({ kudos, before }: Recap) {
  const change = before === 0 ? 'none' : kudos > before ? 'more' : kudos < before ? 'fewer' : 'same';
  return { change: select(change), difference: Math.abs(kudos - before) };
}

/** In words what the picture would have shown. */
function valueFacts({ groups }: ChartText): readonly Fact[] {
  const [byValue] = groups;
  const named = (byValue?.bars ?? []).filter((bar) => bar.value > 0).map((bar): Text => join([bar.label, number(bar.value)], ' '));
  return byValue && named.length > 0 ? [{ label: byValue.heading, value: list(named) }] : [];
}

function leaderFacts(leaders: readonly Leader[]): readonly Fact[] {
  if (leaders.length === 0) return [];
  const value = list(leaders.map(({ name, points }) => key('recognition.recap.leader', { name: person(name), points })));
  return [{ label: key('recognition.recap.leaders'), value }];
}

/** One team alone leads nobody. */
function teamFacts(teams: readonly Leader[]): readonly Fact[] {
  if (teams.length < 2) return [];
  const value = list(teams.map(({ name, points }) => key('recognition.recap.leader', { name: words(name), points })));
  return [{ label: key('recognition.recap.teams'), value }];
}

function storyBlocks(stories: readonly Kudos[], faces: Faces): readonly Block[] {
  if (stories.length === 0) return [];
  return [
    { kind: 'heading', text: key('recognition.recap.stories', { stories: stories.length }) },
    ...stories.map((story): Block => ({ kind: 'quote', text: words(story.words), by: storyBy(story, faces) })),
  ];
}

/** Whose words a story is, and about whom. */
export function storyBy({ source, giverId, receiverIds, joins }: Kudos, faces: Faces): Text {
  const params = { people: namesOf(receiverIds, faces), joined: joins.length };
  return source === 'customer'
    ? key('recognition.recap.story_customer', params)
    : key('recognition.recap.story', { ...params, giver: person(faces(giverId).name) });
}

/** Of stories in the same words the first one. */
export function varied(stories: readonly Kudos[]): readonly Kudos[] {
  const told = new Set<string>();
  return stories.filter(({ words: story }) => {
    const digest = digestOf(story);
    return !told.has(digest) && told.add(digest);
  });
}
