import { words } from '../../../core/text.js';
import { type AgendaSource, type AgendaSuggestion, idsOfKeys } from '../../../people/agenda.js';
import type { WorkContext } from '../../../people/handlers.js';
import { peopleOf } from '../giving/messages.js';
import { findManyKudos } from '../giving/store-kudos.js';
import { loadFaces } from '../giving/store-names.js';
import type { Kudos } from '../model.js';
import { storyBy, varied } from './recap-card.js';
import { bestStories, stillTold } from './store-stories.js';

const STORIES = 3;
/** Stories that are looked at, since some may tell the same. */
const CANDIDATES = 12;

const KEY = 'kudos';

/** What recognition brings to an agenda: the stories that most colleagues joined. They are people's own words. */
export const recognitionAgenda: AgendaSource = {
  name: 'recognition',
  suggest: async (context, period) => {
    const { db, organisation } = context;
    const ids = await bestStories(db, organisation.id, period, CANDIDATES);
    const byId = await findManyKudos(db, organisation.id, ids);
    return await suggestions(context, varied(ids.flatMap((id) => byId.get(id) ?? [])).slice(0, STORIES));
  },
  find: async (context, keys) => {
    const { db, organisation } = context;
    const ids = await stillTold(db, organisation.id, idsOfKeys(keys, KEY));
    const byId = await findManyKudos(db, organisation.id, ids);
    const found = await suggestions(context, [...byId.values()]);
    return new Map(found.map((suggestion) => [suggestion.key, suggestion]));
  },
};

async function suggestions({ db, organisation }: WorkContext, stories: readonly Kudos[]): Promise<readonly AgendaSuggestion[]> {
  const faces = await loadFaces(db, organisation.id, stories.flatMap(peopleOf));
  return stories.map((story) => ({ key: `${KEY}:${story.id}`, text: words(story.words), detail: storyBy(story, faces), quote: true }));
}
