import type { Db, Tx } from '../../../people/db.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { loadSettings } from '../store-settings.js';
import type { RuleNames } from './lines.js';
import { loadRouting, type Routing } from './route.js';
import { allLocations, allThemeNames, channelNames, personNames } from './store-names.js';

/** The rules with the names of everything that they point to. */
export interface RulesView extends Routing {
  readonly names: RuleNames;
}

export async function loadRulesView(context: Pick<HandlerContext, 'organisation' | 'reader'>, db: Db | Tx): Promise<RulesView> {
  const { organisation, reader } = context;
  const routing = await loadRouting(db, organisation, await loadSettings(db, organisation));
  const goals = [...routing.rules.map(({ to }) => to), routing.otherwise];
  const [locations, themes, channels, people] = await Promise.all([
    allLocations(db, organisation.id),
    allThemeNames(db, organisation.id),
    channelNames(
      db,
      organisation.id,
      goals.flatMap((to) => (to !== null && 'channelId' in to ? [to.channelId] : [])),
    ),
    personNames(
      db,
      organisation.id,
      goals.flatMap((to) => (to !== null && 'personId' in to ? [to.personId] : [])),
    ),
  ]);
  return {
    ...routing,
    names: {
      locations: new Map(locations.map(({ id, name }) => [id, name])),
      themes: new Map(themes.map((theme) => [theme.id, theme])),
      targets: new Map([...channels, ...people]),
      locale: reader.locale,
      fallback: organisation.locale,
    },
  };
}
