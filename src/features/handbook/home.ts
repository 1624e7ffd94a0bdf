import { button, type Card, type Row } from '../../core/card.js';
import type { HomeSection } from '../../core/feature.js';
import { ROWS } from '../../core/paging.js';
import { ref } from '../../core/ref.js';
import { hasRole } from '../../core/roles.js';
import { key, words } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import { localDay } from '../../people/hours.js';
import { to } from './messages-parts.js';
import { waitingRow } from './messages-reading.js';
import { listDrafts, listPublished } from './store.js';
import { countUnanswered } from './store-questions.js';
import { listWaiting } from './store-reading.js';
import { listOpenVersions } from './store-status.js';

/** The handbook's part of App Home and of the welcome. */
export async function home(context: HandlerContext): Promise<readonly HomeSection[]> {
  const { db, organisation, person } = context;
  const waiting = (await listWaiting(db, organisation.id, person.id)).filter((assignment) => assignment.state === 'open');
  const manages = hasRole(context.role, 'manager');
  return [
    ...(waiting.length > 0
      ? [{ slot: 'waiting' as const, card: waitingCard(waiting.slice(0, ROWS).map(waitingRow), waiting.length) }]
      : []),
    { slot: 'here', card: hereCard(manages) },
    ...(manages ? await managersSection(context) : []),
  ];
}

function waitingCard(rows: readonly Row[], total: number): Card {
  const lead = key('handbook.home.waiting', { count: total });
  return { summary: lead, title: key('core.home.waiting'), lead, rows };
}

function hereCard(manages: boolean): Card {
  const lead = manages ? key('handbook.home.here_manager') : key('handbook.home.here');
  return {
    summary: lead,
    title: key('handbook.home.title'),
    lead,
    actions: [
      ...(manages ? [button(key('handbook.action.publish_new'), ref('handbook.new', {}))] : []),
      button(key('handbook.action.my_file'), to.mine(0)),
      ...(manages ? [button(key('handbook.action.see_status'), to.overview())] : []),
    ],
  };
}

async function managersSection(context: HandlerContext): Promise<HomeSection[]> {
  const { db, organisation } = context;
  const [versions, unanswered, drafts] = await Promise.all([
    listOpenVersions(db, organisation.id, localDay(context.clock.now(), organisation.zone), ROWS),
    countUnanswered(db, organisation.id),
    listDrafts(db, organisation.id, ROWS),
  ]);
  if (versions.length === 0 && unanswered === 0 && drafts.length === 0) return [];
  const lead =
    versions.length + unanswered > 0
      ? key('handbook.home.managers', { documents: versions.length, questions: unanswered })
      : key('handbook.status_list.lead', { published: (await listPublished(db, organisation.id)).length, drafts: drafts.length });
  const draftRows = drafts.map((draft) => ({
    text: words(draft.title),
    detail: key('handbook.status_list.draft'),
    action: button(key('core.ui.open'), to.draft(draft.id)),
  }));
  return [
    {
      slot: 'managers',
      card: {
        summary: lead,
        title: key('handbook.home.managers_title'),
        lead,
        rows: [
          ...versions.map((version) => ({
            text: words(version.title),
            detail: key('handbook.home.managers_row', { waiting: version.waiting, overdue: version.overdue }),
            action: button(key('handbook.action.see_status'), to.status(version.id)),
          })),
          ...draftRows,
        ].slice(0, ROWS),
        ...(unanswered > 0
          ? { actions: [button(key('handbook.action.see_questions'), to.questions(0), { style: 'primary' as const })] }
          : {}),
      },
    },
  ];
}
