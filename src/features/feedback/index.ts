import { type BellhopFeature, feature } from '../../people/handlers.js';
import { askingPart } from './asking/index.js';
import { casesPart } from './cases/index.js';
import { ensureDefaults } from './defaults.js';
import { followingPart } from './following/index.js';
import { hooksPart } from './hooks/index.js';
import { importingPart } from './importing/index.js';
import { intakePart } from './intake/index.js';
import type { Part } from './part.js';
import { postingPart } from './posting/index.js';
import { privacyPart } from './privacy/index.js';
import { replyingPart } from './replying/index.js';
import { reportingPart } from './reporting/index.js';
import { rulesPart } from './rules/index.js';
import { settingsPart } from './settings/index.js';
import { sortingPart } from './sorting/index.js';
import { surveyPart } from './survey/index.js';
import { talksPart } from './talks/index.js';
import { record as talkRecord } from './talks/list.js';
import { themesPart } from './themes/index.js';

export { feedbackAgenda } from './themes/agenda.js';

// Sweeps run in this order: what came in is sorted, then what is due is followed.
const parts: readonly Part[] = [
  casesPart,
  intakePart,
  sortingPart,
  postingPart,
  rulesPart,
  talksPart,
  replyingPart,
  followingPart,
  themesPart,
  surveyPart,
  askingPart,
  hooksPart,
  importingPart,
  reportingPart,
  privacyPart,
  settingsPart,
];

/** Everything that the parts have of one sort, in their order. */
const all = <T>(of: (part: Part) => readonly T[] | undefined): readonly T[] => parts.flatMap((part) => of(part) ?? []);

/** Feedback: what customers say reaches the right people and is followed to its end. */
export const feedback: BellhopFeature = feature({
  name: 'feedback',
  commands: [{ name: 'customer', bare: 'mine', verbs: all((part) => part.verbs) }],
  actions: all((part) => part.actions),
  forms: all((part) => part.forms),
  messages: all((part) => part.messages),
  mails: all((part) => part.mails),
  shortcuts: all((part) => part.shortcuts),
  jobs: all((part) => part.jobs),
  sweeps: [{ id: 'feedback.defaults', run: ensureDefaults }, ...all((part) => part.sweeps)],
  routes: all((part) => part.routes),
  home: async (context) => (await Promise.all(parts.map(async (part) => (await part.home?.(context)) ?? []))).flat(),
  record: talkRecord,
  erase: async (context, personId) => {
    for (const part of parts) await part.erase?.(context, personId);
  },
});
