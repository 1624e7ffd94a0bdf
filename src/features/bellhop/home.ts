import { type Action, button, type Fact } from '../../core/card.js';
import type { HomeSection } from '../../core/feature.js';
import { ref } from '../../core/ref.js';
import { hasRole } from '../../core/roles.js';
import { key, number } from '../../core/text.js';
import { countDeadLetters } from '../../delivery/dead-letters.js';
import type { HandlerContext } from '../../people/handlers.js';
import * as store from './store.js';

/** What I can do here; for managers, what needs them. */
export async function home(context: HandlerContext): Promise<HomeSection[]> {
  const here: HomeSection = {
    slot: 'here',
    card: {
      summary: key('bellhop.home.title'),
      title: key('bellhop.home.title'),
      lead: key('bellhop.home.lead'),
      actions: [button(key('bellhop.help.open'), ref('bellhop.help')), button(key('bellhop.language.open'), ref('bellhop.language_open'))],
    },
  };
  return hasRole(context.role, 'manager') ? [here, await managers(context)] : [here];
}

async function managers(context: HandlerContext): Promise<HomeSection> {
  const { db, organisation } = context;
  const isOwner = hasRole(context.role, 'owner');
  const unreachable = await store.countUnreachable(db, organisation);
  const dead = await countDeadLetters(db, organisation.id);
  const isUnfinished = isOwner && !organisation.firstRunDone;
  const facts: Fact[] = [
    ...(unreachable > 0 ? [{ label: key('bellhop.home.unreachable'), value: number(unreachable) }] : []),
    ...(dead > 0 ? [{ label: key('bellhop.home.dead'), value: number(dead) }] : []),
  ];
  const actions: Action[] = [
    ...(isUnfinished ? [button(key('bellhop.first_run.start'), ref('bellhop.settings_open'), { style: 'primary' })] : []),
    ...(dead > 0 ? [button(key('bellhop.deliveries.open'), ref('bellhop.deliveries'))] : []),
    button(key('bellhop.people.open'), ref('bellhop.people_page', { page: 0 })),
    ...(isOwner && !isUnfinished ? [button(key('bellhop.settings.open'), ref('bellhop.settings_open'))] : []),
  ];
  const lead = isUnfinished
    ? key('bellhop.home.unfinished')
    : facts.length > 0
      ? key('bellhop.home.managers_wait')
      : key('bellhop.home.managers_calm');
  return { slot: 'managers', card: { summary: key('bellhop.home.managers'), title: key('bellhop.home.managers'), lead, facts, actions } };
}
