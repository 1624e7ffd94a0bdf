import { type BellhopFeature, feature } from '../../people/handlers.js';
import { fairness } from './fairness/index.js';
import { giving } from './giving/index.js';
import type { Part } from './part.js';
import { praise } from './praise/index.js';
import { rewards } from './rewards/index.js';
import { seeing } from './seeing/index.js';
import { settingsPart } from './settings/index.js';

export { type Award, type AwardContext, award, takeBackAward } from './award/award.js';
export { auditLedger } from './ledger/store-ledger.js';
export { forgetPraise, type NewPraise, proposePraise } from './praise/index.js';
export { recognitionAgenda } from './seeing/agenda.js';

const parts: readonly Part[] = [giving, praise, rewards, seeing, fairness, settingsPart];

/** Everything that the parts have of one sort, in their order. */
function all<T>(of: (part: Part) => readonly T[] | undefined): readonly T[] {
  return parts.flatMap((part) => of(part) ?? []);
}

/** Recognition: peers thank each other with kudos, points and rewards. */
export const recognition: BellhopFeature = feature({
  name: 'recognition',
  commands: [{ name: 'kudos', bare: 'give', free: true, verbs: all((part) => part.verbs) }],
  actions: all((part) => part.actions),
  forms: all((part) => part.forms),
  messages: all((part) => part.messages),
  shortcuts: all((part) => part.shortcuts),
  jobs: all((part) => part.jobs),
  sweeps: all((part) => part.sweeps),
  reaction: async (context, reaction) => (await giving.reaction?.(context, reaction)) ?? { kind: 'nothing' },
  home: async (context) => (await Promise.all(parts.map(async (part) => (await part.home?.(context)) ?? []))).flat(),
  erase: async (context, personId) => {
    for (const part of parts) await part.erase?.(context, personId);
  },
});
