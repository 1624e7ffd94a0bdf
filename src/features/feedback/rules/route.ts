import type { Db, Tx } from '../../../people/db.js';
import type { Organisation } from '../../../people/model.js';
import type { Said, Settings, ThemeName } from '../model.js';
import { firstMatch, type RuleFacts, type Target } from './match.js';
import { canPostTo } from './store-route.js';
import { type KeptRule, loadRules } from './store-rules.js';

/** Everything that decides where feedback goes; one reading serves many. */
export interface Routing {
  readonly rules: readonly KeptRule[];
  /** Where feedback goes that no rule takes: the settings' channel, else the managers' channel; null: neither can be posted to. */
  readonly otherwise: Target | null;
}

export interface Route {
  /** Null: no rule took it. */
  readonly ruleId: string | null;
  /** Null: there is nowhere to go. */
  readonly to: Target | null;
}

export async function loadRouting(
  db: Db | Tx,
  organisation: Pick<Organisation, 'id' | 'managersChannelId'>,
  settings: Pick<Settings, 'channelId'>,
): Promise<Routing> {
  const rules = await loadRules(db, organisation.id);
  const candidates = [settings.channelId, organisation.managersChannelId].filter((id): id is string => id !== null);
  const open = await canPostTo(db, organisation.id, candidates);
  const channelId = candidates.find((id) => open.has(id));
  return { rules, otherwise: channelId === undefined ? null : { channelId } };
}

/** Where feedback goes: where the first rule that matches sends it, else where the rest goes. */
export function route({ rules, otherwise }: Routing, facts: RuleFacts): Route {
  const rule = firstMatch(rules, facts);
  return rule ? { ruleId: rule.id, to: rule.to } : { ruleId: null, to: otherwise };
}

/** What rules look at, of one piece of feedback. */
export function factsOf(
  said: Pick<Said, 'stars' | 'kind' | 'source' | 'locationId' | 'language' | 'words'> & {
    readonly themes: readonly Pick<ThemeName, 'id'>[];
  },
): RuleFacts {
  const { stars, kind, source, locationId, language } = said;
  return {
    stars,
    kind,
    source,
    locationId,
    language,
    themeIds: said.themes.map(({ id }) => id),
    words: said.words.map(({ words }) => words),
  };
}
