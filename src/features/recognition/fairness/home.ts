import { button } from '../../../core/card.js';
import type { HomeSection } from '../../../core/feature.js';
import { ref } from '../../../core/ref.js';
import { hasRole } from '../../../core/roles.js';
import { key, number } from '../../../core/text.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { countPraise } from '../praise/store.js';
import { countFlags } from './store-flags.js';
import { countWaitingReports } from './store-reports.js';

/** What waits for a manager: reports, customers' praise, patterns; nothing when nothing does. */
export async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  if (!hasRole(context.role, 'manager')) return [];
  const { db, organisation, person } = context;
  const [reports, praise, flags] = await Promise.all([
    countWaitingReports(db, organisation.id, person.id),
    countPraise(db, organisation.id, person.id),
    countFlags(db, organisation.id, person.id),
  ]);
  if (reports + praise + flags === 0) return [];
  const lead = key('recognition.fair.home');
  const facts = [
    ...(reports > 0 ? [{ label: key('recognition.reports.title'), value: number(reports) }] : []),
    ...(praise > 0 ? [{ label: key('recognition.praise.list_title'), value: number(praise) }] : []),
    ...(flags > 0 ? [{ label: key('recognition.flags.title'), value: number(flags) }] : []),
  ];
  const actions = [
    ...(reports > 0 ? [button(key('recognition.reports.open'), ref('recognition.reports', { offset: 0 }))] : []),
    ...(praise > 0 ? [button(key('recognition.praise.open'), ref('recognition.praise_list', { offset: 0 }))] : []),
    ...(flags > 0 ? [button(key('recognition.flags.open'), ref('recognition.flags', { offset: 0 }))] : []),
  ];
  return [{ slot: 'managers', card: { summary: lead, title: key('recognition.fair.home_title'), lead, facts, actions } }];
}
