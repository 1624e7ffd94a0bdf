import { type BellhopFeature, feature } from '../../people/handlers.js';
import { agenda } from './agenda/index.js';
import { answering } from './answering/index.js';
import { attending } from './attending/index.js';
import { changing } from './changing/index.js';
import { inviting } from './inviting/index.js';
import { looking } from './looking/index.js';
import type { Part } from './part.js';
import { scheduling } from './scheduling/index.js';

export { type DateAbout, datesAbout } from './agenda/store-about.js';

// Sweeps run in this order: dates are made, then their agendas, then they are announced.
const parts: readonly Part[] = [looking, scheduling, changing, agenda, answering, attending, inviting];

/** Everything that the parts have of one sort, in their order. */
const all = <T>(of: (part: Part) => readonly T[] | undefined): readonly T[] => parts.flatMap((part) => of(part) ?? []);

/** Seminars: scheduled, announced, reminded of, attended; what was missed is made up for. */
export const seminars: BellhopFeature = feature({
  name: 'seminars',
  commands: [{ name: 'seminar', bare: 'list', verbs: all((part) => part.verbs) }],
  actions: all((part) => part.actions),
  forms: all((part) => part.forms),
  messages: all((part) => part.messages),
  mails: all((part) => part.mails),
  routes: all((part) => part.routes),
  jobs: all((part) => part.jobs),
  sweeps: all((part) => part.sweeps),
  home: async (context) => (await Promise.all(parts.map(async (part) => (await part.home?.(context)) ?? []))).flat(),
  erase: async (context, personId) => {
    for (const part of parts) await part.erase?.(context, personId);
  },
  record: attending.record,
});
